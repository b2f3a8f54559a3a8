/** The sixteen colors that the terminal's own palette decides, or one of ours, which is brought down to what it can show. */
export type Color = (typeof PALETTE)[number] | `#${string}`

export const PALETTE = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "bright-black",
  "bright-red",
  "bright-green",
  "bright-yellow",
  "bright-blue",
  "bright-magenta",
  "bright-cyan",
  "bright-white",
] as const

/** How a piece of text looks. What is left out is the terminal's own. */
export interface Style {
  readonly foreground?: Color | undefined
  readonly background?: Color | undefined
  readonly isBold?: boolean | undefined
  readonly isDim?: boolean | undefined
  readonly isItalic?: boolean | undefined
  readonly isUnderlined?: boolean | undefined
  readonly isInverse?: boolean | undefined
  readonly isStruck?: boolean | undefined
  /** Where a click leads (OSC 8). */
  readonly link?: string | undefined
}

/** Text of one look. It holds no control character and no newline: whoever makes spans of foreign text made it visible before. */
export interface Span {
  readonly text: string
  readonly style?: Style | undefined
}

/** One row of a screen, or one line of output, which may be wider than any screen. */
export type Line = readonly Span[]

/** What a line says, without its looks. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("")
}
