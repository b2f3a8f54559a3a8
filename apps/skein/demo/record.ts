// Records the demo's cassette anew: a scripted model on loopback answers, everything else is real.
//   node tools/build/with-bun.mjs run apps/skein/demo/record.ts
// A live recording can take its place: run skein -p with --record on a copy of the project and keep the file.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const HERE = import.meta.dir
const BINARY = join(HERE, "../../../dist/skein")
const LABEL = "recorded from a scripted local model, not from a live one"
/** Milliseconds between two pieces of text, as a quick model streams them. */
const PACE_MS = 35

type Block = { readonly say: string } | { readonly call: string; readonly input: unknown }

const SCRIPT: readonly (readonly Block[])[] = [
  [
    { say: "I will run the tests and see what is here." },
    { call: "bash", input: { command: "sh test/run.sh" } },
    { call: "tree", input: {} },
  ],
  [
    { say: "Two cases fail, both with dashes too many. I will look at the code that makes them." },
    { call: "grep", input: { pattern: "slug" } },
    { call: "read", input: { path: "lib/slug.sh" } },
  ],
  [
    {
      say:
        "Each character that is no letter or digit becomes a dash of its own, so a space beside a comma gives two, and " +
        "the ends keep theirs. A run of them has to become one dash, and dashes at the ends have to go.",
    },
    {
      call: "edit",
      input: {
        path: "lib/slug.sh",
        oldText: "    sed -e 's/&/ and /g' -e 's/[^a-z0-9]/-/g'",
        newText: "    sed -e 's/&/ and /g' -e 's/[^a-z0-9]\\{1,\\}/-/g' -e 's/^-//' -e 's/-$//'",
      },
    },
  ],
  [{ say: "Now the tests again." }, { call: "bash", input: { command: "sh test/run.sh" } }],
  [
    {
      say:
        "The tests pass. In lib/slug.sh:6 a run of other characters now becomes one dash, and dashes at both ends are " +
        "removed.\n\nRun after the change: `sh test/run.sh`, exit 0, three cases. Not checked: titles in other alphabets, " +
        "which the function drops, as it did before.",
    },
  ],
]

async function* reply(blocks: readonly Block[], step: number): AsyncGenerator<string> {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
  const usage = {
    input_tokens: 1_500 + step * 400,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  }
  yield event("message_start", {
    message: { id: `msg_${step}`, type: "message", role: "assistant", content: [], usage },
  })
  await Bun.sleep(400)
  for (const [index, block] of blocks.entries()) {
    const isCall = "call" in block
    const start = isCall
      ? { type: "tool_use", id: `toolu_${step}_${index}`, name: block.call, input: {} }
      : { type: "text", text: "" }
    yield event("content_block_start", { index, content_block: start })
    const text = isCall ? JSON.stringify(block.input) : block.say
    for (const piece of text.match(/\s*\S{1,9}|\s+$/g) ?? []) {
      const delta = isCall ? { type: "input_json_delta", partial_json: piece } : { type: "text_delta", text: piece }
      yield event("content_block_delta", { index, delta })
      await Bun.sleep(isCall ? PACE_MS / 3 : PACE_MS)
    }
    yield event("content_block_stop", { index })
  }
  const hasCalls = blocks.some((block) => "call" in block)
  yield event("message_delta", {
    delta: { stop_reason: hasCalls ? "tool_use" : "end_turn" },
    usage: { output_tokens: 60 },
  })
  yield event("message_stop", {})
}

let step = 0
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch() {
    const blocks = SCRIPT[step++]
    if (blocks === undefined) return new Response("The script is over", { status: 500 })
    const stream = new ReadableStream({
      async start(controller) {
        for await (const text of reply(blocks, step)) controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    })
    return new Response(stream, { headers: { "content-type": "text/event-stream" } })
  },
})

const folder = mkdtempSync(join(tmpdir(), "skein-record-"))
try {
  const project = join(folder, "slug")
  cpSync(join(HERE, "project"), project, { recursive: true })
  const prompt = readFileSync(join(HERE, "prompt.txt"), "utf8").trim()
  const tape = join(HERE, "cassette.tape")
  const args = ["-m", "anthropic/claude-sonnet-4-5", "--record", tape, "--record-label", LABEL, "-p", prompt]
  const child = Bun.spawn([BINARY, ...args], {
    cwd: project,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      SKEIN_HOME: join(folder, "home"),
      ANTHROPIC_API_KEY: "scripted",
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${server.port}`,
    },
    stdio: ["ignore", "inherit", "inherit"],
  })
  process.exitCode = await child.exited
  // Where it was recorded is nobody's business, and not part of what a replay compares.
  writeFileSync(tape, readFileSync(tape, "utf8").replaceAll(folder, "/home/you"))
} finally {
  rmSync(folder, { recursive: true, force: true })
  await server.stop(true)
}
