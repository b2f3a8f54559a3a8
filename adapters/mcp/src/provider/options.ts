import type { ArtifactsPort, Place, PluginParts, TakeLock } from "@skein/core/ports"
import type { FoundServer } from "../config/found.ts"
import type { Configured } from "../config/read.ts"
import type { KeepServer, KeptOptions } from "../connection/options.ts"
import type { LoginWorld } from "../oauth/world.ts"

/** What the world of all servers is. */
export interface McpOptions
  extends Pick<KeptOptions, "processes" | "fetch" | "log" | "warn" | "now" | "sleep" | "version" | "idleMs"> {
  readonly keep: KeepServer
  readonly configured: Configured
  /** The person's environment. Servers of a project get what `envOfProject` has, in which no known key is. */
  readonly env: KeptOptions["env"]
  readonly envOfProject: KeptOptions["env"]
  /** Logins to servers over HTTP. Without them, one that wants a login has the state `login`. */
  readonly logins?: LoginWorld | undefined
  readonly plugins: (place: Place) => Promise<readonly PluginParts[]>
  /** Those of a project's servers that a person trusts exactly as they are. */
  readonly trusted: (cwd: string, servers: readonly FoundServer[]) => Promise<ReadonlySet<FoundServer>>
  /** Told what of a project is not used for want of that, in a sentence for a person. */
  readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
  /** Of a request; estimated. */
  readonly tokens: (text: string) => number
  readonly tokensInFull: (cwd: string) => number
  /** Absolute, in the person's cache. */
  readonly cacheDir: string
  /** Absolute, in the person's data. */
  readonly pinsFile: string
  readonly lock: () => Promise<TakeLock>
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
  /** Keeps what is no text and no image. */
  readonly artifacts?: ArtifactsPort | undefined
  readonly onDefect: (error: unknown) => void
}
