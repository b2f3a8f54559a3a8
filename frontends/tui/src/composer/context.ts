import type { CommandInfo } from "@skein/protocol"
import type { Intent } from "../intent.ts"
import type { Action, Keymap } from "../keys/actions.ts"
import type { ComposerState } from "./state.ts"

/** What a key means depends on this. Lists are as they stand now: nothing is read or waited for on a key. */
export interface PressContext {
  /** A turn runs. */
  readonly isBusy: boolean
  readonly keymap: Keymap
  /** Of the screen. */
  readonly columns: number
  /** What may be said next; shown on an empty composer, taken by Right. */
  readonly suggestion?: string | undefined
  /** Paths of the workspace, folders with `/`. The same array for as long as it holds: what is made of it is kept by it. */
  readonly files?: readonly string[] | undefined
  /** Those with a blocker too: they are not offered, and the engine says why. */
  readonly commands?: readonly CommandEntry[] | undefined
  /** What was said before, newest first. */
  readonly prompts?: readonly string[] | undefined
}

/** A command as it is completed. */
export interface CommandEntry extends CommandInfo {
  /** What its argument may be, where that is known. */
  readonly choices?: readonly { readonly value: string; readonly detail: string }[] | undefined
}

/** What a key made of the composer, and what the app has to do. */
export interface Pressed {
  readonly state: ComposerState
  /** What the key asks of the app; what it asked of the text is in the state. */
  readonly action?: Action | undefined
  readonly intents?: readonly Intent[] | undefined
}
