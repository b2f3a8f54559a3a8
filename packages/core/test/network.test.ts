import { expect, test } from "bun:test"
import type { Network } from "@skein/protocol"
import { call, memoryAudit, say, scriptedModel, type TestTool, testTools } from "@skein/testkit"
import type { GateAnswer, NetworkTarget, RunContext } from "../src/ports/index.ts"
import { scene, understood } from "./scene.ts"

/** A command that tries to reach hosts, and tells what came of it. */
function reaching(...targets: readonly NetworkTarget[]): { tool: TestTool; answers: () => readonly GateAnswer[] } {
  let answers: readonly GateAnswer[] = []
  const tool: TestTool = {
    effects: [understood("curl")],
    async run(_, { network, signal }) {
      if (network === undefined) return "no network at all"
      answers = await Promise.all(targets.map((target) => network(target, signal)))
      return answers.map(({ isAllowed }) => (isAllowed ? "reached" : "refused")).join(" ")
    },
  }
  return { tool, answers: () => answers }
}

const host = { host: "example.org", port: 443 }
const asking = (network?: Network) => (network === undefined ? {} : { network })

async function played(targets: readonly NetworkTarget[], network?: Network) {
  const { tool, answers } = reaching(...targets)
  const audit = memoryAudit()
  const model = scriptedModel(call("curl", {}), call("curl", { n: 2 }), say("done"))
  const given = await scene(model, { tools: testTools({ curl: tool }), audit }, asking(network))
  await given.attach()
  await given.say("go")
  return { given, answers, audit, model }
}

test("connections to one host share one question, whose answer holds for the call", async () => {
  const { given, answers } = await played([host, host, host])
  const asked = await given.session.until("approval.requested")
  expect(asked).toMatchObject({
    ...{ subject: "network", callId: "cal_1", cwd: "/repo" },
    actions: [{ verb: "network", target: "example.org:443" }],
    always: { host: "example.org" },
  })
  await given.op({ type: "approval.answer", approvalId: asked.approvalId, answer: "allow_once" })
  await given.session.until("call.settled")
  expect(answers().map(({ isAllowed }) => isAllowed)).toEqual([true, true, true])

  const again = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId: again.approvalId, answer: "reject_once" })
  await given.session.until("turn.ended")
  const texts = given.session.events.flatMap((event) => (event.type === "call.settled" ? event.forModel : []))
  expect(texts.map((block) => block.type === "text" && block.text)).toEqual([
    "reached reached reached",
    "refused refused refused",
  ])
})

test("who allowed a call that names a host is not asked about that host again, and is about every other", async () => {
  const answers: boolean[] = []
  const fetching: TestTool = {
    effects: [{ kind: "network", hosts: ["example.org:443"] }],
    async run(_, { network, signal }) {
      for (const target of [host, { ...host, port: 8443 }]) {
        answers.push((await network?.(target, signal))?.isAllowed === true)
      }
      return "done"
    },
  }
  const model = scriptedModel(call("webfetch", {}), say("done"))
  const given = await scene(model, { tools: testTools({ webfetch: fetching }) })
  await given.attach()
  await given.say("go")
  const first = await given.session.until("approval.requested")
  expect(first.subject).toBe("call")
  await given.op({ type: "approval.answer", approvalId: first.approvalId, answer: "allow_once" })
  const second = await given.session.until("approval.requested")
  expect(second).toMatchObject({ subject: "network", actions: [{ target: "example.org:8443" }] })
  await given.op({ type: "approval.answer", approvalId: second.approvalId, answer: "reject_once" })
  await given.session.until("turn.ended")
  expect(answers).toEqual([true, false])
})

test("always holds for the session, and a call that still waits for the same host goes on", async () => {
  const { given } = await played([host])
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_always" })
  await given.session.until("turn.ended")
  expect(given.session.events.filter((event) => event.type === "approval.requested")).toHaveLength(1)
})

test("a call that is asked about a host is running, not waiting to run: after a crash it may have run", async () => {
  const { given } = await played([host])
  await given.session.until("approval.requested")
  const { openCalls } = given.session.events.findLast((event) => event.type === "session.snapshot") ?? { openCalls: [] }
  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(openCalls).toEqual([])
  expect(view.items.findLast((item) => item.kind === "tool_call")?.state).toBe("executing")
  await given.op({ type: "turn.interrupt" })
  const { code } = await given.session.until("call.settled")
  expect(code).toBe("call.cancelled")
})

