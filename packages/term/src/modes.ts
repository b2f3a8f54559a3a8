/** How a terminal tells of keys that have no bytes of their own, as Shift+Enter. */
export type Keyboard =
  /** The progressive protocol (CSI … u). */
  | "protocol"
  /** XTerm's modifyOtherKeys. */
  | "other-keys"
  /** It does not. */
  | "plain"

/** What the terminal is asked to send. The mouse stays the terminal's own unless a full screen needs it: selecting text must work. */
export interface Wishes {
  readonly keyboard: Keyboard
  /** Moved and clicked, not merely moved over. */
  readonly hasMouse?: boolean | undefined
  /** For the alternate screen, which is taken with them: each of the two keeps a keyboard of its own. */
  readonly isFullScreen?: boolean | undefined
}

/** What is written to a terminal while it is ours, and what afterwards. */
export interface Modes {
  readonly on: string
  readonly off: string
  /** Before `on`, where they are for another screen than the shell's; and after `off`. */
  readonly screen?: { readonly enter: string; readonly leave: string } | undefined
  /** After `off` when the process ends without having closed the terminal: mends what a screen may have left. */
  readonly last?: string | undefined
}

/** For `Terminal.useModes`. */
export function modeSequences({ keyboard, hasMouse, isFullScreen }: Wishes): Modes {
  const { on, off } = KEYBOARDS[keyboard]
  return {
    on: `${PASTE}h${FOCUS}h${SCHEME}h${on}${hasMouse === true ? `${MOUSE}h` : ""}`,
    off: `${hasMouse === true ? `${MOUSE}l` : ""}${off}${SCHEME}l${FOCUS}l${PASTE}l`,
    ...(isFullScreen === true ? { screen: FULL_SCREEN } : {}),
    last: `${UNSYNCHRONIZED}${WRAPPING}${PLAIN}${CURSOR}`,
  }
}

/** What makes the one the other. What a screen was told is taken back while that screen is still seen. */
export function modeChange(from: Modes, to: Modes): string {
  const isSameScreen = from.screen?.enter === to.screen?.enter
  const between = isSameScreen ? "" : `${from.screen?.leave ?? ""}${to.screen?.enter ?? ""}`
  return `${from.off}${between}${to.on}`
}

const KEYBOARDS: Readonly<Record<Keyboard, { readonly on: string; readonly off: string }>> = {
  // Keys apart from each other (1), and what shift makes of them (4). Not releases: nothing here needs them.
  protocol: { on: "\u001b[>5u", off: "\u001b[<u" },
  "other-keys": { on: "\u001b[>4;2m", off: "\u001b[>4m" },
  plain: { on: "", off: "" },
}
const PASTE = "\u001b[?2004"
const FOCUS = "\u001b[?1004"
/** It tells when the desktop turns light or dark. */
const SCHEME = "\u001b[?2031"
/** Buttons, and moves with one held, in numbers of any size. */
const MOUSE = "\u001b[?1002;1006"
const UNSYNCHRONIZED = "\u001b[?2026l"
/** A frame writes to the last column without going on in the next row. */
const WRAPPING = "\u001b[?7h"
const FULL_SCREEN = { enter: "\u001b[?1049h", leave: "\u001b[?1049l" }
const PLAIN = "\u001b[0m"
const CURSOR = "\u001b[?25h"
