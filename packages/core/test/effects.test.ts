import { expect, test } from "bun:test"
import type { Answer, FileChange, Settings } from "@skein/protocol"
import {
  call,
  listen,
  memoryAudit,
  memoryLayers,
  memoryLogs,
  say,
  scriptedModel,
  submit,
  type TestTool,
  testTools,
  transcript,
} from "@skein/testkit"
import type { RunContext } from "../src/ports/index.ts"
import { cutAfter, reopened } from "./reopened.ts"
import { scene, untilStopped } from "./scene.ts"

const changes: readonly FileChange[] = [
  { path: "/repo/a.txt", kind: "update", before: "1", after: "2", diff: "-a\n+b" },
  { path: "/repo/b.txt", kind: "delete", before: "3", after: null },
]

/** A command that the sandbox holds, and that is asked about in mode ask. */
function shell(run: TestTool["run"] = () => "secret output"): TestTool {
  return { effects: [{ kind: "execute", command: "make", isConfined: true }], run }
}

async function previewed(over: Parameters<typeof scene>[1] = {}, settings: Partial<Settings> = {}) {
  const layers = memoryLayers({ changes })
  const contexts: Pick<RunContext, "network" | "layer">[] = []
  const tools = testTools({
    shell: shell((_, { network, layer }) => {
      contexts.push({ network, layer })
      return "secret output"
    }),
  })
  const model = scriptedModel(call("shell", {}), say("done"))
  const given = await scene(model, { tools, layers, ...over }, { mode: "ask", ...settings })
  await given.attach()
  await given.say("go")
  return { given, layers, contexts, model }
}

/** Asks for the preview, and waits for the question about what it did. */
async function effects({ given }: Awaited<ReturnType<typeof previewed>>) {
  const { approvalId, options } = await given.session.until("approval.requested")
  expect(options).toEqual(["allow_once", "allow_always", "preview", "reject_once", "reject_always"])
  await given.op({ type: "approval.answer", approvalId, answer: "preview" })
  return given.session.until("approval.requested")
}

test("a command is run in a layer without network, and kept by what it did", async () => {
  const play = await previewed()
  const asked = await effects(play)
  expect(asked).toMatchObject({
    ...{ subject: "effects", callId: "cal_1", options: ["allow_once", "allow_always", "reject_once", "reject_always"] },
    effects: { changes, network: [], output: "secret output" },
  })
  expect(play.layers.ends).toEqual(["open"])
  expect(play.contexts[0]?.layer?.id).toBe("layer 1")
  expect(play.contexts[0]?.network).toBeUndefined()
  expect(transcript(play.given.session.events)).not.toContain("call.started")

  await play.given.op({ type: "approval.answer", approvalId: asked.approvalId, answer: "allow_once" })
  await play.given.session.until("turn.ended")

  expect(play.layers.ends).toEqual(["kept"])
  expect(play.contexts).toHaveLength(1)
  expect(transcript(play.given.session.events)).toContain('call.started\ncall.settled success "secret output"')
})

test("it is recorded before it runs in the layer, and does not run where that cannot be", async () => {
  const audit = memoryAudit()
  const play = await previewed({ audit }, { approveEffects: true })
  const { approvalId } = await play.given.session.until("approval.requested")
  expect(audit.entries.map(({ action, callId }) => [action, callId])).toEqual([["layer.preview", "cal_1"]])
  await play.given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
  await play.given.session.until("turn.ended")

  const full = memoryAudit()
  full.break()
  const untold = await previewed({ audit: full, onDefect: () => undefined }, { approveEffects: true })
  await untold.given.session.until("turn.ended")
  expect([untold.contexts, untold.layers.ends]).toEqual([[], []])
})

test("refused, it is dropped, and the model reads nothing of what it said", async () => {
  const play = await previewed()
  const { approvalId } = await effects(play)
  await play.given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
  await play.given.session.until("turn.ended")

  expect(play.layers.ends).toEqual(["discarded"])
  expect(transcript(play.given.session.events)).not.toContain("call.started")
  expect(JSON.stringify(play.model.requests[1]?.messages)).not.toContain("secret output")
})

