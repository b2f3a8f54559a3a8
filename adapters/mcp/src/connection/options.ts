import type { AuthProvider, OAuthClientProvider } from "@modelcontextprotocol/client"
import type { ProcessesPort } from "@skein/core/ports"
import type { McpServerSpec, Sandbox } from "@skein/protocol"
import type { KeptServer } from "./live-server.ts"

/** Keeps one server of one folder; nothing is started or loaded before it is used. */
export type KeepServer = (spec: McpServerSpec, options: KeptOptions) => KeptServer

/** What requests to a server are signed with. */
export interface ServerAuth extends AuthProvider {
  /** What it knows of the login is not enough: the next request is signed with what is there then. */
  forget?(): void
}

/** What the world of a server is. Sessions whose folders differ have servers of their own. */
export interface KeptOptions {
  readonly processes: ProcessesPort
  /** The way out for requests to it; egress is recorded, proxy and CA apply. Redirects are left to whoever asks. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** The person's environment: what `${VAR}` and `$VAR` of its settings stand for, and no more than that is given on. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** How its process is held. `full-access` only where the person's own settings say so for this server. */
  readonly sandbox: Sandbox
  /** Its process' folder where the settings name none. Absolute. */
  readonly cwd: string
  /** What its process may write in `workspace-write`. Absolute, resolved. */
  readonly roots: readonly string[]
  /** A folder of its own, for what package runners and it keep between starts. Absolute; made where it is not there. */
  readonly cacheDir: string
  /** Hosts that its process may reach whoever uses it: `host`, `*.host`, either with `:port`; `*` is any. */
  readonly hosts: readonly string[]
  /** Who logs in to it over HTTP. Without one, a server that wants a login has the status `login`. */
  readonly auth?: ServerAuth | OAuthClientProvider | undefined
  /** Passes a JSON-RPC message on to the client that brought it, and resolves with its answer; undefined for a notification. */
  readonly toClient?: ((message: unknown) => Promise<unknown>) | undefined
  /**
   * Which protocol is spoken first. `stateless` (2026-07-28) is probed for over HTTP anyhow; a process is only asked where
   * it is known to speak it, as one that does not may end or say nothing.
   */
  readonly era?: "stateful" | "stateless" | undefined
  /** What it logs, a line; bounded, and with what hides in it made visible. */
  readonly log: (level: "debug" | "info" | "warning" | "error", line: string) => void
  /** A sentence that a person should read. */
  readonly warn: (sentence: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** What skein calls itself to it. */
  readonly version: string
  /** It is ended when nobody used it for so long: 10 minutes where left out. */
  readonly idleMs?: number | undefined
}
