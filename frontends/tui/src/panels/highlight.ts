import type { Line, Span, Style } from "@skein/term"

/** The line with every place where it says `query` in another style. `query` is in small letters. */
export function highlighted(line: Line, query: string, style: Style): Line {
  if (query === "") return line
  const low = line
    .map(({ text }) => text)
    .join("")
    .toLowerCase()
  const ranges = rangesOf(low, query)
  return ranges.length === 0 ? line : line.flatMap(marking(ranges, style))
}

function rangesOf(low: string, query: string): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = []
  for (let at = low.indexOf(query); at !== -1; at = low.indexOf(query, at + query.length)) {
    ranges.push([at, at + query.length])
  }
  return ranges
}

/** Spans are cut where a range begins or ends. */
function marking(ranges: readonly (readonly [number, number])[], style: Style): (span: Span) => Span[] {
  let start = 0
  return (span) => {
    const end = start + span.text.length
    const spans: Span[] = []
    let at = start
    for (const [from, to] of ranges) {
      if (to <= at || from >= end) continue
      if (from > at) spans.push({ ...span, text: span.text.slice(at - start, from - start) })
      const stop = Math.min(to, end)
      spans.push({
        text: span.text.slice(Math.max(from, at) - start, stop - start),
        style: { ...span.style, ...style },
      })
      at = stop
    }
    if (at < end) spans.push({ ...span, text: span.text.slice(at - start) })
    start = end
    return spans
  }
}
