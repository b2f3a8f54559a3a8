import { expect, test } from "bun:test"
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { tinyModel } from "@skein/testkit/gguf"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 120_000

/** llama.cpp as the lock file has it, where this platform has a package; else these tests are counted as skipped. */
const PLATFORM = `${process.platform}-${process.arch}`
const LIBRARIES = join(
  import.meta.dir,
  "../../../adapters/llama/node_modules/@node-llama-cpp",
  PLATFORM,
  "bins",
  PLATFORM,
)
const HAS_RUNTIME = existsSync(join(LIBRARIES, "llama-addon.node"))
/** A network with nothing in it, not even the loopback. */
const OFFLINE = ["unshare", "--map-root-user", "--net"]
const CAN_BE_OFFLINE = Bun.spawnSync([...OFFLINE, "true"], { stderr: "ignore" }).success

describeBinary("a model that is a file of this machine", () => {
  test.skipIf(!HAS_RUNTIME || !CAN_BE_OFFLINE)(
    "answers without any network: its text streams, it calls a tool within the tool's schema, and the loop runs it",
    async () => {
      const scene = withModel()
      try {
        const added = await scene.run(["models", "add", "tiny.gguf"])
        expect([added.code, added.err]).toEqual([0, ""])
        expect(added.out).toContain("local/tiny: llama, 522 kB, window up to 65536 tokens")
        const { code, out } = await offline(scene, [
          ...["-p", "hello", "--model", "local/tiny", "--output-format", "stream-json"],
          ...["--include-partial-messages", "--tools", "TodoWrite"],
        ])
        expect(code).toBe(0)
        const lines = out
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Line)
        const blocks = lines.flatMap(({ message }) => (Array.isArray(message?.content) ? message.content : []))
        expect(blocks.map(({ type, name, is_error }) => [type, name ?? is_error])).toEqual([
          ["tool_use", "TodoWrite"],
          ["tool_result", false],
          ["text", undefined],
        ])
        expect(lines.filter(({ type }) => type === "stream_event").length).toBeGreaterThan(3)
        expect(lines.at(-1)).toMatchObject({ type: "result", subtype: "success" })
        const left = await scene.run(["egress", "--json"])
        expect(JSON.parse(left.out).sums).toEqual([])
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.skipIf(!HAS_RUNTIME || !CAN_BE_OFFLINE)(
    "answers without any network in a schema of choices alone, and with nothing else",
    async () => {
      const scene = withModel()
      try {
        await scene.run(["models", "add", "tiny.gguf"])
        const verdict = { type: "string", enum: ["good", "bad", "unclear"] }
        const isSure = { type: "string", enum: ["sure", "unsure"] }
        const properties = { verdict, isSure }
        const schema = { type: "object", properties, required: ["verdict", "isSure"], additionalProperties: false }
        writeFileSync(scene.path("schema.json"), JSON.stringify(schema))
        const { code, out } = await offline(scene, [
          ...["exec", "--skip-git-repo-check", "-m", "local/tiny", "--output-schema", "schema.json", "judge it"],
        ])
        const answer = JSON.parse(out) as Record<string, string>
        expect([code, Object.keys(answer)]).toEqual([0, ["verdict", "isSure"]])
        expect([verdict.enum.includes(answer.verdict ?? ""), isSure.enum.includes(answer.isSure ?? "")]).toEqual([
          true,
          true,
        ])
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.skipIf(!HAS_RUNTIME || !CAN_BE_OFFLINE)(
    "is asked by the name of its file too, which is how a path in the settings names it",
    async () => {
      const scene = withModel({ name: "Small Router.gguf" })
      try {
        expect((await scene.run(["models", "add", "Small Router.gguf"])).out).toContain("local/small-router:")
        const asked = ["--output-format", "stream-json", "--tools", "TodoWrite"]
        const { code, out } = await offline(scene, ["-p", "hello", "-m", "local/Small Router.gguf", ...asked])
        expect([code, blocksOf(out).map(({ type, name }) => name ?? type)]).toEqual([
          0,
          ["TodoWrite", "tool_result", "text"],
        ])
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.skipIf(!CAN_BE_OFFLINE)(
    "a provider elsewhere is not waited for where there is no network, and it is said what can be asked",
    async () => {
      const scene = new Scene({ ANTHROPIC_API_KEY: "sk-none" })
      try {
        const { code, out, err } = await offline(scene, ["-p", "hello", "--model", "anthropic/claude-sonnet-5-5"])
        expect([code, out]).toEqual([69, ""])
        expect(err).toMatch(
          /^skein: This machine has no network, so Anthropic cannot be reached\. .*skein models local/,
        )
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "without llama.cpp it says how to get it, and nothing is tried again",
    async () => {
      const scene = withModel({ hasRuntime: false })
      try {
        await scene.run(["models", "add", "tiny.gguf"])
        const ran = await scene.run(["-p", "hello", "--model", "local/tiny"])
        expect(ran.err).toContain("`skein models runtime install` gets it")
        expect(ran.err).not.toContain("tries again")
        expect((await scene.run(["models", "runtime"])).code).toBe(1)
        expect((await scene.run(["models", "rm", "local/tiny"])).out).toBe("local/tiny is gone\n")
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )
})

describeBinary("an Ollama alone", () => {
  test(
    "is the one place that anything goes to, over a session with its title, a list of models, a compaction and a resume",
    async () => {
      const server = ollama()
      const scene = new Scene({ OLLAMA_HOST: `127.0.0.1:${server.port}` })
      try {
        const first = await scene.run(["-p", "say hello", "--model", "ollama/qwen3"])
        expect([first.code, first.out]).toEqual([0, "hello\n"])
        expect((await scene.run(["models", "qwen"])).out).toContain("ollama/qwen3")
        const shown = (await scene.run(["models", "show", "ollama/qwen3"])).out
        expect(shown).toMatch(/^window +[\d.]+k tokens$/m)
        expect(shown).toMatch(/^key +it needs none$/m)
        expect((await scene.run(["resume", "--last", "-p", "and again"])).code).toBe(0)
        await scene.run(["compact", "--last"])
        const { sums } = JSON.parse((await scene.run(["egress", "--json"])).out) as { sums: readonly Sum[] }
        expect([...new Set(sums.map(({ host, port }) => `${host}:${port}`))]).toEqual([`127.0.0.1:${server.port}`])
      } finally {
        await server.stop(true)
        scene.remove()
      }
    },
    HANG_MS,
  )
})

interface Line {
  readonly type: string
  readonly message?: { readonly content: string | readonly Block[] }
}
interface Block {
  readonly type: string
  readonly name?: string
  readonly is_error?: boolean
}
interface Sum {
  readonly host: string
  readonly port: number
}

/** What the messages of a run are made of. */
function blocksOf(out: string): readonly Block[] {
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
  return lines.flatMap(({ message }) => (Array.isArray(message?.content) ? message.content : []))
}

function withModel({ hasRuntime = HAS_RUNTIME, name = "tiny.gguf" } = {}): Scene {
  const scene = new Scene()
  writeFileSync(scene.path(name), tinyModel({ isCallingTools: true }))
  mkdirSync(join(scene.data, "runtime"), { recursive: true })
  if (hasRuntime) symlinkSync(LIBRARIES, join(scene.data, "runtime/llama-3.22.1"))
  return scene
}

async function offline(scene: Scene, args: readonly string[]) {
  const child = Bun.spawn([...OFFLINE, BINARY, ...args], {
    cwd: scene.cwd,
    env: scene.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out, err, code }
}

function ollama() {
  return Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0 },
    fetch(request) {
      switch (new URL(request.url).pathname) {
        case "/api/tags":
          return Response.json({ models: [{ name: "qwen3" }] })
        case "/api/show":
          return Response.json({ model_info: { "general.architecture": "q", "q.context_length": 40_960 } })
        case "/api/ps":
          return Response.json({ models: [] })
        default: {
          const said = { message: { role: "assistant", content: "hello" }, done: false }
          const done = { message: { content: "" }, done: true, done_reason: "stop" }
          const body = [said, done].map((line) => `${JSON.stringify(line)}\n`).join("")
          return new Response(body, { headers: { "content-type": "application/x-ndjson" } })
        }
      }
    },
  })
}