test("with the network off nothing is reached and nobody is asked; with nobody there it is refused", async () => {
  const off = await played([host], { access: "off", allow: ["example.org"] })
  await off.given.session.until("turn.ended")
  expect(off.model.requests[1]?.messages.at(-1)?.content[0]).toMatchObject({
    content: [{ type: "text", text: "no network at all" }],
  })

  const { tool, answers } = reaching(host)
  const alone = await scene(scriptedModel(call("curl", {}), say("done")), { tools: testTools({ curl: tool }) })
  await alone.say("go")
  await alone.session.until("turn.ended")
  expect(answers()).toEqual([
    { isAllowed: false, reason: "it wants to reach example.org:443, and nobody is there to ask" },
  ])
})

test("a private address is meant only where it was named itself", async () => {
  const targets = ["example.org", "intern.example", "db.lan", "10.0.0.7"].map((name) => ({ host: name, port: 443 }))
  const { tool, answers } = reaching(...targets)
  const given = await scene(
    scriptedModel(call("curl", {}), say("done")),
    { tools: testTools({ curl: tool }), rules: [{ tool: "*", host: "db.lan", decision: "allow", scope: "user" }] },
    { network: { access: "on", allow: ["intern.example"] } },
  )
  await given.say("go")
  await given.session.until("turn.ended")
  expect(answers().map(({ isPrivateAllowed = false }) => isPrivateAllowed)).toEqual([false, true, true, false])
})

test("every decision about a host is recorded, and where that cannot be done the host is refused", async () => {
  const { given, audit } = await played([host])
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("call.settled")
  expect(audit.entries.find(({ action }) => action === "network.decide")).toMatchObject({
    ...{ actor: "person", decision: "allow", callId: "cal_1" },
    resources: [{ kind: "host", name: "example.org:443" }],
  })

  const broken = memoryAudit()
  const seen: (GateAnswer | undefined)[] = []
  const run = async (_: unknown, { network, signal }: RunContext) => {
    broken.break()
    seen.push(await network?.(host, signal))
    return "ran"
  }
  const effects = [{ kind: "execute", command: "curl", isConfined: true } as const]
  const alone = await scene(
    scriptedModel(call("curl", {}), say("done")),
    { tools: testTools({ curl: { effects, run } }), audit: broken, onDefect: () => undefined },
    { network: { access: "on", allow: [] } },
  )
  await alone.say("go")
  await alone.session.until("turn.ended")
  expect(seen[0]?.isAllowed).toBe(false)
})

test("a network that is closed is closed to the command that runs, and what it was allowed is judged anew", async () => {
  const seen: boolean[] = []
  const audit = memoryAudit()
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const tool: TestTool = {
    effects: [understood("curl")],
    async run(_, { network, signal }) {
      const reach = async () => seen.push((await network?.(host, signal))?.isAllowed ?? false)
      await reach()
      await reach()
      begun.resolve()
      await goOn.promise
      await Promise.all([reach(), reach()])
      return "ran"
    },
  }
  const model = scriptedModel(call("curl", {}), say("done"))
  const ports = { tools: testTools({ curl: tool }), audit }
  const given = await scene(model, ports, { network: { access: "on", allow: [] } })
  await given.say("go")
  await begun.promise
  await given.op({ type: "settings.change", changes: { network: { access: "off", allow: [] } } })
  goOn.resolve()
  await given.session.until("turn.ended")

  expect(seen).toEqual([true, true, false, false])
  const decided = audit.entries.filter(({ action }) => action === "network.decide")
  expect(decided.map(({ actor, decision }) => `${actor} ${decision}`)).toEqual(["policy allow", "policy deny"])
})

test("the record of a host says who decided: nobody is no person, and a rule that came is none", async () => {
  const { tool } = reaching(host)
  const audit = memoryAudit()
  const ports = { tools: testTools({ curl: tool }), audit }
  const alone = await scene(scriptedModel(call("curl", {}), say("done")), ports)
  await alone.say("go")
  await alone.session.until("turn.ended")

  const { given, audit: byRule } = await played([host])
  await given.session.until("approval.requested")
  await given.op({ type: "rule.add", rule: { tool: "curl", host: host.host, decision: "deny", scope: "session" } })
  await given.session.until("turn.ended")
  const actors = (entries: typeof audit.entries) =>
    entries.flatMap(({ action, actor, decision }) =>
      action === "network.decide" || action === "approval.resolve" ? [`${action} ${actor} ${decision}`] : [],
    )
  expect(actors(audit.entries)).toEqual(["network.decide skein deny"])
  expect(actors(byRule.entries)).toEqual([
    "approval.resolve policy deny",
    "network.decide policy deny",
    "network.decide policy deny",
  ])
})
