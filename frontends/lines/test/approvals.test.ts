import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, calls, memoryLayers, say, scriptedModel, TEST_SETTINGS, testTools } from "@skein/testkit"
import { sat, withReplies } from "./sat.ts"

const HANG_MS = 5_000

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
  "v shows what the question left out, every character of it, and asks again",
  async () => {
    const command = `echo ${"a".repeat(900)}; rm -rf ~\u001b[8m; echo ${"b".repeat(900)}`
    const held = testTools({ make: { effects: [{ kind: "execute", command, isConfined: true }], run: () => "built" } })
    const at = await sat(scriptedModel(call("make", {}), say("Done.")), {
      ...{ tools: held, settings: { ...TEST_SETTINGS, mode: "ask" } },
    })
    at.type("go")
    const asked = await at.until("v show all of it · n no · f <what instead>: ")
    expect(asked).not.toContain("rm -rf")
    at.type("v")
    expect(await at.until("<what instead>: ")).toContain(`${"a".repeat(900)}; rm -rf ~\\e[8m; echo ${"b".repeat(900)}`)
    at.type("y")
    await at.until("Done.")
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
      keepRule: async ({ scope, command }) => {
        kept.push(`${scope} ${command}`)
        return undefined
      },
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

test(
  "of several questions one is on the screen, and the answer is about that one",
  async () => {
    const target = (name: string) => ({
      isConcurrent: true,
      effects: [{ kind: "write", paths: [`/etc/${name}`], isInside: false }] as const,
      run: () => name,
    })
    const both = testTools({ harmless: target("harmless"), dangerous: target("dangerous") })
    const at = await sat(scriptedModel(calls(["harmless", {}], ["dangerous", {}]), say("Done.")), { tools: both })
    at.type("go")
    const first = await at.until("<what instead>: ")
    const waiting = async () =>
      (await at.engine.ask({ type: "session.read", sessionId: at.sessionId })).approvals.length
    while ((await waiting()) < 2) await new Promise((resolve) => setImmediate(resolve))
    expect([first.includes("/etc/harmless"), (first + at.rest()).includes("/etc/dangerous")]).toEqual([true, false])
    at.type("y")
    const second = await at.until("<what instead>: ")
    expect(second).toContain("/etc/dangerous")
    at.type("n")
    const end = await at.until("Done.")
    expect(second + end).toContain("✓ harmless")
    expect(end).toContain("✗ dangerous {}  refused")
    await at.leave()
  },
  HANG_MS,
)
