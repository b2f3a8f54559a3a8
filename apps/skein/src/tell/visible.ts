import { visible as shown } from "@skein/protocol"

/** Characters that act on a terminal or hide in it, as escapes: whatever comes from a log or a file name may hold some. */
export function visible(text: string): string {
  return shown(text).replaceAll(
    /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu,
    (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`,
  )
}

/** The same on one line: every run of space is one space. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, " ").trim())
}

/** As much of it as fits into so many columns of a terminal. */
export function clipped(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text
  let kept = ""
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += Bun.stringWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** The end of it that fits: what tells one path from another stands there. */
export function clippedStart(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text
  const segments = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
  let kept = ""
  for (const segment of segments.toReversed()) {
    if (Bun.stringWidth(segment + kept) > columns - 1) break
    kept = segment + kept
  }
  return `…${kept}`
}
