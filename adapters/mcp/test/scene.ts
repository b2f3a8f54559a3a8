import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { McpServerSpec, McpTransport } from "@skein/protocol"
import { localProcesses } from "@skein/testkit"
import { type KeptOptions, type KeptServer, keptServer, type ServerUser } from "../src/index.ts"

export interface Scene extends AsyncDisposable {
  readonly server: KeptServer
  readonly root: string
  readonly processes: ReturnType<typeof localProcesses>
  readonly facts: { now: number }
  /** Each time that was waited for, in milliseconds. */
  readonly slept: number[]
  readonly logged: string[]
  readonly warned: string[]
  user(changes?: Partial<ServerUser>): ServerUser
  /** The text of a call's result, `error: …` where the tool failed. */
  call(name: string, input?: unknown, user?: ServerUser, options?: Partial<CallChanges>): Promise<string>
}

interface CallChanges {
  readonly timeoutMs: number
  onProgress(message: string): void
}

/** A server of a test, kept. Waiting takes no time: the clock is set forward. */
export function scene(
  transport: McpTransport,
  options: Partial<KeptOptions> = {},
  spec: Partial<McpServerSpec> = {},
): Scene {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-mcp-")))
  const processes = localProcesses()
  const facts = { now: 1_000_000 }
  const [slept, logged, warned]: [number[], string[], string[]] = [[], [], []]
  const server = keptServer(
    { name: "fake", transport, ...spec },
    {
      processes: processes.port,
      fetch: (url, init) => fetch(url, init),
      env: { PATH: process.env.PATH },
      sandbox: "workspace-write",
      cwd: root,
      roots: [root],
      cacheDir: join(root, "cache"),
      hosts: [],
      log: (level, line) => void logged.push(`${level} ${line}`),
      warn: (sentence) => void warned.push(sentence),
      now: () => facts.now,
      async sleep(ms, signal) {
        signal.throwIfAborted()
        slept.push(ms)
        facts.now += ms
      },
      version: "0.0.0-test",
      ...options,
    },
  )
  const user = (changes: Partial<ServerUser> = {}): ServerUser => ({
    signal: new AbortController().signal,
    roots: [root],
    ...changes,
  })
  return {
    ...{ server, root, processes, facts, slept, logged, warned, user },
    async call(name, input = {}, by = user(), changes = {}) {
      const live = await server.use(by)
      const result = await live.call(name, input, by, { timeoutMs: 20_000, onProgress: () => undefined, ...changes })
      const text = result.content.map((one) => (one.type === "text" ? one.text : `[${one.type}]`)).join("\n")
      return result.isError ? `error: ${text}` : text
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A server of `test/servers`, as a process. */
export function stdio(file: string, ...args: readonly string[]): McpTransport {
  return { kind: "stdio", command: process.execPath, args: [join(import.meta.dir, "servers", file), ...args] }
}
