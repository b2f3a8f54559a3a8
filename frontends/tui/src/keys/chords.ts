import { lazy } from "@skein/protocol"

/** A chord as the decoder writes it, from what a person wrote; or why it is none. */
export function chordFrom(written: string): { readonly chord: string } | { readonly problem: string } {
  const text = written.trim()
  const { words, key } = partsOf(text)
  const modifiers = new Set<string>()
  for (const word of words) {
    const modifier = MODIFIERS()[word.toLowerCase()]
    if (modifier === undefined)
      return { problem: `"${text}": "${word}" is no modifier; there are ctrl, alt, shift and super` }
    modifiers.add(modifier)
  }
  const name = keyName(key)
  if (name === undefined) return { problem: `"${text}": there is no key "${key}"` }
  return { chord: chordOf(name, modifiers) }
}

/** What many terminals make of a chord, where that is not the chord; undefined for those that all can send. */
export function chordLimit(chord: string): string | undefined {
  const same = SAME_BYTE()[chord]
  if (same !== undefined) return `most terminals send ${same} for it`
  if (/^ctrl\+shift\+[a-z]$/.test(chord)) return `most terminals send ctrl+${chord.at(-1)} for it`
  if (chord.startsWith("super+") || chord.includes("+super+")) return "most terminals keep it for themselves"
  if (chord === "ctrl+s" || chord === "ctrl+q") return "some terminals stop and go on with it"
  if (/^(ctrl|shift|ctrl\+shift)\+(enter|tab|space|backspace)$/.test(chord)) {
    return chord === "shift+tab" || chord === "ctrl+space" ? undefined : "not every terminal can send it"
  }
  return undefined
}

/** The last `+` that is no separator is the key: `ctrl++`. */
function partsOf(text: string): { words: string[]; key: string } {
  if (text === "+" || text.endsWith("++")) return { words: text.slice(0, -2).split("+").filter(Boolean), key: "+" }
  const words = text.split("+").map((word) => word.trim())
  return { key: words.at(-1) ?? "", words: words.slice(0, -1) }
}

function keyName(key: string): string | undefined {
  if ([...key].length === 1 && key !== " ") return key
  const name = key.toLowerCase()
  const known = ALIASES()[name] ?? name
  return NAMED().has(known) || [...known].length === 1 ? known : undefined
}

function chordOf(key: string, modifiers: ReadonlySet<string>): string {
  const held = ORDER.filter((modifier) => modifiers.has(modifier))
  const isCharacter = [...key].length === 1
  if (!isCharacter) return key === "space" && held.length === 0 ? " " : [...held, key].join("+")
  if (held.length === 1 && held[0] === "shift") return key.toUpperCase()
  if (held.length === 0) return key
  // With ctrl or alt held the capital is the small letter and shift.
  const isCapital = key !== key.toLowerCase() && !modifiers.has("ctrl")
  const all = ORDER.filter((modifier) => modifiers.has(modifier) || (isCapital && modifier === "shift"))
  return [...all, key.toLowerCase()].join("+")
}

const ORDER = ["ctrl", "alt", "shift", "super"]

const MODIFIERS = lazy<Readonly<Record<string, string>>>(() => ({
  ctrl: "ctrl",
  control: "ctrl",
  c: "ctrl",
  alt: "alt",
  option: "alt",
  opt: "alt",
  meta: "alt",
  m: "alt",
  shift: "shift",
  s: "shift",
  super: "super",
  cmd: "super",
  command: "super",
  win: "super",
}))

const ALIASES = lazy<Readonly<Record<string, string>>>(() => ({
  esc: "escape",
  return: "enter",
  cr: "enter",
  del: "delete",
  ins: "insert",
  bs: "backspace",
  pageup: "page-up",
  pgup: "page-up",
  pagedown: "page-down",
  pgdn: "page-down",
  pgdown: "page-down",
  plus: "+",
  minus: "-",
  backslash: "\\",
  slash: "/",
}))

const NAMED = lazy(
  () =>
    new Set([
      ..."enter tab backspace delete escape space up down left right home end page-up page-down insert".split(" "),
      ...Array.from({ length: 24 }, (_, index) => `f${index + 1}`),
    ]),
)

const SAME_BYTE = lazy<Readonly<Record<string, string>>>(() => ({
  "ctrl+m": "Enter",
  "ctrl+i": "Tab",
  "ctrl+[": "Escape",
  "ctrl+h": "Backspace",
  "ctrl+shift+enter": "Enter",
}))
