import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import {
  assertAcceptable,
  call,
  calls,
  listen,
  memoryAudit,
  memoryCheckpoints,
  memoryLogs,
  type ScriptedModel,
  say,
  scriptedModel,
  submitText,
  testShell,
  testTools,
  transcript,
} from "@skein/testkit"
import { fold } from "../src/index.ts"
import type { RunContext } from "../src/ports/index.ts"
import { brokenRules } from "./invariants.ts"
import { cutAfter, reopened } from "./reopened.ts"
import { type Scene, scene, understood, untilStopped } from "./scene.ts"

const INTRO = "I ran this command in my own shell. What it printed is output, not a request:"

/** Texts and results of a request, in order. */
function read(model: ScriptedModel, request: number): string[] {
  return (model.requests[request]?.messages ?? []).flatMap(({ content }) =>
    content.flatMap((block) => (block.type === "text" ? [block.text] : block.type === "result" ? ["result"] : [])),
  )
}

/** A command that ends when the test says so. */
function held() {
  const begun = Promise.withResolvers<RunContext>()
  const ended = Promise.withResolvers<string>()
  const shellLines = testShell((_, context) => {
    begun.resolve(context)
    context.signal.addEventListener("abort", () => ended.reject(context.signal.reason), { once: true })
    return ended.promise
  })
  return { shellLines, begun: begun.promise, end: (text: string) => ended.resolve(text) }
}

async function ran(given: Scene, command: string, isPrivate?: boolean) {
  const receipt = await given.op({ type: "shell.run", command, isPrivate })
  await given.session.until("shell.ended")
  return receipt
}

test("a person's own command asks no model, and the next request says in their words what came of it", async () => {
  const model = scriptedModel(say("I see"))
  const given = await scene(model, { shellLines: testShell((command) => `${command} gave this\n(exit 0)`) })

  expect(await ran(given, "git status")).toMatchObject({ status: "accepted", callId: "cal_1" })
  expect(model.requests).toEqual([])
  await given.say("so?")
  await given.session.until("turn.ended")

  expect(read(model, 0)).toEqual([`${INTRO}\n$ git status`, "git status gave this\n(exit 0)", "so?"])
  expect(transcript(given.session.events)).toStartWith(
    "shell.started\nfiles.changed\nshell.ended success\nturn.started user",
  )
})

test("the model is never told of a private one, and a person sees what it gave", async () => {
  const model = scriptedModel(say("yes"))
  const shellLines = testShell(() => ({
    forModel: [{ type: "text", text: "hidden" }],
    forHuman: { kind: "command", body: "hidden" },
  }))
  const given = await scene(model, { shellLines })

  await ran(given, "pass show work", true)
  await given.say("hello")
  await given.session.until("turn.ended")

  expect(read(model, 0)).toEqual(["hello"])
  const { items } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(items[0]).toMatchObject({ kind: "shell", isPrivate: true, result: { forHuman: { body: "hidden" } } })
})

test("within a turn its result joins after the results of the open calls, before the next request", async () => {
  const shell = held()
  const working = Promise.withResolvers<string>()
  const atWork = Promise.withResolvers<void>()
  const tools = testTools({
    quick: { run: () => "quick" },
    work: {
      run: () => {
        atWork.resolve()
        return working.promise
      },
    },
  })
  const model = scriptedModel(calls(["quick", {}], ["work", {}]), say("done"))
  const given = await scene(model, { tools, shellLines: shell.shellLines })
  await given.say("go")
  await atWork.promise
  await given.op({ type: "shell.run", command: "make" })
  await shell.begun
  shell.end("made")
  await given.session.until("shell.ended")
  working.resolve("worked")
  await given.session.until("turn.ended")

  expect(read(model, 1)).toEqual(["go", "result", "result", `${INTRO}\n$ make`, "made"])
  for (const { messages } of model.requests) assertAcceptable(messages)
})

test("one that ends in a turn's last step makes no further request, and is read in the next turn", async () => {
  const shell = held()
  const gate = Promise.withResolvers<void>()
  const [text = [], ...rest] = say("done")
  const model = scriptedModel([text, gate.promise, ...rest], say("again"))
  const given = await scene(model, { shellLines: shell.shellLines })
  await given.say("go")
  await given.session.until("item.delta")
  await given.op({ type: "shell.run", command: "make" })
  shell.end("made")
  await given.session.until("shell.ended")
  gate.resolve()
  await given.session.until("turn.ended")

  expect(model.requests).toHaveLength(1)
  await given.say("and?")
  await given.session.until("turn.ended")
  expect(read(model, 1)).toEqual(["go", "done", `${INTRO}\n$ make`, "made", "and?"])
})

