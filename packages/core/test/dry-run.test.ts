import { expect, test } from "bun:test"
import { type FileChange, type Rule, runCommand, type Settings } from "@skein/protocol"
import {
  call,
  listen,
  memoryCheckpoints,
  memoryLayers,
  memoryLogs,
  noLayers,
  say,
  scriptedModel,
  submit,
  testTools,
  transcript,
} from "@skein/testkit"
import type { Effect, RunContext } from "../src/ports/index.ts"
import { cutAfter, reopened } from "./reopened.ts"
import { scene, understood, untilStopped } from "./scene.ts"

const changes: readonly FileChange[] = [
  { path: "/repo/a.txt", kind: "update", before: "1", after: "2", diff: "-a\n+b" },
  { path: "/repo/b.txt", kind: "delete", before: "3", after: null },
]

/** A turn that runs a command, writes a file and reaches out, each asked about in mode ask. */
async function rehearsed(over: Parameters<typeof scene>[1] = {}, settings: Partial<Settings> = {}) {
  const layers = memoryLayers({ changes })
  const contexts: Pick<RunContext, "network" | "layer">[] = []
  const run = (_: unknown, { network, layer }: RunContext) => {
    contexts.push({ network, layer })
    return "done"
  }
  const tools = testTools({
    shell: { effects: [understood("make")], run },
    write: { effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }], run },
  })
  const model = scriptedModel(call("shell", {}), call("write", {}), say("all done"), say("yes"))
  const given = await scene(model, { tools, layers, ...over }, { mode: "ask", dryRun: true, ...settings })
  return { given, layers, contexts, model }
}

test("a dry run does all of a turn in one layer, without network and without asking, and asks at its end", async () => {
  const play = await rehearsed()
  await play.given.attach()
  await play.given.say("go")
  const asked = await play.given.session.until("approval.requested")

  expect(asked).toMatchObject({ subject: "effects", effects: { changes }, options: ["allow_once", "reject_once"] })
  expect(asked.callId).toBeUndefined()
  expect(play.contexts.map(({ layer, network }) => [layer?.id, network])).toEqual([
    ["layer 1", undefined],
    ["layer 1", undefined],
  ])
  expect(play.layers.ends).toEqual(["open"])

  await play.given.op({ type: "approval.answer", approvalId: asked.approvalId, answer: "allow_once" })
  await play.given.session.until("turn.ended")
  expect(play.layers.ends).toEqual(["kept"])
})

test("what was kept of it is recorded as what the turn's last call did", async () => {
  const checkpoints = memoryCheckpoints()
  const layers = memoryLayers({
    changes,
    onKept: () => checkpoints.put("/repo/a.txt", "b"),
  })
  const play = await rehearsed({ checkpoints, layers })
  await play.given.attach()
  await play.given.say("go")
  const { approvalId } = await play.given.session.until("approval.requested")
  await play.given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const { callId, changes: recorded } = await play.given.session.until("files.changed")
  await play.given.session.until("turn.ended")

  expect([callId, recorded.map(({ path }) => path)]).toEqual(["cal_2", ["/repo/a.txt"]])
  expect(play.given.session.events.filter(({ type }) => type === "files.changed")).toHaveLength(1)
})

test("refused, or with nobody there, it is dropped, and the model is told", async () => {
  for (const isAttended of [true, false]) {
    const play = await rehearsed()
    if (isAttended) await play.given.attach()
    await play.given.say("go")
    const { approvalId } = await play.given.session.until("approval.requested")
    if (isAttended) await play.given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
    await play.given.session.until("turn.ended")
    await play.given.op({ type: "settings.change", changes: { dryRun: false } })
    await play.given.say("is it done?")
    await play.given.session.until("turn.ended")

    expect(play.layers.ends[0]).toBe("discarded")
    expect(JSON.stringify(play.model.requests.at(-1)?.messages)).toContain(
      "The dry run was dropped: 2 files not changed.",
    )
  }
})

test("interrupted, it is dropped without a question", async () => {
  const begun = Promise.withResolvers<void>()
  const tools = testTools({
    shell: {
      effects: [understood("make")],
      run: (_, { signal }) => untilStopped(signal, begun.resolve),
    },
  })
  const play = await rehearsed({ tools })
  await play.given.attach()
  await play.given.say("go")
  await begun.promise
  await play.given.op({ type: "turn.interrupt" })
  await play.given.session.until("turn.ended")

  expect(play.layers.ends).toEqual(["discarded"])
  expect(transcript(play.given.session.events)).not.toContain("approval.requested")
})

test("what changed meanwhile is told, nothing is kept, and the turn ends all the same", async () => {
  const layers = memoryLayers({ changes, isTaken: () => true })
  const play = await rehearsed({ layers })
  await play.given.attach()
  await play.given.say("go")
  const { approvalId } = await play.given.session.until("approval.requested")
  await play.given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const { outcome } = await play.given.session.until("turn.ended")

  expect([outcome.kind, layers.ends]).toEqual(["completed", ["discarded"]])
  const told = play.given.session.events.find(({ type }) => type === "notice.posted")
  expect(told).toMatchObject({
    level: "error",
    text: "The dry run could not be kept. a.txt changed meanwhile. Nothing was kept.",
  })
})

test("a machine without layers makes no dry run: no call runs", async () => {
  const play = await rehearsed({ layers: noLayers() })
  await play.given.say("go")
  const { outcome } = await play.given.session.until("turn.ended")

  expect(outcome).toMatchObject({ kind: "failed", code: "sandbox.unavailable" })
  expect([play.contexts, play.model.requests.length]).toEqual([[], 0])
})

