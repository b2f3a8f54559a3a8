import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Codex, type ThreadEvent, type ThreadOptions } from "@openai/codex-sdk"
import type { Reply } from "@skein/testkit/providers"
import { type Ground, ground, isMissing, program } from "./program.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let at: Ground
let provider: Ground["provider"]
beforeAll(() => {
  at = ground(replyTo)
  provider = at.provider
})
beforeEach(() => {
  provider.seen.length = 0
})
afterAll(() => at.remove())

function replyTo(prompt: string): Reply {
  const made = /^make (\S+)/.exec(prompt)?.[1]
  if (made) return { text: "I will.", call: { name: "write", input: { path: made, content: "made\n" } } }
  if (prompt.includes("run it")) return { call: { name: "bash", input: { command: "echo out; echo err >&2; exit 3" } } }
  if (prompt.includes("wait for me")) return { text: "Let me think", hangs: true }
  if (prompt.includes("refuse")) return { status: 400 }
  if (prompt.includes("as json")) return { text: '{"answer":42}' }
  return { text: `You said: ${prompt}` }
}

function codex(): Codex {
  return new Codex({ codexPathOverride: program, baseUrl: provider.url, apiKey: "sk-sdk", env: at.env })
}

function options(more: ThreadOptions = {}): ThreadOptions {
  return {
    model: "gpt-5.5",
    workingDirectory: at.folder,
    skipGitRepoCheck: true,
    sandboxMode: "workspace-write",
    modelReasoningEffort: "high",
    approvalPolicy: "never",
    networkAccessEnabled: false,
    webSearchMode: "disabled",
    ...more,
  }
}

async function all(events: AsyncIterable<ThreadEvent>): Promise<ThreadEvent[]> {
  const seen: ThreadEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

const USAGE = {
  input_tokens: 100,
  cached_input_tokens: 40,
  cache_write_input_tokens: 0,
  output_tokens: 30,
  reasoning_output_tokens: 7,
}

test.skipIf(isMissing)(
  "the SDK runs a prompt, and what it says of model, key and effort reaches the provider",
  async () => {
    const thread = codex().startThread(options())
    const turn = await thread.run("hello")

    expect(turn).toEqual({
      items: [{ id: "item_0", type: "agent_message", text: "You said: hello" }],
      finalResponse: "You said: hello",
      usage: USAGE,
    })
    expect(thread.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/)
    expect(provider.seen[0]).toMatchObject({ key: "Bearer sk-sdk", model: "gpt-5.5", effort: "high" })
  },
)

test.skipIf(isMissing)("the SDK streams a command and its output", async () => {
  const { events } = await codex().startThread(options()).runStreamed("run it")
  const seen = await all(events)
  const command = "/bin/bash -lc 'echo out; echo err >&2; exit 3'"
  const item = { id: "item_0", type: "command_execution", command } as const

  expect(seen.slice(1)).toEqual([
    { type: "turn.started" },
    { type: "item.started", item: { ...item, aggregated_output: "", exit_code: null, status: "in_progress" } },
    { type: "item.completed", item: { ...item, aggregated_output: "out\nerr\n", exit_code: 3, status: "failed" } },
    { type: "item.completed", item: { id: "item_1", type: "agent_message", text: "All done here." } },
    { type: "turn.completed", usage: expect.objectContaining({ input_tokens: 200, output_tokens: 60 }) },
  ] as ThreadEvent[])
})

test.skipIf(isMissing)("a file the model writes is there, and told as a change with its absolute path", async () => {
  const { items } = await codex().startThread(options()).run("make made.txt")

  expect(readFileSync(join(at.folder, "made.txt"), "utf8")).toBe("made\n")
  expect(items).toMatchObject([
    { type: "agent_message", text: "I will." },
    { type: "file_change", changes: [{ path: join(at.folder, "made.txt"), kind: "add" }], status: "completed" },
    { type: "agent_message", text: "All done here." },
  ])
})

test.skipIf(isMissing)(
  "a thread is gone on with, its usage counts the earlier turns, and a schema holds for one turn",
  async () => {
    const schema = {
      type: "object",
      properties: { answer: { type: "number" } },
      required: ["answer"],
      additionalProperties: false,
    }
    const thread = codex().startThread(options())
    const first = await thread.run("answer as json", { outputSchema: schema })
    const again = codex().resumeThread(thread.id ?? "", options())
    const second = await again.run("hello again")

    expect(JSON.parse(first.finalResponse)).toEqual({ answer: 42 })
    expect(second).toMatchObject({ finalResponse: "You said: hello again", usage: { input_tokens: 200 } })
    expect(again.id).toBe(thread.id)
    expect(provider.seen.map(({ format }) => format)).toEqual([
      { type: "json_schema", name: "codex_output_schema", strict: true, schema },
      undefined,
    ])
  },
)

test.skipIf(isMissing)("an answer that does not fit the schema fails the turn", async () => {
  const thread = codex().startThread(options())
  const failure = thread.run("hello", { outputSchema: { type: "object" } })

  expect(await failure.catch((error: Error) => error.message)).toStartWith("The answer is not JSON")
})

test.skipIf(isMissing)("images reach the model before the text", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  )
  const path = join(at.folder, "dot.png")
  writeFileSync(path, png)
  await codex()
    .startThread(options())
    .run([
      { type: "text", text: "look" },
      { type: "local_image", path },
      { type: "text", text: "closely" },
    ])

  expect(provider.seen[0]?.last.content).toMatchObject([
    { type: "input_image", image_url: `data:image/png;base64,${png.toString("base64")}` },
    { type: "input_text", text: "look\n\nclosely" },
  ])
})

test.skipIf(isMissing)("an abort ends the turn, and the thread can be gone on with", async () => {
  const stop = new AbortController()
  const thread = codex().startThread(options())
  const { events } = await thread.runStreamed("wait for me", { signal: stop.signal })
  const running = (async () => {
    for await (const event of events) if (event.type === "turn.started") stop.abort()
  })()

  expect(await running.catch((error: Error) => error.name)).toBe("AbortError")
  expect(
    (
      await codex()
        .resumeThread(thread.id ?? "", options())
        .run("hello")
    ).finalResponse,
  ).toBe("You said: hello")
})

test.skipIf(isMissing)("a refusal of the provider is thrown, and an unknown thread ends the program", async () => {
  const messageOf = (run: Promise<unknown>) => run.then(String, (error: Error) => error.message)
  const unknown = codex().resumeThread("0199aaaa-0000-7000-8000-000000000000", options())

  expect(await messageOf(codex().startThread(options()).run("refuse"))).toContain("The provider on loopback refuses.")
  expect(await messageOf(unknown.run("hello"))).toContain(
    "Error: thread/resume: thread/resume failed: no rollout found for thread id 0199aaaa",
  )
})

test.skipIf(isMissing)("the sandbox of Codex's exec holds: read-only by default", async () => {
  const { sandboxMode: _, ...rest } = options()
  const { items } = await codex().startThread(rest).run("make forbidden.txt")

  expect(existsSync(join(at.folder, "forbidden.txt"))).toBe(false)
  expect(items).toMatchObject([{}, { type: "file_change", status: "failed" }, {}])
})
