import type { Color } from "./line.ts"

/** What a person, or their terminal, sends. */
export type Input =
  /**
   * A key. `chord` is its name with the modifiers that were held, in this order: `ctrl+alt+shift+super+`. Names: the
   * character itself (`a`, `A`, `é`, `?`; with ctrl or alt the small letter, `ctrl+a`, `ctrl+shift+a` where the terminal
   * can tell), `enter`, `tab`, `backspace`, `delete`, `escape`, `space` (only with a modifier; else the character),
   * `up`, `down`, `left`, `right`, `home`, `end`, `page-up`, `page-down`, `insert`, `f1` … `f24`. `text` is what typing it
   * writes; absent for keys that write nothing. Neighbouring characters of one read may come as one key: `chord` is then the text.
   */
  | { readonly kind: "key"; readonly chord: string; readonly text?: string | undefined }
  /** Pasted text, whole, newlines as \n, control characters still in it. */
  | { readonly kind: "paste"; readonly text: string }
  | {
      readonly kind: "mouse"
      readonly action: "press" | "release" | "drag" | "move" | "wheel-up" | "wheel-down"
      readonly button: "left" | "middle" | "right" | "none"
      /** From 0. */
      readonly column: number
      readonly row: number
    }
  | { readonly kind: "focus"; readonly isFocused: boolean }
  | { readonly kind: "reply"; readonly reply: TerminalReply }

/** What a terminal answers when it is asked. */
export type TerminalReply =
  /** From 0. */
  | { readonly kind: "cursor"; readonly row: number; readonly column: number }
  | { readonly kind: "background"; readonly color: Color }
  /** Primary device attributes: every terminal answers these, so they end a round of questions. */
  | { readonly kind: "attributes"; readonly values: readonly number[] }
  /** DECRQM. `unknown`: the terminal does not have such a mode, or never turns it on. */
  | { readonly kind: "mode"; readonly mode: number; readonly state: "set" | "reset" | "unknown" }
  /** The desktop turned light or dark (mode 2031, which `modeSequences` turns on). */
  | { readonly kind: "scheme"; readonly isLight: boolean }
  /** XTVERSION: name and version as it calls itself. */
  | { readonly kind: "name"; readonly text: string }
  /** Progressive keyboard flags. */
  | { readonly kind: "keyboard"; readonly flags: number }
