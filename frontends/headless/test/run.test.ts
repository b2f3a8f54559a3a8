import { expect, test } from "bun:test"
import { SkeinError, turnOfCommand } from "@skein/protocol"
import {
  call,
  fail,
  openSession,
  type Scripted,
  type ScriptedModel,
  say,
  scriptedModel,
  testEngine,
  testTools,
} from "@skein/testkit"
import { EXIT, exitCodeOf, runHeadless } from "../src/index.ts"

const tools = testTools({
  write: { effects: [{ kind: "write", paths: ["/etc/hosts"], isInside: false }], run: () => "written" },
})

async function run(
  model: ScriptedModel,
  options: {
    format?: "text" | "events"
    yes?: boolean
    ports?: Parameters<typeof testEngine>[1]
    turn?: { name: string; args?: string } | { call: string }
  } = {},
) {
  const engine = testEngine(model, { tools, ...options.ports })
  const session = await openSession(engine)
  const out: string[] = []
  const progress: string[] = []
  const of = options.turn
  const typed = of === undefined || "call" in of ? "go" : `/${of.name} ${of.args ?? ""}`
  const turn =
    of !== undefined && "call" in of
      ? ({ type: "call.make", sessionId: session.id, name: of.call, input: {} } as const)
      : await turnOfCommand(engine, session.id, [{ type: "text", text: typed }])
  const result = await runHeadless({
    turn,
    engine,
    sessionId: session.id,
    clientId: "cli_1",
    input: [{ type: "text", text: "go" }],
    format: options.format ?? "text",
    isApprovingAll: options.yes ?? false,
    answer: (line) => out.push(line),
    progress: (line) => progress.push(line),
    signal: new AbortController().signal,
  })
  await engine.close()
  return { out, progress, result, code: exitCodeOf(result.outcome, result.refusals > 0) }
}

test("only the last message goes to stdout", async () => {
  const { out, code } = await run(scriptedModel(say("All ", "done.")))

  expect(out).toEqual(["All done."])
  expect(code).toBe(0)
})

test("what needs an approval is refused when nobody is there, and the exit code says so", async () => {
  const { progress, code } = await run(scriptedModel(call("write", {}), say("I could not.")))

  expect(progress.join("\n")).toContain("asks    write {}: it changes files outside the workspace: /etc/hosts")
  expect(code).toBe(77)
})

test("with yes to all, everything that is asked is allowed", async () => {
  const { code, progress } = await run(scriptedModel(call("write", {}), say("Done.")), { yes: true })

  expect(progress).toContain("ok      write {}")
  expect(code).toBe(0)
})

test("what a discarded attempt had said, even in full, is no answer", async () => {
  const cut: Scripted = [
    [
      { type: "text", index: 0, text: "First." },
      { type: "item_end", index: 0 },
    ],
  ]
  const { out, result } = await run(scriptedModel(...Array.from({ length: 7 }, () => cut)))

  expect(out).toEqual([])
  expect(result).toMatchObject({ outcome: { kind: "failed", code: "provider.stream_cut" }, text: "" })
})

test("every event is a JSON line when events are wanted", async () => {
  const { out } = await run(scriptedModel(say("Hi")), { format: "events" })

  const types = out.map((line) => JSON.parse(line).type)
  expect(types).toContain("item.delta")
  expect(types.at(-1)).toBe("turn.ended")
})

test("a rate limit that does not end has its own exit code", async () => {
  const limited = fail(new SkeinError("provider.rate_limited", "Too many requests.", { retryAfterMs: 1 }))
  const script = Array.from({ length: 7 }, () => limited)

  expect((await run(scriptedModel(...script))).code).toBe(75)
})

test("a turn that the engine will not begin is told as its error, and nothing is waited for", async () => {
  const model = scriptedModel()
  const describe = () => {
    throw new SkeinError("model.no_key", "No key for this model.")
  }

  expect(run({ ...model, describe })).rejects.toMatchObject({ code: "model.no_key" })
})

test("a command that begins a turn is run to the end of that turn, and its answer is the answer", async () => {
  const model = scriptedModel(say("No findings."))
  const { out, code } = await run(model, { turn: { name: "review" } })
  expect([out, code]).toEqual([["No findings."], 0])
  expect(JSON.stringify(model.requests[0]?.messages)).toContain("Review the current code changes")
})

test("a call that the person makes is waited for, and what it gives is the answer", async () => {
  const broken = () => ({ forModel: [{ type: "text" as const, text: "Gone." }], isError: true })
  const given = { read: { run: () => "what it says" }, broken: { run: broken } }
  const ports = { tools: testTools({ ...given, write: { effects: [{ kind: "unknown" }], run: () => "written" } }) }
  const made = await run(scriptedModel(), { turn: { call: "read" }, ports })
  expect([made.out, made.code]).toEqual([["what it says"], 0])
  const failed = await run(scriptedModel(), { turn: { call: "broken" }, ports })
  expect([failed.out, failed.code, failed.result.outcome]).toEqual([
    [],
    1,
    { kind: "failed", code: "call.failed", message: expect.stringContaining("Gone.") },
  ])
  expect((await run(scriptedModel(), { turn: { call: "write" }, ports })).code).toBe(EXIT.refused)
})
