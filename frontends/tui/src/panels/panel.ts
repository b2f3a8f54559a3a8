import type { Frame, Input } from "@skein/term"
import type { Intent } from "../intent.ts"
import type { Look } from "../view/look.ts"

/**
 * Something that takes the keys until it is left: a palette, a picker, a form, a viewer. Panels are values: a key gives the
 * next one. Esc leaves each of them, back to exactly where the person was, with what they had typed there.
 */
export interface Panel {
  /** `over`: in place of the composer, a third of the screen at most; `whole`: all of the screen, in the alternate one. */
  readonly extent: "over" | "whole"
  key(input: Input, rows: number): PanelStep
  view(look: Look, rows: number): Frame
  /** It was behind something else, or the terminal was away or has another size: a question can be read from its next drawing on. */
  reread?(): Panel
}

export type PanelStep =
  | { readonly kind: "stay"; readonly panel: Panel }
  /** Leaves, and has these done. */
  | { readonly kind: "leave"; readonly intents: readonly Intent[] }
  /** Has these done and stays. */
  | { readonly kind: "do"; readonly panel: Panel; readonly intents: readonly Intent[] }

/** A key that comes this soon after a question, or after one that answered nothing, was begun before the question could be read. */
export const READING_MS = 400
