import { expect, test } from "bun:test"
import type { FileChange, Settings } from "@skein/protocol"
import {
  call,
  calls,
  listen,
  type MemoryAudit,
  memoryAudit,
  memoryLayers,
  say,
  scriptedModel,
  submitText,
  testTools,
  transcript,
} from "@skein/testkit"
import type { AuditEntry } from "../src/ports/index.ts"
import { scene, threeTools, understood } from "./scene.ts"

const told = ({ action, actor, outcome, decision }: AuditEntry) =>
  [action, actor, outcome, decision].filter((word) => word !== undefined).join(" ")

/** All but what the session began with. */
const since = (audit: MemoryAudit) => audit.entries.slice(1)

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
  expect(since(audit).map(told)).toEqual([
    "approval.resolve person call allow_once allow",
    "call.start model allow",
    "call.settle model success",
  ])
  for (const entry of since(audit)) {
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

  expect(since(audit).map(told)).toEqual([
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
  expect(since(audit).map(told)).toEqual(["settings.change person mode sandbox", "settings.change person network"])
})

test("a layer is on record before anything runs in it, before it is kept, and when it is dropped", async () => {
  const changes: readonly FileChange[] = [{ path: "/repo/a.txt", kind: "update", before: "1", after: "2" }]
  const played = async (answer: "allow_once" | "reject_once", settings: Partial<Settings>, preview: boolean) => {
    const audit = memoryAudit()
    const seen: string[] = []
    const told = () => seen.push(audit.entries.at(-1)?.action ?? "nothing")
    const layers = memoryLayers({ changes, onKept: told })
    const run = () => {
      told()
      return "ran"
    }
    const tools = testTools({ shell: { effects: [understood("make")], run } })
    const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools, audit, layers }, settings)
    await given.attach()
    await given.say("go")
    const first = await given.session.until("approval.requested")
    if (preview) await given.op({ type: "approval.answer", approvalId: first.approvalId, answer: "preview" })
    const { approvalId } = preview ? await given.session.until("approval.requested") : first
    await given.op({ type: "approval.answer", approvalId, answer })
    await given.session.until("turn.ended")
    const entries = audit.entries.filter(({ action }) => action.startsWith("layer."))
    return [...entries.map(({ action, actor, resources }) => `${action} ${actor} ${resources.length}`), seen.join()]
  }
  const ask = { mode: "ask" } as const
  const dry = { mode: "ask", dryRun: true } as const
  expect(await played("allow_once", ask, true)).toEqual([
    ...["layer.preview model 2", "layer.keep person 1"],
    "layer.preview,layer.keep",
  ])
  expect(await played("reject_once", ask, true)).toEqual([
    ...["layer.preview model 2", "layer.drop skein 0"],
    "layer.preview",
  ])
  expect(await played("allow_once", dry, false)).toEqual(["layer.keep person 1", "call.start,layer.keep"])
  expect(await played("reject_once", dry, false)).toEqual(["layer.drop skein 0", "call.start"])
})

test("what cannot be recorded is not tried out, and nothing of it is kept", async () => {
  const audit = memoryAudit()
  const layers = memoryLayers()
  let ran = 0
  const tools = testTools({ shell: { effects: [understood("make")], run: () => `${++ran}` } })
  const ports = { tools, audit, layers, onDefect: () => undefined }
  const settings = { mode: "ask", approveEffects: true } as const
  const given = await scene(scriptedModel(call("shell", {}), say("done")), ports, settings)
  await given.attach()
  audit.break()
  await given.say("go")
  const { code } = await given.session.until("call.settled")
  expect([code, ran, layers.ends]).toEqual(["audit.unwritable", 0, ["discarded"]])
})

test("what a session may do from its start is on record, a fork's as it goes on; without a record it begins to talk, and does nothing", async () => {
  const audit = memoryAudit()
  const defects: unknown[] = []
  let ran = 0
  const tools = testTools({ shell: { effects: [understood("make")], run: () => `${++ran}` } })
  const ports = { audit, tools, onDefect: (error: unknown) => defects.push(error) }
  const model = scriptedModel(call("shell", {}), say("I could not"))
  const given = await scene(model, ports, { mode: "ask" })
  await given.op({ type: "settings.change", changes: { mode: "full" } })
  await given.op({ type: "session.fork", newSessionId: "ses_2" })
  const modes = audit.entries.map(({ action, sessionId, resources }) => [action, sessionId, resources[0]?.name])
  expect(modes).toEqual([
    ["settings.change", given.id, 'mode="ask"'],
    ["settings.change", given.id, 'mode="full"'],
    ["settings.change", "ses_2", 'mode="full"'],
  ])

  audit.break()
  const made = await given.engine.submit({ type: "session.create", cwd: "/repo", sessionId: "ses_3" })
  expect([made.status, defects]).toMatchObject(["accepted", [{ code: "audit.unwritable" }]])
  const begun = listen(given.engine, "ses_3")
  await submitText(given.engine, "ses_3", "go")
  expect(await begun.until("call.settled")).toMatchObject({ code: "audit.unwritable" })
  expect([(await begun.until("turn.ended")).outcome.kind, ran]).toEqual(["completed", 0])
})

test("what a session is told of a decision about a folder is recorded, whoever tells it", async () => {
  const audit = memoryAudit()
  const given = await scene(scriptedModel(say("done")), { audit })
  await given.op({ type: "trust.decide", folder: "/repo", items: [], decision: "refused" })
  expect(audit.entries.map(told).at(-1)).toBe("trust.decide person refused deny")
})
