import { expect, test } from "bun:test"
import { type Rule, type RuleId, SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  fakeClock,
  memoryAudit,
  memoryLogs,
  type Scripted,
  say,
  scriptedModel,
  testTools,
  transcript,
} from "@skein/testkit"
import { freeze, resumedState } from "../src/index.ts"
import { fold } from "../src/transcript/fold.ts"
import { scene, threeTools, understood } from "./scene.ts"

const shell = call("shell", {})

const sameAs = ({ tool, scope, command }: Rule) => `${tool} ${scope} ${command}`

/** A host that keeps rules, or refuses to. */
function keeping(isRefusing: (rule: Rule) => boolean = () => false) {
  const kept: Rule[] = []
  return {
    kept,
    ports: {
      rulesFor: () => [...kept],
      keepRule: async (rule: Rule) => {
        if (isRefusing(rule)) throw new SkeinError("config.invalid", "Cannot write the rules: the disk is full.")
        const same = kept.find((one) => sameAs(one) === sameAs(rule))
        if (same === undefined) kept.push(rule)
        return same ?? rule
      },
      dropRule: async (ruleId: RuleId) => {
        const at = kept.findIndex(({ id }) => id === ruleId)
        if (at < 0) throw new SkeinError("rule.not_found", `There is no rule ${ruleId}.`)
        kept.splice(at, 1)
      },
    },
  }
}

async function asked(ports: Parameters<typeof scene>[1], ...replies: readonly Scripted[]) {
  const given = await scene(scriptedModel(...replies), { tools: threeTools, ...ports })
  await given.attach()
  await given.say("go")
  return { given, ...(await given.session.until("approval.requested")) }
}

test("always is kept for its scope, by an id, and spares the question in the very turn", async () => {
  const host = keeping()
  const { given, approvalId } = await asked(host.ports, shell, shell, say("done"))
  await given.op({ type: "approval.answer", approvalId, answer: "allow_always", scope: "project", expiresAt: 2e15 })
  await given.session.until("turn.ended")

  const rule = { tool: "shell", command: "make", decision: "allow", scope: "project", expiresAt: 2e15 } as const
  expect(host.kept).toEqual([{ ...rule, id: "rul_1" }])
  expect(given.session.events.filter((event) => event.type === "approval.requested")).toHaveLength(1)
  expect(given.session.events.find((event) => event.type === "approval.resolved")?.scope).toBe("project")
  expect(await given.engine.ask({ type: "rules.list", sessionId: given.id })).toEqual(host.kept)
})

test("where a rule cannot be kept nothing was answered, and no other rule of the answer stays", async () => {
  const host = keeping(({ command }) => command === "second")
  const { given, approvalId } = await asked(host.ports, shell, say("done"))
  const rule = { tool: "shell", decision: "allow", scope: "user" } as const
  const rules = [
    { ...rule, command: "first" },
    { ...rule, command: "second" },
  ]
  const answer = { type: "approval.answer", sessionId: given.id, approvalId } as const

  const always = { answer: "allow_always", scope: "user" } as const
  const receipt = await given.engine.submit({ ...answer, ...always, rules })

  expect(receipt).toMatchObject({ status: "rejected", code: "config.invalid" })
  expect(host.kept).toEqual([])
  await given.op({ ...answer, answer: "reject_once" })
  await given.session.until("turn.ended")
  expect(transcript(given.session.events)).not.toContain("rule.added")
})

test("a rule that was kept before is told by the id it has, and stays when the answer that repeats it fails", async () => {
  const host = keeping(({ command }) => command === "second")
  const rule = { tool: "shell", decision: "allow", scope: "user" } as const
  const first = { ...rule, command: "first" }
  host.kept.push({ ...first, id: "rul_before" })
  const { given, approvalId } = await asked(host.ports, shell, say("done"))
  await given.op({ type: "rule.add", rule: first })
  const told = given.session.events.flatMap((event) => (event.type === "rule.added" ? [event.rule.id] : []))
  expect(told).toEqual(["rul_before"])

  const rules = [first, { ...rule, command: "second" }]
  const answer = { type: "approval.answer", answer: "allow_always", scope: "user" } as const
  const receipt = await given.engine.submit({ ...answer, sessionId: given.id, approvalId, rules })
  expect(receipt).toMatchObject({ status: "rejected", code: "config.invalid" })
  expect(host.kept.map(({ id }) => id)).toEqual(["rul_before"])
})

test("of two who answer at once one wins, and the other's rule does not stay", async () => {
  const host = keeping()
  const { given, approvalId } = await asked(host.ports, shell, say("done"))
  const always = (scope: "user" | "project") =>
    given.engine.submit({ type: "approval.answer", sessionId: given.id, approvalId, answer: "allow_always", scope })
  const receipts = await Promise.all([always("user"), always("project")])
  await given.session.until("turn.ended")
  expect(receipts.map(({ status }) => status).toSorted()).toEqual(["accepted", "rejected"])
  expect(host.kept).toHaveLength(1)
})

