import type { SessionId } from "./ids.ts"
import type { Op } from "./ops.ts"

export interface CommandInfo {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  /** How its arguments are written; empty when it takes none. */
  readonly usage: string
  readonly whileBusy: boolean
  /** Why it can do nothing in this version, as a sentence. Such a command is known, and offered to nobody. */
  readonly blocker?: string | undefined
}

/** What a command asks of the client that ran it. */
export type CommandReply =
  /** Submit these, in order; `done` is what to say then. `confirm`, when given, is shown and asked first. */
  | {
      readonly kind: "ops"
      readonly ops: readonly Op[]
      readonly done?: string | undefined
      readonly confirm?: string | undefined
    }
  | { readonly kind: "show"; readonly text: string }
  /** Show a list; the chosen entry's command is run. */
  | { readonly kind: "choose"; readonly title: string; readonly choices: readonly CommandChoice[] }
  /** Go on in another session. */
  | { readonly kind: "open"; readonly sessionId: SessionId }
  | { readonly kind: "usage"; readonly text: string }

export interface CommandChoice {
  readonly label: string
  readonly detail: string
  /** `/name args` without the slash. */
  readonly command: string
}