test("interrupted, or with everybody gone, while what it did is looked at, it is dropped", async () => {
  for (const leave of [{ type: "turn.interrupt" }, { type: "client.detach", clientId: "cli_a" }] as const) {
    const play = await previewed()
    await effects(play)
    await play.given.op(leave)
    const { code } = await play.given.session.until("call.settled")
    expect([code, play.layers.ends]).toEqual([
      leave.type === "turn.interrupt" ? "call.cancelled" : "call.unattended",
      ["discarded"],
    ])
  }
})

test("interrupted while it runs in the layer, it is dropped, and it is told that it did not run", async () => {
  const started = Promise.withResolvers<void>()
  const layers = memoryLayers()
  const tools = testTools({ shell: shell((_, { signal }) => untilStopped(signal, started.resolve)) })
  const given = await scene(scriptedModel(call("shell", {})), { tools, layers }, { mode: "ask" })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "preview" })
  await started.promise
  await given.op({ type: "turn.interrupt" })

  expect(layers.ends).toEqual(["discarded"])
  expect(transcript(given.session.events)).toContain('call.cancelled "Stopped by the person before it ran."')
})

test("what changed meanwhile is told, and nothing is kept", async () => {
  const layers = memoryLayers({ changes, isTaken: () => true })
  const play = await previewed({ layers })
  const { approvalId } = await effects({ ...play, layers })
  await play.given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const { code, outcome } = await play.given.session.until("call.settled")
  expect([outcome, code, layers.ends]).toEqual(["error", "checkpoint.conflict", ["discarded"]])
})

test("killed while it is looked at, it is asked about again from the start", async () => {
  const logs = memoryLogs()
  const play = await previewed({ logs })
  await effects(play)
  const left = cutAfter(await logs.read(play.given.id), "approval.requested")

  const { engine, id } = reopened(left, scriptedModel(say("done")), { tools: testTools({ shell: shell() }) })
  const session = listen(engine, id)
  await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
  expect(await session.until("approval.requested")).toMatchObject({ subject: "call", callId: "cal_1" })
  expect(transcript(left)).not.toContain("call.started")
})

test("told to, it runs in a layer before anybody is asked, when somebody is there", async () => {
  const play = await previewed({}, { approveEffects: true })
  const { subject } = await play.given.session.until("approval.requested")
  expect(subject).toBe("effects")

  const layers = memoryLayers()
  const tools = testTools({ shell: shell() })
  const alone = await scene(
    scriptedModel(call("shell", {}), say("done")),
    { tools, layers },
    { mode: "ask", approveEffects: true },
  )
  await alone.say("go")
  const { code } = await alone.session.until("call.settled")
  expect([code, layers.ends]).toEqual(["call.unattended", []])
})

test("a preview is offered only for what a layer and the sandbox hold", async () => {
  const offered = async (effects: TestTool["effects"], settings: Partial<Settings> = {}) => {
    const tools = testTools({ tool: { effects: effects ?? [], run: () => "ran" } })
    const model = scriptedModel(call("tool", {}), say("done"))
    const given = await scene(model, { tools, layers: memoryLayers() }, { mode: "ask", ...settings })
    await given.attach()
    await given.say("go")
    return (await given.session.until("approval.requested")).options.includes("preview")
  }
  const held = { kind: "execute", command: "make", isConfined: true } as const
  expect(await offered([held])).toBe(true)
  expect(await offered([held, { kind: "network", hosts: ["a"] }])).toBe(false)
  expect(await offered([held, { kind: "write", paths: ["/repo/a"], isInside: true }])).toBe(false)
  expect(await offered([{ ...held, isConfined: false }])).toBe(false)
  expect(await offered([held, { kind: "delegate", to: "b" }])).toBe(false)
  expect(await offered([{ kind: "write", paths: ["/repo/a"], isInside: true }])).toBe(false)
  expect(await offered([held], { sandbox: "full-access" })).toBe(false)
})

test("an answer that was not offered is refused, and the question stays", async () => {
  const tools = testTools({ shell: shell() })
  const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools }, { mode: "ask" })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  const submit = (answer: Answer) =>
    given.engine.submit({ type: "approval.answer", sessionId: given.id, approvalId, answer })
  expect(await submit("preview")).toMatchObject({ code: "op.invalid" })
  expect(await submit("reject_once")).toMatchObject({ status: "accepted" })
})
