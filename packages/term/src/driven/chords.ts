/**
 * What a terminal sends for a key, by the key's name as in `Input`: as xterm does without any protocol asked for, and
 * where that has no way to say it (`shift+enter`, `ctrl+.`) as CSI u. Throws for a name that is none.
 */
export function bytesOfChord(chord: string): string {
  const { name, held } = partsOf(chord)
  const modifier = 1 + MODIFIERS.reduce((sum, each, at) => sum + (held.includes(each) ? 1 << at : 0), 0)
  const letter = CURSOR_KEYS[name]
  if (letter !== undefined) return modifier === 1 ? `\x1b[${letter}` : `\x1b[1;${modifier}${letter}`
  const number = NUMBERED_KEYS[name]
  if (number !== undefined) return modifier === 1 ? `\x1b[${number}~` : `\x1b[${number};${modifier}~`
  if (name === "tab" && chord === "shift+tab") return "\x1b[Z"
  const plain = PLAIN_KEYS[name] ?? ([...name].length === 1 ? name : undefined)
  if (plain === undefined) throw new Error(`There is no key ${JSON.stringify(chord)}.`)
  return encoded(plain, held, modifier)
}

/** Bits of CSI u's modifier, least first. */
const MODIFIERS = ["shift", "alt", "ctrl", "super"]

const CURSOR_KEYS: Readonly<Record<string, string>> = {
  ...{ up: "A", down: "B", right: "C", left: "D", home: "H", end: "F" },
}

const NUMBERED_KEYS: Readonly<Record<string, number>> = {
  ...{ insert: 2, delete: 3, "page-up": 5, "page-down": 6 },
  ...{ f1: 11, f2: 12, f3: 13, f4: 14, f5: 15, f6: 17, f7: 18, f8: 19, f9: 20, f10: 21, f11: 23, f12: 24 },
}

const PLAIN_KEYS: Readonly<Record<string, string>> = {
  ...{ enter: "\r", tab: "\t", backspace: "\x7f", escape: "\x1b", space: " " },
}

function encoded(plain: string, held: readonly string[], modifier: number): string {
  const others = held.filter((each) => each !== "alt")
  const alt = held.includes("alt") ? "\x1b" : ""
  if (others.length === 0) return alt + plain
  if (others.length === 1 && others[0] === "ctrl" && /^[a-z@[\\\]^_ ]$/.test(plain)) {
    return alt + String.fromCharCode(plain.toUpperCase().charCodeAt(0) & 0x1f)
  }
  if (others.length === 1 && others[0] === "shift" && /^\p{L}$/u.test(plain)) return alt + plain.toUpperCase()
  return `\x1b[${plain.codePointAt(0)};${modifier}u`
}

function partsOf(chord: string): { readonly name: string; readonly held: readonly string[] } {
  const held: string[] = []
  let name = chord
  for (;;) {
    const mark = name.indexOf("+")
    const first = name.slice(0, mark)
    // `ctrl++` is the plus sign itself.
    if (mark <= 0 || !MODIFIERS.includes(first)) return { name, held }
    held.push(first)
    name = name.slice(mark + 1)
  }
}
