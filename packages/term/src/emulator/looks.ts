import { type Color, PALETTE, type Style } from "../line.ts"

/** What SGR (`CSI … m`) makes of a style. `raw` is the parameters as written, with `;` and `:`. */
export function restyled(style: Style, raw: string): Style {
  if (raw === "" || raw === "0") return PLAIN
  let now = style
  const groups = raw.split(";")
  for (let at = 0; at < groups.length; at++) {
    const [code = 0, ...parts] = (groups[at] ?? "").split(":").map((part) => Number.parseInt(part, 10) || 0)
    if (code === 38 || code === 48 || code === 58) {
      const given = parts.length > 0 ? parts : groups.slice(at + 1, at + 5).map(Number)
      // `38:2::r:g:b` has a place for a color space, `38;2;r;g;b` has none.
      const numbers = parts.length > 4 ? [given[0] ?? 0, ...given.slice(2)] : given
      const color = colorOf(numbers)
      if (code === 38) now = { ...now, foreground: color }
      if (code === 48) now = { ...now, background: color }
      if (parts.length === 0) at += given[0] === 2 ? 4 : 2
    } else now = marked(now, code, parts)
  }
  return now
}

export const PLAIN: Style = {}

function marked(style: Style, code: number, parts: readonly number[]): Style {
  if (code >= 30 && code <= 37) return { ...style, foreground: PALETTE[code - 30] }
  if (code >= 90 && code <= 97) return { ...style, foreground: PALETTE[code - 82] }
  if (code >= 40 && code <= 47) return { ...style, background: PALETTE[code - 40] }
  if (code >= 100 && code <= 107) return { ...style, background: PALETTE[code - 92] }
  switch (code) {
    case 0:
      return style.link === undefined ? PLAIN : { link: style.link }
    case 1:
      return { ...style, isBold: true }
    case 2:
      return { ...style, isDim: true }
    case 3:
      return { ...style, isItalic: true }
    case 4:
      return { ...style, isUnderlined: parts[0] !== 0 }
    case 7:
      return { ...style, isInverse: true }
    case 9:
      return { ...style, isStruck: true }
    case 22:
      return without(style, "isBold", "isDim")
    case 23:
      return without(style, "isItalic")
    case 24:
      return without(style, "isUnderlined")
    case 27:
      return without(style, "isInverse")
    case 29:
      return without(style, "isStruck")
    case 39:
      return without(style, "foreground")
    case 49:
      return without(style, "background")
    default:
      return style
  }
}

function without(style: Style, ...names: readonly (keyof Style)[]): Style {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.some((gone) => gone === name)))
}

/** `2;r;g;b` or `5;n`. */
function colorOf([kind, a = 0, b = 0, c = 0]: readonly number[]): Color | undefined {
  if (kind === 2) return hex(a, b, c)
  if (kind !== 5) return undefined
  if (a < 16) return PALETTE[a]
  if (a >= 232) return hex(8 + (a - 232) * 10, 8 + (a - 232) * 10, 8 + (a - 232) * 10)
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  return hex(level(Math.floor((a - 16) / 36)), level(Math.floor((a - 16) / 6) % 6), level((a - 16) % 6))
}

function hex(...parts: readonly number[]): Color {
  return `#${parts.map((part) => Math.min(255, part).toString(16).padStart(2, "0")).join("")}`
}
