/** As terminals do that know what belongs together: an emoji of several parts, a flag, a letter with its marks is one. */
export function charactersOf(text: string): Iterable<string> {
  if (/^[\x00-\u02ff]*$/.test(text)) return text
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })
  return segmenter
    .segment(text)
    [Symbol.iterator]()
    .map(({ segment }) => segment)
}

let segmenter: Intl.Segmenter | undefined

const widths = new Map<string, number>()

/** Cells of one such character: 0, 1 or 2. */
export function widthOf(character: string): number {
  if (character < "\u0300") return 1
  const known = widths.get(character)
  if (known !== undefined) return known
  const width = Bun.stringWidth(character)
  widths.set(character, width)
  return width
}