test("a rule is added and taken back, in the session or where it is kept; unknown ones are told", async () => {
  const host = keeping()
  const audit = memoryAudit()
  const given = await scene(scriptedModel(say("done")), { ...host.ports, audit })
  const rule = { tool: "shell", command: "make", decision: "deny" } as const
  for (const scope of ["session", "project", "user"] as const)
    await given.op({ type: "rule.add", rule: { ...rule, scope } })
  const list = () => given.engine.ask({ type: "rules.list", sessionId: given.id })
  expect((await list()).map(({ scope, id }) => `${scope} ${id}`)).toEqual([
    "user rul_3",
    "project rul_2",
    "session rul_1",
  ])

  await given.op({ type: "rule.remove", ruleId: "rul_1" })
  await given.op({ type: "rule.remove", ruleId: "rul_3" })
  expect((await list()).map(({ id }) => id)).toEqual(["rul_2"])
  const unknown = await given.engine.submit({ type: "rule.remove", sessionId: given.id, ruleId: "rul_9" })
  expect(unknown).toMatchObject({ status: "rejected", code: "rule.not_found" })
  expect(audit.entries.slice(1).map(({ action, rule: id }) => `${action} ${id}`)).toEqual([
    ...["rule.add rul_1", "rule.add rul_2", "rule.add rul_3"],
    ...["rule.remove rul_1", "rule.remove rul_3", "rule.remove rul_9"],
  ])
})

test("a rule that nobody may add, or that is over already, is refused", async () => {
  const given = await scene(scriptedModel(say("done")))
  const rule = { tool: "*", decision: "allow" } as const
  for (const bad of [{ scope: "managed" }, { scope: "once" }, { scope: "session", expiresAt: 5 }] as const) {
    const receipt = await given.engine.submit({ type: "rule.add", sessionId: given.id, rule: { ...rule, ...bad } })
    expect(receipt).toMatchObject({ status: "rejected", code: "op.invalid" })
  }
})

test("a rule holds until it expires", async () => {
  const clock = fakeClock()
  const tools = testTools({
    shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "ran" },
  })
  const given = await scene(scriptedModel(shell, say("done"), shell, say("done")), { tools, clock })
  const rule = { tool: "shell", decision: "allow", scope: "session", expiresAt: clock.now() + 1_000 } as const
  await given.op({ type: "rule.add", rule })
  await given.say("go")
  expect((await given.session.until("call.settled")).code).toBeUndefined()
  await given.session.until("turn.ended")
  clock.advance(1_000)
  await given.say("again")
  expect((await given.session.until("call.settled")).code).toBe("call.unattended")
  expect(await given.engine.ask({ type: "rules.list", sessionId: given.id })).toEqual([])
})

test("rules are the same from the log and from a replay point", async () => {
  const logs = memoryLogs()
  const given = await scene(scriptedModel(say("done")), { logs })
  const rule = { tool: "shell", decision: "allow", scope: "session" } as const
  await given.op({ type: "rule.add", rule })
  await given.op({ type: "rule.add", rule: { ...rule, tool: "read" } })
  await given.op({ type: "rule.remove", ruleId: "rul_1" })
  const events = await logs.read(given.id)
  const point = freeze(fold(events.slice(0, 2)), "0")
  expect(resumedState({ point, events: events.slice(2) }, "0")?.rules).toEqual(fold(events).rules)
  expect(fold(events).rules).toEqual([{ ...rule, tool: "read", id: "rul_2" }])
})

test("what would be decided about a call is told with its reasons, and nothing is run or asked", async () => {
  let ran = 0
  const tools = testTools({
    shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => `${++ran}` },
  })
  const given = await scene(scriptedModel(say("done")), { tools })
  const explain = (input: unknown, tool = "shell") =>
    given.engine.ask({ type: "permissions.explain", sessionId: given.id, tool, input })
  expect(await explain({})).toMatchObject({ decision: "ask", reasons: ["it runs a command without a sandbox"] })
  await given.op({ type: "rule.add", rule: { tool: "shell", decision: "allow", scope: "session" } })
  expect(await explain({})).toMatchObject({ decision: "allow", rule: { id: "rul_1" } })
  expect(await explain({ bad: 1 })).toMatchObject({ decision: "deny" })
  expect(await explain({}, "nothing")).toMatchObject({ decision: "deny" })
  expect(ran).toBe(0)
  expect(transcript(given.session.events)).not.toContain("approval")
})

test("what is denied elsewhere while a turn runs holds at its next call, its next host and its next answer", async () => {
  const rules: Rule[] = []
  const codes: unknown[] = []
  const denied = { decision: "deny", scope: "user" } as const
  const target = { host: "a.example", port: 443 }
  const tools = testTools({
    deny: { run: ({ tool }) => `${rules.push({ ...denied, tool: String(tool) })}` },
    write: { effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }], run: () => "written" },
    curl: {
      effects: [understood("curl")],
      async run(_, { network, signal }) {
        const reach = async () => codes.push((await network?.(target, signal))?.isAllowed)
        await reach()
        rules.push({ ...denied, tool: "curl", host: "a.example" })
        await reach()
        return "ran"
      },
    },
    shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "ran" },
  })
  const step = calls(["deny", { tool: "write" }], ["write", {}], ["curl", {}], ["shell", {}])
  const settings = { network: { access: "on", allow: [] } } as const
  const given = await scene(scriptedModel(step, say("done")), { tools, rulesFor: () => [...rules] }, settings)
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  rules.push({ ...denied, tool: "shell" })
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  codes.push(...given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : [])))
  expect(codes).toEqual([true, false, undefined, "call.denied", undefined, "call.denied"])
})

test("rules that cannot be read any more refuse the call", async () => {
  let isBroken = false
  const breaks = () => {
    isBroken = true
    return "broke"
  }
  const tools = testTools({ break: { run: breaks }, read: { run: () => "read" } })
  const rulesFor = () => {
    if (isBroken) throw new SkeinError("config.invalid", "Cannot read the rules.")
    return []
  }
  const model = scriptedModel(call("break", {}), call("read", {}), say("done"))
  const given = await scene(model, { tools, rulesFor })
  await given.say("go")
  await given.session.until("turn.ended")
  const codes = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
  expect(codes).toEqual([undefined, "config.invalid"])
})
