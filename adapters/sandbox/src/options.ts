import type { ArtifactsPort, EgressPort, ResourceBounds } from "@skein/core/ports"
import type { MachineFacts } from "./diagnose.ts"

export interface ExecOptions {
  readonly artifacts: ArtifactsPort
  /** The person's environment; commands get a cleaned copy. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The person said that commands may run without a sandbox. */
  readonly consent?: "no-sandbox" | undefined
  /** Asked before each command: whether none may run without a sandbox, whatever a person or a request says. */
  readonly isAlwaysConfined?: (() => boolean) | undefined
  /** Files and folders no command may see, besides the known secret stores: skein's own data and settings. Absolute. */
  readonly hidden?: readonly string[] | undefined
  /** Files of secrets in folders that a command may see. Asked before each; absolute. */
  readonly secretFiles?: ((roots: readonly string[]) => Promise<readonly string[]>) | undefined
  /** Where bubblewrap is; looked for in the system's folders otherwise. */
  readonly bwrapPath?: string | undefined
  /** What the machine says of itself, when it is not to be asked. */
  readonly machine?: MachineFacts | undefined
  /** Where the private folder is made. */
  readonly tmp?: string | undefined
  /** The way out for commands whose request has a gate. Without it none has a network. */
  readonly egress?: EgressPort | undefined
  /** What commands may use, unless a request says otherwise. */
  readonly bounds?: ResourceBounds | undefined
  /** The most that is kept of one output on disk. */
  readonly artifactBytesMax?: number | undefined
}
