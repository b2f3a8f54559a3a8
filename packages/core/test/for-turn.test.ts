import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import type { ToolResult, TurnPermission } from "../src/ports/index.ts"
import { compactNow } from "../src/turn/compact.ts"
import { desk, talked } from "./desk.ts"
import { scene } from "./scene.ts"
import { withSummaries } from "./summaries.ts"

const opened = (forTurn: TurnPermission, text = "how to read a PDF"): ToolResult => ({
  forModel: [{ type: "text", text: "opened" }],
  provenance: { source: "a skill", isTrusted: true },
  sections: [{ source: "skill", path: "/skills/pdf/SKILL.md", text, sha256: `hash of ${text}`, bytes: text.length }],
  forTurn,
})
const tools = (forTurn: TurnPermission) =>
  testTools({
    open: { run: () => opened(forTurn) },
    bash: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "made" },
    send: { effects: [{ kind: "network", hosts: ["example.org"] }], run: () => "sent" },
  })

async function outcomes(forTurn: TurnPermission, rules: NonNullable<Parameters<typeof scene>[1]>["rules"] = []) {
  const script = [call("bash", {}), call("open", {}), call("bash", {}), call("send", {}), say("done")]
  const model = scriptedModel(...script, call("bash", {}), say("done"))
  const given = await scene(model, { tools: tools(forTurn), rules })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.say("again")
  await given.session.until("turn.ended")
  const { events } = given.session
  return {
    given,
    codes: events.flatMap((event) => (event.type === "call.settled" ? [event.code ?? "ran"] : [])),
    added: events.flatMap((event) => (event.type === "rule.added" ? [event.rule] : [])),
  }
}

test("what a skill names needs no question until the turn ends, and not after it", async () => {
  const { codes, added } = await outcomes({ by: "the skill pdf", allows: ["Bash(make)", "Nonsense(("] })

  expect(codes).toEqual(["call.unattended", "ran", "ran", "call.unattended", "call.unattended"])
  expect(added).toEqual([
    { tool: "bash", command: "make", decision: "allow", scope: "once", reason: "the skill pdf names it" },
  ])
})

test("what a skill names is never more than what the person's rules forbid", async () => {
  const { codes } = await outcomes({ by: "the skill pdf", allows: ["Bash"] }, [
    { tool: "bash", decision: "deny", scope: "user" },
  ])
  expect(codes).toEqual(["call.denied", "ran", "call.denied", "call.unattended", "call.denied"])
})

test("a skill that leaves only some tools is recorded as a rule that denies the others", async () => {
  const { added } = await outcomes({ by: "the skill pdf", leaves: ["Read", "Bash(git:*)"] })
  expect(added).toEqual([
    {
      tool: "*",
      except: [{ tool: "read" }, { tool: "bash", command: "git *" }],
      decision: "deny",
      scope: "once",
      reason: "the skill pdf leaves only the tools that it names",
    },
  ])
})

test("an answer of why a call may run names the rule of the skill while the turn is open", async () => {
  const asked = Promise.withResolvers<unknown>()
  const explaining = testTools({
    open: { run: () => opened({ by: "the skill pdf", allows: ["Bash(make)"] }) },
    wait: { run: () => asked.promise.then(() => "waited") },
    bash: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "made" },
  })
  const given = await scene(scriptedModel(call("open", {}), call("wait", {}), say("done")), { tools: explaining })
  await given.say("go")
  await given.session.until("rule.added")
  const question = { type: "permissions.explain", sessionId: given.id, tool: "bash", input: {} } as const
  expect((await given.engine.ask(question)).rule?.reason).toBe("the skill pdf names it")
  asked.resolve(undefined)
  await given.session.until("turn.ended")
  expect((await given.engine.ask(question)).rule).toBeUndefined()
})

test("a skill that was opened stays word for word through one compaction after another", async () => {
  const script = [call("open", {}), say("one"), say("two")]
  const given = { tools: tools({ by: "the skill pdf" }) }
  const log = await talked(["open it", "go on"], withSummaries({}, script, []), given)
  const once = desk(log, withSummaries({}, [], [say("summed up"), say("and again")]), given)
  for (let n = 0; n < 2; n += 1) {
    await compactNow(once.state, {}, once.ports)
    const context = once.state.items.flatMap((item) => (item.kind === "context" ? item.sections : []))
    expect(context.filter(({ source }) => source === "skill").map(({ text }) => text)).toEqual(["how to read a PDF"])
    // Something has to have been done for there to be anything to sum up.
    if (n === 0) once.state.items.push(...(await workedItems()))
  }
})

async function workedItems() {
  const log = await talked(["more"], withSummaries({}, [call("bash", {}), say("three")], []), {
    tools: tools({ by: "" }),
  })
  return desk(log, withSummaries({}, [], [])).state.items
}

test("a skill is put before the model once, however often it is opened", async () => {
  const model = scriptedModel(call("open", {}), call("open", {}), say("done"))
  const given = await scene(model, { tools: tools({ by: "the skill pdf" }) })
  await given.say("go")
  await given.session.until("turn.ended")
  const last = JSON.stringify(model.requests.at(-1)?.messages)
  expect(last.split("how to read a PDF")).toHaveLength(2)
})
