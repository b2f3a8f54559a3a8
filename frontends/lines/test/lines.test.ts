import { expect, test } from "bun:test"
import { type CommandReply, type Query, type QueryAnswer, type SessionId, SkeinError } from "@skein/protocol"
import {
  call,
  memoryLayers,
  openSession,
  type ScriptedModel,
  say,
  scriptedModel,
  TEST_SETTINGS,
  testEngine,
  testTools,
} from "@skein/testkit"
import { runLines } from "../src/index.ts"

const HANG_MS = 5_000
const tools = testTools({
  write: { effects: [{ kind: "write", paths: ["/etc/hosts"], isInside: false }], run: () => "written" },
})

/** A person at a line: what they see, and hands that type. */
async function sat(
  model: ScriptedModel,
  ports: Parameters<typeof testEngine>[1] = {},
  wrapped: (engine: RunningEngine) => RunningEngine = (engine) => engine,
  isNew = false,
) {
  const engine = wrapped(testEngine(model, { tools, ...ports }))
  const session = await openSession(engine)
  let screen = ""
  let looking: { text: string; seen: () => void }[] = []
  const typed: string[] = []
  let wake = () => {}
  let isOver = false
  let clock = 0
  let signal: (name: "SIGINT" | "SIGTERM") => void = () => {}
  async function* input() {
    for (;;) {
      const line = typed.shift()
      if (line !== undefined) yield line
      else if (isOver) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const done = runLines({
    engine,
    sessionId: session.id,
    clientId: "cli_1",
    input: input(),
    isEchoing: true,
    write(text) {
      screen += text
      for (const look of looking) if (screen.includes(look.text)) look.seen()
      looking = looking.filter((look) => !screen.includes(look.text))
    },
    onSignal(handler) {
      signal = handler
      return () => {}
    },
    now: () => clock,
    columns: async () => 80,
    isNew,
  })
  /** What comes on the screen, up to some text, from here. */
  const until = async (text: string) => {
    if (!screen.includes(text)) await new Promise<void>((seen) => looking.push({ text, seen }))
    const end = screen.indexOf(text) + text.length
    const part = screen.slice(0, end)
    screen = screen.slice(end)
    // A person reads before typing.
    clock += 500
    return part
  }
  return {
    engine,
    sessionId: session.id as SessionId,
    until,
    type(line: string) {
      typed.push(line)
      wake()
    },
    leave() {
      isOver = true
      wake()
      return done
    },
    done,
    interrupt: (name: "SIGINT" | "SIGTERM" = "SIGINT") => signal(name),
    pass: (ms: number) => {
      clock += ms
    },
    rest: () => screen,
  }
}

type RunningEngine = ReturnType<typeof testEngine>

/** Commands that reply as a test says, and the ops that were submitted since the start. */
function withReplies(replies: Readonly<Record<string, CommandReply>>) {
  const ops: string[] = []
  const engine = (inner: RunningEngine): RunningEngine => ({
    ...inner,
    async submit(op) {
      if (op.type === "turn.interrupt") ops.push(op.type)
      return inner.submit(op)
    },
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      const reply = query.type === "command.resolve" ? replies[query.name] : undefined
      return reply === undefined ? inner.ask(query) : (reply as QueryAnswer<Q>)
    },
  })
  return { engine, ops }
}

test(
  "a line is a prompt, its answer follows, and leaving says how to go on",
  async () => {
    const at = await sat(scriptedModel(say("Hello ", "there.")))
    expect(await at.until("› ")).toBe("\n› ")
    at.type("hi")
    expect(await at.until("\n› ")).toBe("\n  Hello there.\n\n› ")
    at.type("/quit")
    await at.done
    expect(at.rest()).toBe(`Kept. Go on with: skein resume ${at.sessionId}\n`)
  },
  HANG_MS,
)

test(
  "a new session in which nothing was said is not kept, and is said not to be",
  async () => {
    const at = await sat(scriptedModel(), {}, undefined, true)
    await at.until("› ")
    at.type("/quit")
    await at.done
    expect(at.rest()).toBe("Nothing was said, so nothing is kept.\n")
    expect((await at.engine.submit({ type: "session.delete", sessionId: at.sessionId })).status).toBe("rejected")
  },
  HANG_MS,
)

test(
  "a session that is open elsewhere is refused, and nothing is read from the person",
  async () => {
    const engine = testEngine(scriptedModel())
    const refused = runLines({
      engine,
      sessionId: "ses_none",
      clientId: "cli_1",
      input: (async function* () {})(),
      isEchoing: true,
      write: () => {},
      onSignal: () => () => {},
      now: () => 0,
      columns: async () => 80,
    })
    expect(refused).rejects.toThrow(SkeinError)
    await refused.catch(() => undefined)
  },
  HANG_MS,
)

test(
  "a line that ends in a backslash goes on in the next",
  async () => {
    const model = scriptedModel(say("Both."))
    const at = await sat(model)
    at.type("one\\")
    at.type("two")
    await at.until("Both.")
    await at.leave()
    expect(JSON.stringify(model.requests[0]?.messages.at(-1))).toContain("one\\ntwo")
  },
  HANG_MS,
)

test(
  "a yes counts only alone, and only when the question could be read before it",
  async () => {
    const at = await sat(scriptedModel(call("write", {}), say("Done.")))
    at.type("go")
    await at.until("<what instead>: ")
    at.type("y and then the tests")
    await at.until("<what instead>: ")
    at.pass(-900)
    at.type("y")
    await at.until("<what instead>: ")
    at.type("y")
    expect(await at.until("Done.")).toContain("✓ write")
    await at.leave()
  },
  HANG_MS,
)

test(
  "y allows once, n refuses, and Enter alone does neither",
  async () => {
    const at = await sat(scriptedModel(call("write", {}), say("Done."), call("write", {}), say("Not done.")))
    at.type("go")
    await at.until("<what instead>: ")
    at.type("")
    expect(await at.until("<what instead>: ")).toBe(
      "  y once · s this session · p this project · u everywhere\n  n no · f <what instead>: ",
    )
    at.type("y")
    expect(await at.until("Done.")).toContain("✓ write {}")
    at.type("again")
    await at.until("<what instead>: ")
    at.type("n")
    expect(await at.until("Not done.")).toContain("✗ write {}")
    await at.leave()
  },
  HANG_MS,
)

test(
  "f says what to do instead, and the model reads it",
  async () => {
    const model = scriptedModel(call("write", {}), say("Fine."))
    const at = await sat(model)
    at.type("go")
    await at.until("<what instead>: ")
    at.type("f use another file")
    await at.until("Fine.")
    await at.leave()
    expect(JSON.stringify(model.requests[1]?.messages)).toContain("use another file")
  },
  HANG_MS,
)

test(
  "an interrupt stops the turn; two of them leave, and one alone only says so",
  async () => {
    const at = await sat(scriptedModel(call("write", {}), say("never")))
    at.type("go")
    await at.until("<what instead>: ")
    at.interrupt()
    expect(await at.until("› ")).toBe("\n  – write {}  stopped\n  stopped\n\n› ")
    at.pass(10_000)
    at.interrupt()
    expect(await at.until("› ")).toBe("\nCtrl+C again leaves; the session is kept.\n\n› ")
    at.interrupt()
    await at.done
    expect(at.rest()).toStartWith("\nKept. ")
  },
  HANG_MS,
)

test(
  "a request to end leaves at once",
  async () => {
    const at = await sat(scriptedModel())
    await at.until("› ")
    at.interrupt("SIGTERM")
    await at.done
  },
  HANG_MS,
)

test(
  "commands tell and change the settings, and what they do not know they say",
  async () => {
    const at = await sat(scriptedModel())
    await at.until("› ")
    for (const [line, answer] of [
      ["/mode plan", "The mode is plan: reads and plans, changes nothing.\n"],
      [
        "/mode nope",
        "There is no mode nope.\n/mode [plan|ask|accept-edits|auto|full]  Choose what may run without asking.\n",
      ],
      ["/model test/other", "The model is test/other.\n"],
      ["/undoo", "There is no /undoo. Did you mean /undo? /help lists what there is.\n"],
    ] as const) {
      at.type(line)
      expect([line, await at.until("\n› ")]).toEqual([line, `${answer}\n› `])
    }
    at.type("/status")
    expect(await at.until("\n› ")).toMatch(
      /^model {4}test\/other\nmode {5}plan\n[\s\S]*\nsession {2}ses_1\nfolder {3}\/repo\n\n› $/,
    )
    at.type("/help")
    const help = await at.until("\n› ")
    expect(Math.max(...help.split("\n").map(({ length }) => length))).toBeLessThan(80)
    await at.leave()
  },
  HANG_MS,
)

test(
  "a command that offers choices is answered by a number; Enter alone and another command leave it",
  async () => {
    const at = await sat(scriptedModel(say("A prompt.")))
    await at.until("› ")
    at.type("/mode")
    expect(await at.until("\n› ")).toStartWith("The mode is auto. Which one instead?\n   1  plan  · reads and plans")
    at.type("9")
    expect(await at.until("\n› ")).toStartWith("9 is none of them: 1 to 5, or Enter alone.\n")
    at.type("2")
    expect(await at.until("\n› ")).toStartWith("The mode is ask:")
    at.type("/mode")
    await at.until("\n› ")
    at.type("")
    expect(await at.until("› ")).toBe("\n› ")
    at.type("/mode")
    await at.until("\n› ")
    at.type("/todos")
    expect(await at.until("\n› ")).toStartWith("The list is empty.")
    at.type("2")
    await at.until("A prompt.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "a second new session in which nothing was said is not kept either",
  async () => {
    const at = await sat(scriptedModel(), {}, undefined, true)
    await at.until("› ")
    at.type("/new")
    await at.until("A new session.")
    await at.until("› ")
    await at.leave()
    expect(at.rest()).toEndWith("Nothing was said, so nothing is kept.\n")
    expect(await at.engine.submit({ type: "session.delete", sessionId: at.sessionId })).toMatchObject({
      status: "rejected",
    })
  },
  HANG_MS,
)

test(
  "what asks first is done by y alone",
  async () => {
    const { engine, ops } = withReplies({
      undo: {
        kind: "ops",
        ops: [{ type: "turn.interrupt", sessionId: "ses_1" }],
        confirm: "All of it?",
        done: "Done.",
      },
    })
    const at = await sat(scriptedModel(), {}, engine)
    await at.until("› ")
    at.type("/undo")
    expect(await at.until("\n› ")).toBe("All of it?\ny does it; anything else does not.\n\n› ")
    at.type("")
    expect(await at.until("\n› ")).toBe("Nothing was done.\n\n› ")
    expect(ops).toEqual([])
    at.type("/undo")
    await at.until("\n› ")
    at.type("y")
    await at.until("› ")
    expect(ops).toEqual(["turn.interrupt"])
    await at.leave()
  },
  HANG_MS,
)

test(
  "a command that asks the model says so, and an interrupt stops it",
  async () => {
    const stopped = Promise.withResolvers<void>()
    const slow = (inner: RunningEngine): RunningEngine => ({
      ...inner,
      async submit(op) {
        if (op.type === "turn.interrupt") stopped.resolve()
        if (op.type !== "context.compact") return inner.submit(op)
        await stopped.promise
        return { status: "rejected", code: "call.cancelled", message: "Interrupted." }
      },
    })
    const at = await sat(scriptedModel(), {}, slow)
    await at.until("› ")
    at.type("/compact")
    await at.until("The model is asked; Ctrl+C stops it.\n")
    at.interrupt()
    expect(await at.until("\n› ")).toBe("  Interrupted.\n\n› ")
    await at.leave()
  },
  HANG_MS,
)

test(
  "/new goes on in another session, /resume comes back, and leaving names the one that is open",
  async () => {
    const at = await sat(scriptedModel(say("First."), say("Second.")))
    at.type("one")
    await at.until("First.\n\n› ")
    at.type("/new")
    expect(await at.until("\n› ")).toBe(`A new session. The one before is ${at.sessionId}.\n\n› `)
    at.type("two")
    await at.until("Second.\n\n› ")
    at.type(`/resume ${at.sessionId}`)
    expect(await at.until("\n› one\n\n  First.\n\n› ")).not.toContain("Second")
    at.type("/quit")
    await at.done
    expect(at.rest()).toBe(`Kept. Go on with: skein resume ${at.sessionId}\n`)
  },
  HANG_MS,
)

test(
  "a session that cannot be opened leaves the person where they are",
  async () => {
    const at = await sat(scriptedModel(say("Still here.")))
    await at.until("› ")
    at.type("/resume ses_nowhere")
    expect(await at.until("\n› ")).toContain("nowhere")
    at.type("hi")
    await at.until("Still here.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "a path at the start of a line is a prompt",
  async () => {
    const model = scriptedModel(say("It is a file."))
    const at = await sat(model)
    at.type("/etc/hosts is what?")
    await at.until("It is a file.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "a line typed while a turn runs joins it, and that is said",
  async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const slow = testTools({ slow: { run: () => promise } })
    const model = scriptedModel(call("slow", {}), say("Both."))
    const at = await sat(model, { tools: slow })
    at.type("go")
    await at.until("… slow")
    at.type("and this")
    expect(await at.until("step)\n")).toEndWith("  (joins at the next step)\n")
    resolve("done")
    await at.until("Both.")
    await at.leave()
    expect(JSON.stringify(model.requests[1]?.messages)).toContain("and this")
  },
  HANG_MS,
)

test(
  "a line that the terminal cut is not sent, and that is said",
  async () => {
    const model = scriptedModel(say("Here."))
    const at = await sat(model)
    for (const line of ["x".repeat(4_095), "語".repeat(1_365), `${"x".repeat(4_091)}\\`]) {
      at.type(line)
      expect(await at.until("skein -p < file\n\n› ")).toContain("Nothing was sent.")
    }
    expect(model.requests).toEqual([])
    at.type("x".repeat(4_000))
    await at.until("Here.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "a line that a stopped turn did not take is said to wait",
  async () => {
    const slow = testTools({
      slow: { run: (_, { signal }) => new Promise((done) => signal.addEventListener("abort", () => done("cut"))) },
    })
    const at = await sat(scriptedModel(call("slow", {}), say("First."), say("Then.")), { tools: slow })
    at.type("go")
    await at.until("… slow")
    at.type("and this")
    await at.until("(joins at the next step)\n")
    at.interrupt()
    expect(await at.until("\n› ")).toEndWith(
      "  stopped\n  (what you typed meanwhile waits, and joins your next prompt)\n\n› ",
    )
    at.type("again")
    await at.until("First.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "p keeps the answer for the project, t tries it in a copy first and y then keeps what it did",
  async () => {
    const kept: string[] = []
    const held = testTools({
      make: { effects: [{ kind: "execute", command: "make", isConfined: true }], run: () => "built\u001b[2J" },
    })
    const changes = [{ path: "/repo/a.txt", kind: "update", before: "1", after: "2", diff: "-a\n+b" }] as const
    const layers = memoryLayers({ changes: [...changes] })
    const at = await sat(scriptedModel(call("make", {}), say("Done."), call("make", {}), say("Again.")), {
      ...{ tools: held, layers, settings: { ...TEST_SETTINGS, mode: "ask" } },
      keepRule: async ({ scope, command }) => void kept.push(`${scope} ${command}`),
    })
    at.type("go")
    await at.until("<what instead>: ")
    at.type("t")
    const tried = await at.until("<what instead>: ")
    expect(tried).toContain("tried in a throw-away copy without network")
    expect(tried).toContain("    changes  /repo/a.txt\n    -a\n    +b\n    said     built\\e[2J\n")
    expect(tried).toContain("y keep it")
    at.type("y")
    await at.until("Done.")
    expect(layers.ends).toEqual(["kept"])

    at.type("again")
    await at.until("<what instead>: ")
    at.type("p")
    await at.until("Again.")
    expect(kept).toEqual(["project make"])
    await at.leave()
  },
  HANG_MS,
)

test(
  "a rule that cannot be kept answers nothing, and that is said",
  async () => {
    const keepRule = () => Promise.reject(new SkeinError("config.invalid", "Cannot write the rules."))
    const at = await sat(scriptedModel(call("write", {}), say("Done.")), { keepRule })
    at.type("go")
    await at.until("<what instead>: ")
    at.type("u")
    expect(await at.until("<what instead>: ")).toContain("Cannot write the rules.")
    at.type("y")
    await at.until("Done.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "an answer that may be meant for what was asked before approves nothing",
  async () => {
    const { engine } = withReplies({ ask: { kind: "ops", ops: [], done: "Done that.", confirm: "Sure?" } })
    const started = Promise.withResolvers<void>()
    const slow = testTools({
      slow: { run: () => started.promise.then(() => "went on") },
      write: { effects: [{ kind: "write", paths: ["/etc/hosts"], isInside: false }], run: () => "written" },
    })
    const model = scriptedModel(call("slow", {}), call("write", {}), say("Done."))
    const at = await sat(model, { tools: slow }, engine)
    at.type("go")
    await at.until("… slow")
    at.type("/ask")
    await at.until("Sure?")
    started.resolve()
    await at.until("<what instead>: ")
    at.type("y")
    await at.until("<what instead>: ")
    at.type("y")
    expect(await at.until("Done.")).toContain("✓ write")
    await at.leave()
  },
  HANG_MS,
)