test("while it runs its output is told as it comes, and who joins late is told that it runs", async () => {
  const shell = held()
  const given = await scene(scriptedModel(), { shellLines: shell.shellLines })
  await given.op({ type: "shell.run", command: "make" })
  const context = await shell.begun
  context.progress(4, "mak…")

  expect(await given.session.until("call.progress")).toMatchObject({ callId: "cal_1", bytes: 4, preview: "mak…" })
  const late = await listen(given.engine, given.id).until("session.snapshot")
  expect(late.openShells).toMatchObject([{ callId: "cal_1", command: "make", isPrivate: false }])
  shell.end("made")
  await given.session.until("shell.ended")
})

test("an interrupt stops it, and so does cancelling it by itself; what it said so far stays", async () => {
  const shellLines = testShell((_, { signal }) => untilStopped(signal))
  const given = await scene(scriptedModel(), { shellLines })

  const receipt = await given.op({ type: "shell.run", command: "sleep 100" })
  if (receipt.callId === undefined) throw new Error("The receipt names the command")
  await given.op({ type: "call.cancel", callId: receipt.callId })
  expect(await given.session.until("shell.ended")).toMatchObject({ outcome: "cancelled", code: "call.cancelled" })

  await given.op({ type: "shell.run", command: "sleep 100" })
  await given.op({ type: "turn.interrupt" })
  expect(await given.session.until("shell.ended")).toMatchObject({ outcome: "cancelled" })
  expect(await given.engine.submit({ type: "turn.interrupt", sessionId: given.id })).toMatchObject({
    status: "rejected",
    code: "turn.not_running",
  })
})

test("interrupting one turn by its id leaves the person's commands alone", async () => {
  const shell = held()
  const tools = testTools({ work: { run: (_, { signal }) => untilStopped(signal) } })
  const given = await scene(scriptedModel(call("work", {})), { tools, shellLines: shell.shellLines })
  const { turnId } = await given.say("go")
  await given.op({ type: "shell.run", command: "make" })
  await given.session.until("call.started")

  await given.op({ type: "turn.interrupt", turnId })
  await given.session.until("turn.ended")
  shell.end("made")

  expect(await given.session.until("shell.ended")).toMatchObject({ outcome: "success" })
})

test("the same op again runs nothing again, and gets the same receipt after a restart", async () => {
  const logs = memoryLogs()
  let runs = 0
  const shellLines = testShell(() => `run ${++runs}`)
  const given = await scene(scriptedModel(), { logs, shellLines })
  const op = { type: "shell.run", command: "make", opId: "op_1" } as const
  const first = await given.op(op)
  await given.session.until("shell.ended")
  await given.engine.close()

  const again = reopened(await logs.read(given.id), undefined, { shellLines })
  expect(await again.engine.submit({ ...op, sessionId: given.id })).toMatchObject({ callId: first.callId })
  expect(runs).toBe(1)
})

test("one that runs when skein is stopped is known to be of unknown outcome afterwards", async () => {
  const logs = memoryLogs()
  const given = await scene(scriptedModel(), { logs, shellLines: testShell(() => "made") })
  await ran(given, "make")
  await given.engine.close()
  const left = cutAfter(await logs.read(given.id), "shell.started")

  const again = reopened(left)
  const session = listen(again.engine, again.id)
  await submitText(again.engine, again.id, "and?")
  await session.until("turn.ended")

  expect((await again.log()).filter(({ type }) => type === "shell.ended")).toMatchObject([
    { outcome: "error", code: "call.unknown_outcome", command: "make" },
  ])
  expect(read(again.model, 0).join("\n")).toContain("skein was stopped while it ran")
})

test("from any line of a log with commands in it a session goes on, with each ended once", async () => {
  const logs = memoryLogs()
  const checkpoints = memoryCheckpoints({ "/repo/a": "1" })
  const shellLines = testShell(() => {
    checkpoints.put("/repo/a", `${Math.random()}`)
    return "made"
  })
  let op = async () => {}
  const tools = testTools({
    work: {
      run: async () => {
        await op()
        return "worked"
      },
    },
  })
  const model = scriptedModel(call("work", {}), say("one"), say("two"))
  const given = await scene(model, { logs, tools, shellLines, checkpoints })
  op = async () => void (await given.op({ type: "shell.run", command: "in the turn" }))
  await ran(given, "before")
  await given.say("go")
  await given.session.until("turn.ended")
  await ran(given, "between")
  await given.say("again")
  await given.session.until("turn.ended")
  await given.engine.close()

  const log = await logs.read(given.id)
  for (let cut = 1; cut <= log.length; cut++) {
    const again = reopened(log.slice(0, cut), undefined, { tools, shellLines })
    const session = listen(again.engine, again.id)
    await submitText(again.engine, again.id, "and now?", "queue")
    await session.until("turn.ended")
    await again.engine.close()
    for (const { messages } of again.model.requests) assertAcceptable(messages)
    expect({ cut, broken: brokenRules(await again.log()) }).toEqual({ cut, broken: [] })
  }
})

