import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, say, scriptedModel, testEngine, testShell, testTools } from "@skein/testkit"
import { runLines } from "../src/index.ts"
import { type RunningEngine, sat, withReplies } from "./sat.ts"

const HANG_MS = 5_000

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
  "Ctrl+L that a terminal hands on in a line is no part of what was said",
  async () => {
    const model = scriptedModel(say("Hello."))
    const at = await sat(model)
    await at.until("› ")
    at.type("\f")
    at.type("\fhi")
    await at.until("Hello.")
    await at.leave()
    expect(model.requests).toHaveLength(1)
    expect(JSON.stringify(model.requests[0]?.messages)).not.toContain("\\f")
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
  "a line that begins with ! is run, and shows what it printed and how it ended",
  async () => {
    const seen: string[] = []
    const shellLines = testShell((command) => {
      seen.push(command)
      return {
        forModel: [{ type: "text", text: "clean\n(exit 0)" }],
        forHuman: { kind: "command", body: "clean\n", summary: "exit 0" },
      }
    })
    const model = scriptedModel(say("I see."))
    const at = await sat(model, { shellLines })
    await at.until("› ")
    at.type("!git status")
    expect(await at.until("\n› ")).toBe("  clean\n  ✓ exit 0\n\n› ")
    at.type("!! pass show work")
    expect(await at.until("\n› ")).toBe("  clean\n  ✓ exit 0, the model is not told\n\n› ")
    at.type("so?")
    await at.until("I see.")
    await at.leave()
    expect(seen).toEqual(["git status", "pass show work"])
    expect(JSON.stringify(model.requests[0]?.messages)).not.toContain("pass show")
  },
  HANG_MS,
)

test(
  "Ctrl+C stops a command that runs, and the prompt comes back",
  async () => {
    const begun = Promise.withResolvers<void>()
    const shellLines = testShell((_, { signal }) => {
      begun.resolve()
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
    })
    const at = await sat(scriptedModel(), { shellLines })
    await at.until("› ")
    at.type("!sleep 100")
    await begun.promise
    at.interrupt()
    expect(await at.until("\n› ")).toContain("– stopped")
    await at.leave()
  },
  HANG_MS,
)
