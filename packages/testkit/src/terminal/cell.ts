/** One place of a terminal's screen. */
export interface TerminalCell extends CellStyle {
  /** Empty in the right half of a wide character; a blank where nothing was written. */
  readonly text: string
  readonly columns: number
}

/** How a cell looks. */
export interface CellStyle {
  /** `default`, the number of a palette's color, or `#rrggbb`. */
  readonly foreground: "default" | number | `#${string}`
  readonly background: "default" | number | `#${string}`
  readonly isBold: boolean
  readonly isDim: boolean
  readonly isItalic: boolean
  readonly isUnderlined: boolean
  readonly isInverse: boolean
  readonly isStruck: boolean
}
