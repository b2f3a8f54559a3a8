import { expect, test } from "bun:test"
import { call, calls, memoryAudit, say, scriptedModel, testTools, transcript } from "@skein/testkit"
import type { AuditEntry } from "../src/ports/index.ts"
import { scene, threeTools } from "./scene.ts"

const told = ({ action, actor, outcome, decision }: AuditEntry) =>
  [action, actor, outcome, decision].filter((word) => word !== undefined).join(" ")

test("a call is recorded before it runs and after, an answer before it counts", async () => {
  const audit = memoryAudit()
  const seen: number[] = []
  const tools = testTools({
    shell: {
      effects: [{ kind: "execute", command: "make", isConfined: false }],
      run: () => {
        seen.push(audit.entries.filter(({ action }) => action === "call.start").length)
        return "ran"
      },
    },
  })
  const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools, audit })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  expect(seen).toEqual([1])
  expect(audit.entries.map(told)).toEqual([
    "approval.resolve person call allow_once allow",
    "call.start model allow",
    "call.settle model success",
  ])
  for (const entry of audit.entries) {
    expect([entry.sessionId, entry.turnId, entry.callId]).toEqual([given.id, "trn_1", "cal_1"])
  }
})

test("what is refused is recorded too, and whatever settles has its record", async () => {
  const audit = memoryAudit()
  const rules = [{ tool: "write", decision: "deny", scope: "user" } as const]
  const model = scriptedModel(calls(["write", {}], ["nothing", {}], ["shell", {}]), say("done"))
  const given = await scene(model, { tools: threeTools, audit, rules })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(audit.entries.map(told)).toEqual([
    "call.refuse model call.denied deny",
    "call.settle model error call.denied",
    "call.settle model error call.unknown_tool",
    "call.refuse model call.unattended deny",
    "call.settle model error call.unattended",
  ])
  expect(transcript(given.session.events).match(/call\.settled/g)).toHaveLength(3)
})

test("what cannot be recorded is not run, not answered, and not changed", async () => {
  const audit = memoryAudit()
  let ran = 0
  const tools = testTools({
    read: {
      isConcurrent: true,
      effects: [{ kind: "read", paths: ["/repo/a"], isInside: true }],
      run: () => `${++ran}`,
    },
    shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => `${++ran}` },
  })
  const given = await scene(scriptedModel(call("shell", {}), call("read", {}), say("done")), {
    tools,
    audit,
    onDefect: () => undefined,
  })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  audit.break()

  const { engine, id: sessionId } = given
  const refused = await Promise.all([
    engine.submit({ type: "approval.answer", sessionId, approvalId, answer: "allow_always" }),
    engine.submit({ type: "settings.change", sessionId, changes: { mode: "full" } }),
    engine.submit({ type: "rule.add", sessionId, rule: { tool: "*", decision: "allow", scope: "session" } }),
  ])
  expect(refused.map((receipt) => receipt.status === "rejected" && receipt.code)).toEqual([
    "audit.unwritable",
    "audit.unwritable",
    "audit.unwritable",
  ])
  // What forbids nothing and opens nothing goes on.
  expect(await engine.submit({ type: "session.change", sessionId, title: "t" })).toMatchObject({ status: "accepted" })
  await given.op({ type: "client.detach", clientId: "cli_a" })
  await given.session.until("turn.ended")

  const codes = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
  expect([codes, ran]).toEqual([["audit.unwritable", "audit.unwritable"], 0])
  expect(given.session.events.filter((event) => event.type === "notice.posted")).toHaveLength(1)
  const view = await engine.ask({ type: "session.read", sessionId })
  expect([view.settings.mode, await engine.ask({ type: "rules.list", sessionId })]).toEqual(["auto", []])
})

test("a change of what may be done is recorded, one of anything else is not", async () => {
  const audit = memoryAudit()
  const given = await scene(scriptedModel(say("done")), { audit })
  await given.op({ type: "settings.change", changes: { effort: "high" } })
  await given.op({ type: "settings.change", changes: { mode: "plan", sandbox: "read-only" } })
  await given.op({ type: "settings.change", changes: { network: { access: "on", allow: [] } } })
  expect(audit.entries.map(told)).toEqual(["settings.change person mode sandbox", "settings.change person network"])
})

test("what a session is told of a decision about a folder is recorded, whoever tells it", async () => {
  const audit = memoryAudit()
  const given = await scene(scriptedModel(say("done")), { audit })
  await given.op({ type: "trust.decide", folder: "/repo", items: [], decision: "refused" })
  expect(audit.entries.map(told)).toEqual(["trust.decide person refused deny"])
})
