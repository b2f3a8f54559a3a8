import type { CallId, Sandbox } from "@skein/protocol"
import type { NetworkGate } from "../ports/index.ts"

/** Whose call it is that begins a process, and what that call may do. */
export interface Beginning {
  readonly callId: CallId
  readonly cwd: string
  readonly sandbox: Sandbox
  readonly network?: NetworkGate | undefined
  /** It may change files. */
  readonly isWatched: boolean
  /** Why nobody may be steered by what it says, as far as that is known by now. */
  readonly source: () => string | undefined
  /** What the call holds is needed until the process ends. */
  hold(): void
  letGo(): void
}
