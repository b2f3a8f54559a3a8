import { expect, test } from "bun:test"
import { parseFlags, printTurn } from "../src/index.ts"
import { fakeEngine } from "./fake-engine.ts"
import { script } from "./script.ts"

type Line = Record<string, unknown>

/** Prints one prompt; what was written, and the exit code. */
async function print(prompt: string, ...argv: string[]) {
  const written: string[] = []
  let uuids = 0
  const code = await printTurn({
    engine: fakeEngine(script),
    prompt: [{ type: "text", text: prompt }],
    write: (line) => written.push(line),
    options: { flags: parseFlags(argv), cwd: "/w", uuid: () => `u${++uuids}` },
  })
  return { code, written }
}

/** One word or two for each line. */
function brief(line: Line): string {
  const event = line.event as { type: string; index?: number; delta?: { type?: string } } | undefined
  if (event) return ["~", event.type, event.index, event.delta?.type].filter((part) => part !== undefined).join(" ")
  const content = (line.message as { content: { type: string }[] } | undefined)?.content.map((block) => block.type)
  return [line.type, line.subtype, ...(content ?? [])].filter((part) => part !== undefined).join(" ")
}

test("a turn with a call is these lines, in this order, a whole block before its end", async () => {
  const { written } = await print("read it", "--output-format=stream-json", "--include-partial-messages")

  expect(written.map((text) => brief(JSON.parse(text)))).toEqual([
    "system init",
    "system status",
    "~ message_start",
    "~ content_block_start 0",
    "~ content_block_delta 0 input_json_delta",
    "assistant tool_use",
    "~ content_block_stop 0",
    "~ message_delta",
    "~ message_stop",
    "user tool_result",
    "system status",
    "~ message_start",
    "~ content_block_start 0",
    "~ content_block_delta 0 text_delta",
    "~ content_block_delta 0 text_delta",
    "assistant text",
    "~ content_block_stop 0",
    "~ message_delta",
    "~ message_stop",
    "result success",
  ])
})

test("every line carries the session's UUID and one of its own", async () => {
  const { written } = await print("read it", "--output-format=stream-json")
  const lines: Line[] = written.map((text) => JSON.parse(text))

  expect(new Set(lines.map((line) => line.session_id)).size).toBe(1)
  expect(new Set(lines.map((line) => line.uuid)).size).toBe(lines.length)
})

test("a call and its result are told in the host's words", async () => {
  const { written } = await print("read it", "--output-format=stream-json")
  const [init, call, result] = written.map((text) => JSON.parse(text))

  expect(init).toMatchObject({
    tools: ["Read", "Write", "Edit", "Bash", "Grep"],
    model: "claude-sonnet-4-5",
    permissionMode: "default",
  })
  expect(call.message.content).toEqual([
    { type: "tool_use", id: "toolu_1-0", name: "Read", input: { file_path: "/w/a.txt" } },
  ])
  expect(result).toMatchObject({
    message: { content: [{ type: "tool_result", tool_use_id: "toolu_1-0", content: "a\nb", is_error: false }] },
    tool_use_result: {
      type: "text",
      file: { filePath: "/w/a.txt", content: "a\nb", numLines: 2, startLine: 1, totalLines: 2 },
    },
  })
})

test("json is the result alone, or every line when verbose, and text is its text", async () => {
  const json = await print("hello", "--output-format=json")
  const verbose = await print("hello", "--output-format=json", "--verbose")
  const text = await print("hello")

  expect(json.written.map((line) => JSON.parse(line).type)).toEqual(["result"])
  expect(JSON.parse(verbose.written[0] ?? "").map(brief)).toEqual([
    "system init",
    "assistant thinking",
    "assistant text",
    "result success",
  ])
  expect(text).toEqual({ code: 0, written: ["Hello there friend"] })
})

test("a failed request ends with code 1 and its reason", async () => {
  expect(await print("break it")).toEqual({ code: 1, written: ["API Error: The provider is overloaded."] })
})

test("a session that is gone on with keeps its settings, but for what the flags say", async () => {
  const engine = fakeEngine(script)
  const settings = { model: "openai/gpt-5", mode: "auto" } as const
  const go = (...argv: string[]) => {
    const options = { flags: parseFlags(argv), cwd: "/w", settings }
    return printTurn({ engine, prompt: [{ type: "text", text: "hello" }], write: () => {}, options })
  }
  await go("--session-id=0199-mine")
  await go("--resume=0199-mine", "--permission-mode=plan")
  await go("--continue")

  expect(engine.ops.filter((op) => op.type === "session.create" || op.type === "settings.change")).toEqual([
    { type: "session.create", sessionId: "ses_0199-mine", cwd: "/w", settings, isInteractive: false },
    { type: "settings.change", sessionId: "ses_0199-mine", changes: { mode: "plan" } },
  ])
})

test("a signal interrupts the turn, and its result is still written", async () => {
  const stop = new AbortController()
  const written: string[] = []
  const code = await printTurn({
    engine: fakeEngine(script),
    prompt: [{ type: "text", text: "wait for me" }],
    write: (line) => {
      written.push(line)
      stop.abort()
    },
    options: { flags: parseFlags(["--output-format=stream-json"]), cwd: "/w" },
    signal: stop.signal,
  })

  expect(code).toBe(1)
  expect(written.map((text) => brief(JSON.parse(text)))).toEqual([
    "system init",
    "assistant text",
    "user text",
    "result error_during_execution",
  ])
})

test("lines by the short name leave out what the model thinks, unless that is asked for", async () => {
  const outline = async (...argv: string[]) =>
    (await print("hello", ...argv, "--include-partial-messages")).written.map((text) => brief(JSON.parse(text)))
  const [without, with_] = [await outline("--stream-json"), await outline("--stream-json-thinking")]
  expect(without).toEqual([
    ...["system init", "system status", "~ message_start", "~ content_block_start 0"],
    ...Array(3).fill("~ content_block_delta 0 text_delta"),
    ...["assistant text", "~ content_block_stop 0", "~ message_delta", "~ message_stop", "result success"],
  ])
  expect(with_.filter((line) => line.startsWith("assistant"))).toEqual(["assistant thinking", "assistant text"])
})
