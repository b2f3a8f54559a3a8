import type { McpServerSpec, SessionId, SettingsChange } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostAgent } from "./agents.ts"
import type { ClaudeFlags } from "./flags.ts"

/** What both ways of running need; the host of this program gives it. */
export interface SessionOptions {
  readonly flags: ClaudeFlags
  /** The session's folder, absolute. */
  readonly cwd: string
  /** What a new session has where the flags say nothing. A session that is gone on with keeps its own. */
  readonly settings?: SettingsChange | undefined
  /** The model of a new session where no flag names one. Throws SkeinError, with what to do, when there is none to ask. */
  readonly startModel?: (() => Promise<string>) | undefined
  /** What this run says of such a session in the host's own words; flags of this edge stand above it. */
  readonly said?: ((sessionId: SessionId) => Promise<SettingsChange>) | undefined
  /** For stderr: sentences about what was asked for and cannot be given. */
  readonly warn?: ((text: string) => void) | undefined
  /** Makes a plain UUID. */
  readonly uuid?: (() => string) | undefined
  /** Who work can be handed to in `cwd`, in the engine's own words. */
  readonly agents?: (() => Promise<readonly HostAgent[]>) | undefined
  /** Whose key is used, in the contract's words. */
  readonly account?: (() => Json) | undefined
  /** Output styles of `cwd`, by name. */
  readonly outputStyles?: (() => Promise<readonly string[]>) | undefined
}

/** What a host brings to its session beside its flags. */
export interface Brought {
  /** It is there to be asked, whatever its flags say of approvals. */
  readonly isHosted?: boolean | undefined
  /** Servers that skein itself starts. */
  readonly servers?: readonly McpServerSpec[] | undefined
  /** Of a new session. */
  readonly title?: string | undefined
}
