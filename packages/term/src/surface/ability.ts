import type { ColorDepth } from "../paint/colors.ts"

/**
 * What a terminal does to rows that are wider than it has become: wraps them again, all (VTE, kitty, WezTerm, tmux …) or all
 * but the one with the cursor (xterm.js), or lets them be cut (XTerm, the Linux console).
 */
export type Reflow = "all" | "all-but-cursor" | "none"

/** What is known of a terminal, and may become known only after the first frame. */
export interface Ability {
  readonly colorDepth: ColorDepth
  /** It holds back what it shows between CSI ? 2026 h and l. */
  readonly isSynchronized: boolean
  readonly reflow: Reflow
}
