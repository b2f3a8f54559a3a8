import { PLAIN, type Row, rowOf } from "../cells/row.ts"
import type { Frame, Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { fit } from "../surface/fit.ts"

/** What of a frame is told. */
export interface SnapshotOptions {
  /** Below each row that has styles, a row of letters: `b`old, `d`im, `i`talic, `u`nderlined, i`n`verse, `s`truck, `c`olor, `g`round, `l`ink; `*` for several. */
  readonly showsStyles?: boolean | undefined
  /** Shows where the cursor stands, as `▏` in front of the cell. */
  readonly showsCaret?: boolean | undefined
}

/** What a screen of that size would show, as text without blanks at the ends. For people to read and tests to keep. */
export function snapshot(frame: Frame, size: Size, options: SnapshotOptions = {}): string {
  const { lines, caret } = fit(frame, size)
  return lines
    .flatMap((line, index) => {
      const row = rowOf(line, size.columns)
      const column = options.showsCaret && caret?.row === index ? caret.column : undefined
      const marks = options.showsStyles ? marksOf(row) : ""
      return marks === "" ? [textOfRow(row, column)] : [textOfRow(row, column), marks]
    })
    .join("\n")
}

function textOfRow(row: Row, caret: number | undefined): string {
  const texts = row.map(({ text }) => text)
  if (caret === undefined) return texts.join("").trimEnd()
  while (texts.length < caret) texts.push(" ")
  return [...texts.slice(0, caret), "▏", ...texts.slice(caret)].join("").trimEnd()
}

function marksOf(row: Row): string {
  return row
    .map(({ style }) => markOf(style))
    .join("")
    .trimEnd()
}

/** One letter, so that it stands below its cell. The right half of a wide character has none. */
function markOf(style: Style): string {
  if (style === PLAIN) return " "
  const marks = [
    style.isBold && "b",
    style.isDim && "d",
    style.isItalic && "i",
    style.isUnderlined && "u",
    style.isInverse && "n",
    style.isStruck && "s",
    style.foreground && "c",
    style.background && "g",
    style.link && "l",
  ].filter(Boolean)
  return marks.length > 1 ? "*" : marks[0] || " "
}
