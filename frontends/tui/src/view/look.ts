import type { TokenKind } from "@skein/highlight"
import type { Style } from "@skein/term"

/** What every view is given: how wide it may be, and in which looks. Views are pure: state and look in, lines out. */
export interface Look {
  /** No line of a view is wider. */
  readonly columns: number
  readonly theme: Theme
  readonly glyphs: Glyphs
  /** No spinner and nothing that moves by itself. */
  readonly isStill: boolean
  /** Milliseconds on any scale, for spinners and elapsed times. */
  readonly now: number
  /** Where the terminal draws pictures, and the person wants them; else they are named. */
  readonly pictures?: PictureRoom | undefined
}

/** How large a picture may be: in rows of the screen, and as a file. */
export interface PictureRoom {
  readonly rowsMax: number
  readonly bytesMax: number
}

/** Looks by what they mean, never by color. The monochrome one uses bold, dim, and color for meaning alone. */
export interface Theme {
  readonly name: string
  readonly isLight: boolean
  readonly text: Style
  /** What is there when looked for: details, hints, times. */
  readonly dim: Style
  /** What matters. */
  readonly strong: Style
  readonly prompt: Style
  readonly heading: Style
  readonly link: Style
  readonly code: Style
  readonly quote: Style
  /** The entry of a list that Enter would take, and selected text. */
  readonly selected: Style
  /** What of an entry was typed. */
  readonly match: Style
  readonly added: Style
  readonly removed: Style
  /** Within an added or removed line: what is new or gone. */
  readonly addedWord: Style
  readonly removedWord: Style
  readonly running: Style
  readonly done: Style
  readonly failed: Style
  readonly waiting: Style
  readonly danger: Style
  readonly warning: Style
  readonly bar: Style
  readonly tokens: Readonly<Record<TokenKind, Style>>
}

/** Each one cell wide. */
export interface Glyphs {
  readonly prompt: string
  readonly running: string
  readonly done: string
  readonly failed: string
  readonly waiting: string
  readonly unverified: string
  readonly bar: string
  readonly continued: string
  readonly more: string
  readonly minus: string
  readonly times: string
  readonly bullet: string
  readonly folded: string
  readonly unfolded: string
  readonly separator: string
  /** Ten frames a second. */
  readonly spinner: readonly string[]
  readonly rule: string
}