test("what leaves the machine, or is not held, is asked about in a dry run too", async () => {
  const tools = testTools({
    shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "ran" },
    write: { effects: [{ kind: "write", paths: ["/etc/a"], isInside: false }], run: () => "wrote" },
  })
  const play = await rehearsed({ tools })
  await play.given.say("go")
  await play.given.session.until("turn.ended")

  const refused = play.given.session.events.filter(
    (event) => event.type === "call.settled" && event.code === "call.unattended",
  )
  expect(refused).toHaveLength(2)
})

test("a dry run answers no question about reading, nor one that a rule asks, whatever reads", async () => {
  const rule = { tool: "*", decision: "ask", scope: "user" } as const
  const secret = "/repo/private/x"
  const inside: Effect = { kind: "read", paths: [secret], isInside: true }
  const plans: Readonly<Record<string, { readonly effects: readonly Effect[]; readonly rules: readonly Rule[] }>> = {
    read: { effects: [inside], rules: [{ ...rule, path: "/repo/private" }] },
    edit: { effects: [inside, { ...inside, kind: "write" }], rules: [{ ...rule, path: "/repo/private" }] },
    cat: { effects: [understood("cat x", { reads: [secret] })], rules: [{ ...rule, path: "/repo/private" }] },
    named: { effects: [understood("make")], rules: [{ ...rule, command: "make" }] },
    outside: { effects: [understood("cat x", { reads: ["/srv/x"] })], rules: [] },
    climbing: { effects: [understood("cat x", { reads: ["/repo/../srv/x"] })], rules: [] },
    blind: { effects: [understood("cat x", { argv: ["cat", undefined] })], rules: [] },
    nowhere: { effects: [understood("cat x", { cwd: undefined })], rules: [] },
    unread: { effects: [{ kind: "execute", command: "make", isConfined: true }], rules: [] },
    mixed: { effects: [{ kind: "read", paths: ["/srv/x"], isInside: false }, understood("make")], rules: [] },
  }
  for (const [name, { effects, rules }] of Object.entries(plans)) {
    let ran = 0
    const tools = testTools({ tool: { effects, run: () => `${++ran}` } })
    const model = scriptedModel(call("tool", {}), say("done"))
    const given = await scene(model, { tools, rules, layers: memoryLayers() }, { mode: "ask", dryRun: true })
    await given.say("go")
    const { code } = await given.session.until("call.settled")
    expect([name, code, ran]).toEqual([name, "call.unattended", 0])
  }
})

test("a dry run that changes nothing asks nothing", async () => {
  const play = await rehearsed({ layers: memoryLayers() })
  await play.given.attach()
  await play.given.say("go")
  await play.given.session.until("turn.ended")

  expect(transcript(play.given.session.events)).not.toContain("approval.requested")
})

test("a turn goes on as it began, whatever becomes of the setting while it runs", async () => {
  for (const isDryRun of [true, false]) {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const layered: boolean[] = []
    const run = async (_: unknown, { layer }: RunContext) => {
      layered.push(layer !== undefined)
      begun.resolve()
      await goOn.promise
      return "done"
    }
    const tools = testTools({ shell: { effects: [understood("make")], run } })
    const model = scriptedModel(call("shell", {}), call("shell", { n: 2 }), say("done"))
    const given = await scene(model, { tools, layers: memoryLayers() }, { dryRun: isDryRun })
    await given.say("go")
    await begun.promise
    const reply = await given.engine.ask({
      ...{ type: "command.resolve", sessionId: given.id, name: "dry-run" },
      args: isDryRun ? "off" : "on",
    })
    await given.op({ type: "settings.change", changes: { dryRun: !isDryRun } })
    goOn.resolve()
    await given.session.until("turn.ended")
    expect(reply.kind === "ops" && reply.done).toContain("From the next turn on")
    expect(layered).toEqual([isDryRun, isDryRun])
  }
})

test("a dry run that a crash left open is one when it goes on, and says what is gone", async () => {
  const logs = memoryLogs()
  const layered: boolean[] = []
  const run = (_: unknown, { layer }: RunContext) => {
    layered.push(layer !== undefined)
    return "ran"
  }
  const tools = testTools({
    make: { effects: [understood("make")], run },
    send: { effects: [{ kind: "network", hosts: ["a.example"] }], run },
  })
  const ports = { tools, layers: memoryLayers() }
  const model = scriptedModel(call("make", {}), call("send", {}), say("done"))
  const first = await scene(model, { ...ports, logs }, { dryRun: true })
  await first.attach()
  await first.say("go")
  await first.session.until("approval.requested")
  const left = cutAfter(await logs.read(first.id), "approval.requested")

  const again = reopened(left, scriptedModel(call("make", { n: 2 }), say("done")), ports)
  const session = listen(again.engine, again.id)
  const about = { sessionId: again.id } as const
  await submit(again.engine, { ...about, type: "settings.change", changes: { dryRun: false } })
  await submit(again.engine, { ...about, type: "client.attach", clientId: "cli_b", answers: ["approval"] })
  const { approvalId } = await session.until("approval.requested")
  await submit(again.engine, { ...about, type: "approval.answer", approvalId, answer: "reject_once" })
  await session.until("turn.ended")
  expect(layered).toEqual([true, true])
  expect(JSON.stringify(session.events)).toContain("What its calls had changed before is gone")
})

test("the command turns it on and off", async () => {
  const { given } = await rehearsed({}, { dryRun: false })
  for (const args of ["on", "off"]) {
    const changing = given.session.until("settings.changed")
    await runCommand(given.engine, given.id, { name: "dry-run", args })
    const { changes: changed } = await changing
    expect(changed).toEqual({ dryRun: args === "on" })
  }
})
