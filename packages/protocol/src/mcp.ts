import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** An MCP server as a client or a configuration names it. */
export interface McpServerSpec {
  /** What its tools are called by: `mcp__<name>__<tool>`. */
  readonly name: string
  readonly transport: McpTransport
  /** How long it may take to start. */
  readonly startTimeoutMs?: number | undefined
  /** How long one call of a tool may take; progress that it tells of begins that time anew. */
  readonly callTimeoutMs?: number | undefined
  /** Only these of its tools: names, and globs. */
  readonly tools?: readonly string[] | undefined
  /** Not these. */
  readonly toolsDenied?: readonly string[] | undefined
  /** Of a server that a client brings: tools, by name, that it lets be called unasked, where no rule and no taint asks. */
  readonly toolsUnasked?: readonly string[] | undefined
  /** Of a server that a client brings: tools, by name, whose results are the client's own word, so that they taint no turn. */
  readonly toolsTrusted?: readonly string[] | undefined
}

/**
 * `http` is streamable HTTP, which falls back to `sse` where a server speaks only that. `client`: the server lives in the
 * client that named it, which passes messages on.
 */
export type McpTransport =
  | {
      readonly kind: "stdio"
      readonly command: string
      readonly args: readonly string[]
      /** Added to a minimal environment: never more of skein's own. */
      readonly env?: Readonly<Record<string, string>> | undefined
      /** Absolute; the session's folder where left out. */
      readonly cwd?: string | undefined
    }
  | {
      readonly kind: "http" | "sse"
      readonly url: string
      readonly headers?: Readonly<Record<string, string>> | undefined
    }
  | { readonly kind: "client" }

/**
 * What `client.requested` of the kind `mcp` carries: a message of JSON-RPC for a server that lives in the client. Its answer is
 * the server's message; nothing (null) where the message wants none.
 */
export interface McpClientMessage {
  /** As the client called it. */
  readonly server: string
  readonly message: unknown
}

export const McpClientMessage = lazy(() => z.object({ server: z.string().min(1), message: z.unknown() }))

/** What a person can do to a server. */
export const MCP_ACTIONS = ["connect", "disconnect", "reconnect", "enable", "disable"] as const
export type McpAction = (typeof MCP_ACTIONS)[number]

export const McpServerSpec = lazy(() => {
  const transport = z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("stdio"),
      command: z.string().min(1),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()).optional(),
      cwd: z.string().optional(),
    }),
    z.object({
      kind: z.enum(["http", "sse"]),
      url: z.string().min(1),
      headers: z.record(z.string(), z.string()).optional(),
    }),
    z.object({ kind: z.literal("client") }),
  ])
  return z.object({
    name: z.string().min(1),
    transport,
    startTimeoutMs: z.int().min(1).optional(),
    callTimeoutMs: z.int().min(1).optional(),
    tools: z.array(z.string()).optional(),
    toolsDenied: z.array(z.string()).optional(),
    toolsUnasked: z.array(z.string()).optional(),
    toolsTrusted: z.array(z.string()).optional(),
  })
})

/**
 * `idle`: it is started when it is first needed. `untrusted`: the folder names it, and nobody trusts the folder as it is now.
 * `login`: it wants a login (`skein mcp login`). `failed`: the reason is in `message`.
 */
export type McpServerState =
  | "idle"
  | "connecting"
  | "connected"
  | "reconnecting"
  | "login"
  | "untrusted"
  | "disabled"
  | "failed"

/** A server, with what is known of it. No secret is in it. */
export interface McpServerInfo {
  readonly name: string
  readonly state: McpServerState
  /** Why, and what to do, where it cannot be used. */
  readonly message?: string | undefined
  readonly transport: McpTransport["kind"]
  /** The command line or the address, secrets taken out. */
  readonly target: string
  /** Whose word it is, `project`, `user`, `plugin`, `client` or `flag`, and the file that says so. */
  readonly scope: "project" | "user" | "plugin" | "client" | "flag"
  readonly file?: string | undefined
  /** As it calls itself. */
  readonly title?: string | undefined
  readonly version?: string | undefined
  /** The revision of the protocol that is spoken. */
  readonly protocol?: string | undefined
  /** As far as known: from when it last ran, where it does not now. */
  readonly tools: readonly McpToolInfo[]
  readonly promptsCount: number
  readonly resourcesCount: number
  /** What a request tells of it takes so many tokens, estimated. */
  readonly contextTokens: number
}

export interface McpToolInfo {
  readonly name: string
  readonly title?: string | undefined
  /** Bounded, and with what hides in it made visible. */
  readonly description: string
  /** The server says so, which grants nothing. */
  readonly isReadOnlyHinted: boolean
  readonly isEnabled: boolean
  /** What it would take in a request, told in full, estimated. */
  readonly tokens: number
  /** Its definition is another than the one that was approved. */
  readonly hasDrifted?: boolean | undefined
}