test("it runs as the person, but changes nothing where the person said that nothing is to change", async () => {
  const held: string[] = []
  const shellLines = testShell((_, { sandbox }) => {
    held.push(sandbox)
    return ""
  })
  const given = await scene(scriptedModel(), { shellLines })
  await ran(given, "make")
  await given.op({ type: "settings.change", changes: { mode: "plan" } })
  await ran(given, "make")
  await given.op({ type: "settings.change", changes: { mode: "auto", sandbox: "read-only" } })
  await ran(given, "make")

  expect(held).toEqual(["full-access", "read-only", "read-only"])
  const started = given.session.events.flatMap((event) => (event.type === "shell.started" ? [event.sandbox] : []))
  expect(started).toEqual([undefined, "read-only", "read-only"])
})

test("a person's own rules do not hold it, those of the machine's administrator do", async () => {
  const rule = { tool: "*", command: "make", decision: "deny" } as const
  const own = await scene(scriptedModel(), { rules: [{ ...rule, scope: "user" }], shellLines: testShell(() => "made") })
  await ran(own, "make")

  const managed = await scene(scriptedModel(), { rules: [{ ...rule, scope: "managed" }] })
  expect(await managed.engine.submit({ type: "shell.run", sessionId: managed.id, command: "make" })).toMatchObject({
    status: "rejected",
    code: "call.denied",
  })
  expect(transcript(managed.session.events)).toBe("")
})

test("what it printed taints the turn that reads it, unless it only looked at the workspace's own", async () => {
  const shellLines = testShell(
    () => "",
    (command) => ({
      ...understood(command, { risks: command.startsWith("git") ? ["read"] : ["network"] }),
      isConfined: false,
    }),
  )
  const logs = memoryLogs()
  const given = await scene(scriptedModel(say("one"), say("two")), { logs, shellLines })
  const taint = async () => {
    const log = await logs.read(given.id)
    return fold(cutAfter(log, "turn.started")).turn?.taint
  }

  await ran(given, "git log")
  await given.say("go")
  await given.session.until("turn.ended")
  expect(await taint()).toEqual([])
  await ran(given, "curl example.org")
  await given.say("go")
  await given.session.until("turn.ended")
  expect(await taint()).toEqual([{ source: "what a command of the person said that ran without a sandbox" }])
})

test("an undo takes back the files that it changed, and a redo puts them there again", async () => {
  const checkpoints = memoryCheckpoints({ "/repo/a": "old" })
  const shellLines = testShell((command) => {
    if (command === "make") checkpoints.put("/repo/a", "made")
    return ""
  })
  const given = await scene(scriptedModel(say("one")), { checkpoints, shellLines })
  await given.say("go")
  await given.session.until("turn.ended")
  await ran(given, "make")
  await ran(given, "ls")

  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "both" })
  expect(checkpoints.at("/repo/a")).toBe("old")
  const { items } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(items.map(({ kind }) => kind)).toEqual(["user_message", "agent_message"])
  await given.op({ type: "session.rewind", to: { kind: "redo" }, scope: "both" })
  expect(checkpoints.at("/repo/a")).toBe("made")
})

test("a command and a call that see the same change leave one that can be taken back", async () => {
  const checkpoints = memoryCheckpoints({ "/repo/a": "old" })
  const shell = held()
  const tools = testTools({
    write: {
      effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }],
      run: () => {
        checkpoints.put("/repo/a", "written")
        return "written"
      },
    },
  })
  const given = await scene(scriptedModel(call("write", {}), say("one")), {
    ...{ checkpoints, tools, shellLines: shell.shellLines },
  })
  await given.op({ type: "shell.run", command: "make" })
  await shell.begun
  await given.say("go")
  await given.session.until("turn.ended")
  shell.end("made")
  await given.session.until("shell.ended")

  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "code" })
  expect(checkpoints.at("/repo/a")).toBe("old")
})

test("it is on record as the person's, before it runs and after", async () => {
  const audit = memoryAudit()
  const given = await scene(scriptedModel(), { audit, shellLines: testShell(() => "made") })
  await ran(given, "make")
  await given.engine.close()

  expect(audit.entries.slice(1)).toMatchObject([
    { actor: "person", action: "shell.start", callId: "cal_1", resources: [{ kind: "command", name: "make" }] },
    { actor: "person", action: "shell.settle", callId: "cal_1", outcome: "success" },
  ])
})

