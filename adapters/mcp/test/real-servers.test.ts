import { expect, test } from "bun:test"
import { mkdirSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { McpTransport } from "@skein/protocol"
import { scene } from "./scene.ts"

const HANG_MS = 120_000

function program(name: string): string {
  return join(dirname(Bun.resolveSync(`${name}/package.json`, import.meta.dir)), "dist/index.js")
}

const EVERYTHING = program("@modelcontextprotocol/server-everything")
const node = (file: string, ...args: readonly string[]): McpTransport => ({
  kind: "stdio",
  command: "node",
  args: [file, ...args],
})

/** The reference server over HTTP, on a port that was free. */
async function listening(transport: "streamableHttp" | "sse") {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } })
  const { port } = probe
  probe.stop(true)
  const child = Bun.spawn(["node", EVERYTHING, transport], {
    env: { PATH: process.env.PATH, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  })
  const isUp = Promise.withResolvers<void>()
  const reading = read(child.stderr, (text) => /listening|running/.test(text) && isUp.resolve())
  await isUp.promise
  return {
    url: `http://127.0.0.1:${port}${transport === "sse" ? "/sse" : "/mcp"}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await child.exited
      await reading
    },
  }
}

async function read(stream: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  for await (const bytes of stream) onText(new TextDecoder().decode(bytes))
}

async function usesEverything(transport: McpTransport): Promise<void> {
  await using world = scene(transport)
  const asked = {
    sample: async () => ({ text: "a sampled answer", model: "fake/one" }),
    elicit: async () => ({ action: "decline" }) as const,
  }
  const user = world.user({ asked })
  const live = await world.server.use(user)
  expect(live.facts.title).not.toBe("")
  const tools = (await live.tools()).map(({ name }) => name)
  expect(tools).toContain("echo")
  expect((await live.prompts()).length).toBeGreaterThan(0)
  const resources = await live.resources()
  expect(resources.some(({ uri }) => uri.includes("{"))).toBe(true)
  expect(await world.call("echo", { message: "hello" })).toBe("Echo: hello")
  expect(await world.call("get-sum", { a: 2, b: 3 })).toContain("5")
  expect(await world.call("get-tiny-image")).toContain("[image]")
  const told: string[] = []
  const onProgress = (message: string) => void told.push(message)
  await world.call("trigger-long-running-operation", { duration: 1, steps: 4 }, user, { onProgress })
  expect(told.length).toBeGreaterThan(2)
  expect(await world.call("trigger-sampling-request", { prompt: "hi", maxTokens: 10 }, user)).toContain(
    "a sampled answer",
  )
  const [prompt] = await live.prompts()
  expect(await live.prompt(prompt?.name ?? "", {}, user)).not.toEqual([])
  const plain = resources.find(({ uri }) => !uri.includes("{"))
  if (plain !== undefined) expect(await live.read(plain.uri, user)).not.toEqual([])
}

test(
  "the reference server that does everything is spoken to over stdio",
  () => usesEverything(node(EVERYTHING)),
  HANG_MS,
)

test(
  "the reference server that does everything is spoken to over streamable HTTP",
  async () => {
    await using server = await listening("streamableHttp")
    await usesEverything({ kind: "http", url: server.url })
  },
  HANG_MS,
)

test(
  "the reference server that does everything is spoken to over SSE, also where its settings call that http",
  async () => {
    await using server = await listening("sse")
    await usesEverything({ kind: "sse", url: server.url })
    await using world = scene({ kind: "http", url: server.url })
    expect(await world.call("echo", { message: "again" })).toBe("Echo: again")
  },
  HANG_MS,
)

test(
  "the file server works in the session's folders, which it is told",
  async () => {
    const elsewhere = realpathSync(tmpdir())
    await using world = scene(node(program("@modelcontextprotocol/server-filesystem"), elsewhere))
    writeFileSync(join(world.root, "a.txt"), "it is here\n")
    expect(await world.call("read_text_file", { path: join(world.root, "a.txt") })).toBe("it is here\n")
    const sub = join(world.root, "sub")
    mkdirSync(sub)
    const inSub = world.user({ roots: [sub] })
    await world.call("list_allowed_directories", {}, inSub)
    await Bun.sleep(200)
    expect(await world.call("list_allowed_directories", {}, inSub)).toBe(`Allowed directories:\n${sub}`)
  },
  HANG_MS,
)

test(
  "the memory server remembers over a new start",
  async () => {
    const kept = join(realpathSync(tmpdir()), `skein-memory-${process.pid}.jsonl`)
    const transport = { ...node(program("@modelcontextprotocol/server-memory")), env: { MEMORY_FILE_PATH: kept } }
    await using world = scene(transport as McpTransport)
    const entities = [{ name: "skein", entityType: "program", observations: ["is written in TypeScript"] }]
    await world.call("create_entities", { entities })
    await world.server.disconnect()
    expect(await world.call("search_nodes", { query: "TypeScript" })).toContain('"name": "skein"')
    expect(world.processes.started.length).toBe(2)
  },
  HANG_MS,
)
