import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  fail,
  listen,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
  testTools,
  transcript,
} from "@skein/testkit"
import { visible } from "../src/index.ts"
import { withControlCharacters } from "./invariants.ts"
import { ASKED } from "./scene.ts"

/** Everything of the platform that could reach a disk, a network, a terminal or the time. */
const FORBIDDEN = ["fetch", "setTimeout", "setInterval", "setImmediate", "WebSocket", "XMLHttpRequest"] as const

test("a whole turn runs without file, network, terminal or clock", async () => {
  const globals = globalThis as unknown as Record<string, unknown>
  const kept = FORBIDDEN.map((name) => [name, globals[name]] as const)
  const used: string[] = []
  const now = Date.now
  for (const [name] of kept) globals[name] = () => void used.push(name)
  Date.now = () => used.push("Date.now")
  const write = process.stdout.write
  process.stdout.write = () => used.push("stdout") > 0
  try {
    const busy = new SkeinError("provider.overloaded", "Busy.")
    const model = scriptedModel(calls(["read", {}], ["shell", {}]), fail(busy, "half"), say("done"), say("queued done"))
    const tools = testTools({ read: { isConcurrent: true, run: () => "read" }, shell: { ...ASKED, run: () => "ran" } })
    const engine = testEngine(model, { tools })
    const sessionId = "ses_alone"
    await submit(engine, { type: "session.create", sessionId, cwd: "/nowhere" })
    await submit(engine, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
    const session = listen(engine, sessionId, 1)
    await submitText(engine, sessionId, "go")
    const { approvalId } = await session.until("approval.requested")
    await submitText(engine, sessionId, "and then", "queue")
    await submit(engine, { type: "approval.answer", sessionId, approvalId, answer: "allow_once" })
    await session.until("turn.ended")
    await session.until("turn.ended")
    await engine.close()
    expect(transcript(session.events)).toEndWith("turn.ended completed")
  } finally {
    for (const [name, value] of kept) globals[name] = value
    Date.now = now
    process.stdout.write = write
  }
  expect(used).toEqual([])
})

const ESCAPES = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e"

test("whoever writes the bytes of a terminal, no text of an event holds them", async () => {
  const tools = {
    ...testTools({
      evil: {
        effects: [{ kind: "execute", command: ESCAPES, isConfined: false }],
        run: (_, { progress }) => {
          progress(1, ESCAPES)
          return {
            forModel: [{ type: "text", text: ESCAPES }],
            forHuman: { kind: "command", body: ESCAPES, summary: ESCAPES },
            changes: [{ path: ESCAPES, kind: "update", before: null, after: null, diff: ESCAPES }],
            provenance: { source: ESCAPES, isTrusted: false },
          }
        },
      },
      failing: { run: () => Promise.reject(new Error(ESCAPES)) },
    }),
    describe: () => ({ title: ESCAPES, kind: "other" as const, locations: [ESCAPES] }),
  }
  const section = { source: ESCAPES, path: ESCAPES, text: ESCAPES, sha256: "h", bytes: 1 }
  const sources = { gather: async () => [section], touched: async () => [{ ...section, sha256: "i" }] }
  const cut = new SkeinError("provider.overloaded", ESCAPES)
  const model = scriptedModel(
    calls(["evil", { text: ESCAPES }], ["failing", {}], [`no ${ESCAPES}`, {}], ["failing", `{"a": ${ESCAPES}`]),
    fail(cut, ESCAPES),
    fail(new SkeinError("provider.auth", ESCAPES)),
  )
  const engine = testEngine(model, { tools, sources, onDefect: () => undefined })
  const sessionId = "ses_escapes"
  await submit(engine, { type: "session.create", sessionId, cwd: "/repo" })
  await submit(engine, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  const session = listen(engine, sessionId, 1)
  await submit(engine, { type: "session.change", sessionId, title: ESCAPES, labels: [ESCAPES] })
  await submitText(engine, sessionId, ESCAPES)
  const { approvalId } = await session.until("approval.requested")
  const feedback = ESCAPES
  await submit(engine, { type: "approval.answer", sessionId, approvalId, answer: "allow_always", feedback })
  await session.until("turn.ended")
  listen(engine, sessionId)
  await engine.close()

  expect(withControlCharacters(session.events)).toEqual([])
  expect(transcript(session.events)).toContain("turn.ended failed provider.auth")
})

test("arguments are run as the model wrote them, byte for byte", async () => {
  const seen: unknown[] = []
  const engine = testEngine(scriptedModel(call("write", { text: ESCAPES }), say("done")), {
    tools: testTools({ write: { run: (input) => `${seen.push(input)}` } }),
  })
  const sessionId = "ses_bytes"
  await submit(engine, { type: "session.create", sessionId, cwd: "/repo" })
  const session = listen(engine, sessionId)
  await submitText(engine, sessionId, "go")
  await session.until("turn.ended")
  await engine.close()

  expect(seen).toEqual([{ text: ESCAPES }])
})

test("visible text is itself, but for what would move a cursor or turn its direction", () => {
  const plain = "tab\tline\nümläut 🙂 漢字"
  expect(visible(plain)).toBe(plain)
  expect(visible("a\r\nb\rc")).toBe("a\nb\\rc")
  expect(visible("\u001b[31m\u0000\u009b\u202e")).toBe("\\e[31m\\u{0}\\u{9b}\\u{202e}")
  for (let code = 0; code < 0x2100; code++)
    expect(visible(visible(String.fromCharCode(code)))).toBe(visible(String.fromCharCode(code)))
})
