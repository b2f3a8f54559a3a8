import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type PlanContext, type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { McpServerSpec } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import {
  configured,
  type KeepServer,
  type KeptStatus,
  type LiveServer,
  type Mcp,
  mcp,
  type ServerResult,
  type ServerTool,
  type ServerUser,
} from "../src/index.ts"

/** A server of a test: what it offers, and what it answers. */
export interface FakeServer {
  tools: ServerTool[]
  readonly instructions?: string
  readonly prompts?: Awaited<ReturnType<LiveServer["prompts"]>>
  readonly resources?: Awaited<ReturnType<LiveServer["resources"]>>
  readonly call?: (name: string, input: unknown, user: ServerUser) => Promise<ServerResult>
  /** Tells that its tools are others now; set once it is kept. */
  changed?: () => void
  /** Why it cannot be started. */
  failure?: string
}

export interface Scene {
  readonly mcp: Mcp
  /** Names of servers, in the order in which they were started. */
  readonly home: string
  readonly started: readonly string[]
  readonly warnings: readonly string[]
  readonly context: RunContext
  /** Plans and runs a call, as a person who says yes to it or as nobody. */
  call(name: string, input: unknown, isAnswered?: boolean): Promise<ToolResult>
  [Symbol.dispose](): void
}

export interface Given {
  readonly servers: Readonly<Record<string, FakeServer>>
  /** Settings of one server, beside its command. */
  readonly settings?: Readonly<Record<string, Json>>
  readonly context?: Partial<RunContext>
  readonly tokensInFull?: number
  readonly home?: string
  /** Whether a person trusts what folders bring. */
  readonly isTrusted?: boolean
}

export const tokens = (text: string) => Math.ceil(text.length / 3.5)

export function tool(name: string, over: Partial<ServerTool> = {}): ServerTool {
  const inputSchema = { type: "object", properties: { id: { type: "string" } } }
  return { name, description: `Does ${name}.`, inputSchema, isReadOnlyHinted: false, ...over }
}

/** Servers in memory, in a place whose person has them all in their own settings. */
export function scene(given: Given): Scene {
  const { servers, settings = {}, context: over = {}, tokensInFull = 1_500, home, isTrusted = false } = given
  const at = home ?? mkdtempSync(join(tmpdir(), "skein-mcp-"))
  const started: string[] = []
  const warnings: string[] = []
  const own = Object.fromEntries(Object.keys(servers).map((name) => [name, { command: name, ...settings[name] }]))
  const unused = () => Promise.reject(new Error("Nothing leaves in these tests"))
  const made = mcp({
    keep: fakeKeep(servers, started),
    configured: configured({
      ...{ home: join(at, "h"), codexHome: join(at, "c"), vscodeFolder: join(at, "v"), projectOf: (cwd) => cwd },
      imports: () => [],
      own: () => ({ servers: own, file: "/h/config.toml" }),
      flags: { configs: [], isStrict: false, cwd: "/w" },
    }),
    ...{ processes: { start: unused }, fetch: unused, env: {}, envOfProject: {}, log: () => undefined },
    ...{ warn: (sentence) => void warnings.push(sentence), now: () => 0, sleep: unused, version: "0" },
    ...{ plugins: async () => [], tokens, tokensInFull: () => tokensInFull, leaveOut: unused },
    trusted: async (_, found) => new Set(isTrusted ? found : []),
    ...{ cacheDir: join(at, "cache"), pinsFile: join(at, "pins.json"), redact: (text) => text },
    lock: async () => () => ({ kind: "locked", release: () => undefined }),
    onDefect: (error) => {
      throw error
    },
  })
  const context = contextOf(over)
  return {
    ...{ home: at, mcp: made, started, warnings, context },
    async call(name, input, isAnswered = false) {
      const plan = await made.provider.plan(name, input, context)
      return made.provider.run(plan, { ...context, isAnswered })
    },
    [Symbol.dispose]: () => {
      if (home === undefined) rmSync(at, { recursive: true })
    },
  }
}

export const PLACE = { cwd: "/w", sessionId: "ses_1" } as const

function contextOf(over: Partial<RunContext>): RunContext {
  const none = () => Promise.reject(new Error("Not in these tests"))
  const plan: PlanContext = {
    ...{
      ...PLACE,
      roots: ["/w"],
      sandbox: "workspace-write",
      observed: () => undefined,
      signal: new AbortController().signal,
    },
    askClient: none,
    sessions: {
      ...{ undoPreview: none, undo: none, search: none, read: none },
      contextSize: () => ({ contextTokens: 0 }),
    },
  }
  return { ...plan, callId: "cal_1", progress: () => undefined, ...over }
}

function fakeKeep(servers: Given["servers"], started: string[]): KeepServer {
  return (spec) => {
    const server = servers[spec.name]
    if (server === undefined) throw new Error(`Nobody made ${spec.name}`)
    let status: KeptStatus = { kind: "idle" }
    const facts = factsOf(spec, server)
    return {
      spec,
      get status() {
        return status
      },
      async use() {
        if (server.failure !== undefined) {
          status = { kind: "failed", why: server.failure }
          throw new ToolFailure(server.failure)
        }
        if (status.kind !== "connected") started.push(spec.name)
        status = { kind: "connected", facts }
        return liveOf(server, facts)
      },
      async disconnect() {
        status = { kind: "idle" }
      },
      watch(onChanged) {
        server.changed = () => onChanged("tools")
        return () => undefined
      },
      async close() {
        status = { kind: "idle" }
      },
    }
  }
}

function factsOf({ name }: McpServerSpec, { instructions }: FakeServer): LiveServer["facts"] {
  const about = instructions === undefined ? {} : { instructions }
  return { title: name, version: "1", protocol: "2025-11-25", ...about }
}

function liveOf(server: FakeServer, facts: LiveServer["facts"]): LiveServer {
  return {
    facts,
    tools: async () => server.tools,
    prompts: async () => server.prompts ?? [],
    resources: async () => server.resources ?? [],
    call: async (name, input, user) =>
      (await server.call?.(name, input, user)) ?? { content: [{ type: "text", text: `${name} ran` }], isError: false },
    prompt: async (name, args) => [{ type: "text", text: `${name} ${JSON.stringify(args)}` }],
    read: async (uri) => [{ type: "text", text: `what ${uri} holds`, uri }],
    complete: async () => [],
  }
}

export function textOf({ forModel }: ToolResult): string {
  return forModel.map((block) => (block.type === "text" ? block.text : `<${block.mediaType}>`)).join("\n")
}