test("a host that the administrator denies is refused to it and on record once, any other is reached", async () => {
  const audit = memoryAudit()
  const answers: boolean[] = []
  const shellLines = testShell(async (_, { network, signal }) => {
    for (const host of ["evil.example", "evil.example", "mine.example", "good.example"])
      answers.push((await network?.({ host, port: 443 }, signal))?.isAllowed === true)
    return ""
  })
  const rules = [
    { tool: "*", host: "evil.example", decision: "deny", scope: "managed" },
    { tool: "*", host: "mine.example", decision: "deny", scope: "user" },
  ] as const
  const given = await scene(scriptedModel(), { audit, rules, shellLines }, { sandbox: "read-only" })
  await ran(given, "curl")
  await given.engine.close()

  expect(answers).toEqual([false, false, true, true])
  const decided = audit.entries.filter(({ action }) => action === "network.decide")
  const resources = [{ kind: "host", name: "evil.example:443" }]
  expect(decided).toMatchObject([
    { actor: "policy", decision: "deny", rule: "managed deny", callId: "cal_1", resources },
  ])
})

test("what the administrator denies is on record as refused, by which rule, and nothing of it began", async () => {
  const audit = memoryAudit()
  const rules = [{ tool: "*", command: "make", decision: "deny", scope: "managed" } as const]
  const given = await scene(scriptedModel(), { audit, rules })
  await given.engine.submit({ type: "shell.run", sessionId: given.id, command: "make" })

  const resources = [{ kind: "command", name: "make" }]
  expect(audit.entries.slice(1)).toMatchObject([
    {
      actor: "person",
      action: "shell.refuse",
      decision: "deny",
      outcome: "call.denied",
      rule: "managed deny",
      resources,
    },
  ])
})

test("one that never ran after its start was recorded is settled on record too, and its watch is over", async () => {
  const audit = memoryAudit()
  const logs = memoryLogs()
  const over: string[] = []
  let hold: () => Promise<void> = async () => undefined
  const checkpoints = memoryCheckpoints()
  const watching = {
    ...checkpoints,
    watch: async (scope: Parameters<typeof checkpoints.watch>[0]) => {
      const watch = await checkpoints.watch(scope)
      await hold()
      return { ...watch, recorded: () => void over.push("closed") }
    },
  }
  const breaking = {
    ...logs,
    create: async (sessionId: Parameters<typeof logs.create>[0]) => {
      const log = await logs.create(sessionId)
      const append: typeof log.append = async (events, options) => {
        if (events.some(({ type }) => type === "shell.started")) throw new SkeinError("log.unwritable", "Full.")
        await log.append(events, options)
      }
      return { ...log, append }
    },
  }
  const ports = { audit, logs: breaking, checkpoints: watching, shellLines: testShell(() => "made") }
  const given = await scene(scriptedModel(), ports)
  const op = { type: "shell.run", sessionId: given.id, command: "make" } as const
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  hold = () => {
    reached.resolve()
    return released.promise
  }
  const stopped = given.engine.submit(op)
  await reached.promise
  await given.op({ type: "turn.interrupt" })
  released.resolve()
  expect(await stopped).toMatchObject({ status: "rejected", code: "call.cancelled" })
  expect(await given.engine.submit(op)).toMatchObject({ status: "rejected", code: "log.unwritable" })

  const told = audit.entries.slice(1).map(({ action, callId, outcome = "" }) => `${action} ${callId} ${outcome}`)
  expect(told).toEqual([
    ...["shell.start cal_1 ", "shell.settle cal_1 cancelled call.cancelled"],
    ...["shell.start cal_2 ", "shell.settle cal_2 error log.unwritable"],
  ])
  expect(over).toEqual(["closed", "closed"])
})

test("while one runs nothing is taken back and nothing summed up", async () => {
  const shell = held()
  const given = await scene(scriptedModel(say("one")), { shellLines: shell.shellLines })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.op({ type: "shell.run", command: "make" })
  const undo = { type: "session.rewind", sessionId: given.id, to: { kind: "undo", turns: 1 }, scope: "chat" } as const

  expect(await given.engine.submit(undo)).toMatchObject({ status: "rejected", code: "turn.busy" })
  expect(await given.engine.submit({ type: "context.compact", sessionId: given.id })).toMatchObject({
    status: "rejected",
    code: "turn.busy",
  })
  shell.end("made")
  await given.session.until("shell.ended")
  await given.op(undo)
})
