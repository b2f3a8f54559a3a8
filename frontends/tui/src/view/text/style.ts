import type { Line, Span, Style } from "@skein/term"

/** One look over another: what the upper says holds. */
export function over(upper: Style | undefined, lower: Style | undefined): Style | undefined {
  if (upper === undefined) return lower
  if (lower === undefined) return upper
  return { ...lower, ...upper }
}

/** Every span over this look. */
export function restyled(line: Line, lower: Style): Line {
  return line.map(({ text, style }) => ({ text, style: over(style, lower) }))
}

/** Without a style where there is none. */
export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style }
}
