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
  /** Where it comes from. Absent: it is skein's own. */
  readonly origin?: CommandOrigin | undefined
  /** skein's own command that has its short name, so that it is called with its origin before it. */
  readonly hiddenBy?: string | undefined
}

/** Whose prompt a command begins. */
export interface CommandOrigin {
  readonly kind: "command" | "skill" | "mcp"
  readonly scope: "project" | "user" | "plugin" | "server"
  /** Absolute. */
  readonly file?: string | undefined
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
  /** Where there is a composer, this is put into it in the command's place. */
  readonly inserts?: string | undefined
}
