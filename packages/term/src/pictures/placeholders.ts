import type { Line, Span } from "../line.ts"

/** Where a picture stands: its number, of 24 bits and not 0, and how many cells it covers. */
export interface PicturePlace {
  readonly id: number
  /** At most `PICTURE_CELLS_MAX` each. */
  readonly columns: number
  readonly rows: number
}

/** What a terminal that knows placeholders draws a part of a picture in. To any other it is a character without a sign. */
export const PLACEHOLDER = "\u{10eeee}"

/**
 * The rows of a picture as text that the terminal puts the picture in the place of: a cell says by its color which picture, and
 * by its two marks which part of it. So it is scrolled, wrapped, covered and erased as text is.
 */
export function pictureLines({ id, columns, rows }: PicturePlace): readonly Line[] {
  const style = { foreground: `#${id.toString(16).padStart(6, "0")}` } as const
  return Array.from({ length: Math.min(rows, PICTURE_CELLS_MAX) }, (_, row) => {
    let text = ""
    for (let column = 0; column < Math.min(columns, PICTURE_CELLS_MAX); column++) {
      text += `${PLACEHOLDER}${MARKS[row]}${MARKS[column]}`
    }
    return [{ text, style }]
  })
}

/** Whether it is a row of a picture. */
export function isPicture({ text }: Span): boolean {
  return text.startsWith(PLACEHOLDER)
}

/** The marks that count rows and columns, in the order of kitty's table; as many of them as a screen has use for. */
const MARKS = [
  ..."\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b\u0363\u0364\u0365",
  ..."\u0366\u0367\u0368\u0369\u036a\u036b\u036c\u036d\u036e\u036f\u0483\u0484\u0485\u0486\u0487\u0592\u0593\u0594\u0595\u0597",
  ..."\u0598\u0599\u059c\u059d\u059e\u059f\u05a0\u05a1\u05a8\u05a9\u05ab\u05ac\u05af\u05c4\u0610\u0611\u0612\u0613\u0614\u0615",
  ..."\u0616\u0617\u0657\u0658\u0659\u065a\u065b\u065d\u065e\u06d6\u06d7\u06d8\u06d9\u06da\u06db\u06dc\u06df\u06e0\u06e1\u06e2",
  ..."\u06e4\u06e7\u06e8\u06eb\u06ec\u0730\u0732\u0733\u0735\u0736\u073a\u073d\u073f\u0740\u0741\u0743\u0745\u0747\u0749\u074a",
  ..."\u07eb\u07ec\u07ed\u07ee\u07ef\u07f0\u07f1\u07f3\u0816\u0817\u0818\u0819\u081b\u081c\u081d\u081e\u081f\u0820\u0821\u0822",
]

/** Rows and columns that can be counted. */
export const PICTURE_CELLS_MAX = MARKS.length
