import type { Input } from "@skein/term"

/** DEC private modes of a terminal that change what its keys send. */
const APPLICATION_CURSOR = 1
const BRACKETED_PASTE = 2004

/** What a terminal sends for a key or a paste; undefined for what means nothing to the program in it. See xterm's ctlseqs. */
export function sentFor(input: Input, modes: ReadonlySet<number>): string | undefined {
  if (input.kind === "paste") {
    const text = input.text.replaceAll("\n", "\r")
    return modes.has(BRACKETED_PASTE) ? `\x1b[200~${text}\x1b[201~` : text
  }
  if (input.kind !== "key") return undefined
  if (input.text !== undefined) return input.text
  return chordSent(input.chord, modes)
}

function chordSent(chord: string, modes: ReadonlySet<number>): string | undefined {
  const held = chord.match(/^((?:ctrl\+|alt\+|shift\+|super\+)*)(.+)$/s)
  const [, modifiers = "", name = ""] = held ?? []
  const alt = modifiers.includes("alt+") ? "\x1b" : ""
  const isCtrl = modifiers.includes("ctrl+")
  if (isCtrl) {
    const control = controlOf(name)
    if (control !== undefined) return `${alt}${control}`
  }
  const arrow = ARROWS[name]
  if (arrow !== undefined) {
    const value = modifierOf(modifiers)
    if (value > 1) return `\x1b[1;${value}${arrow}`
    return `\x1b${modes.has(APPLICATION_CURSOR) ? "O" : "["}${arrow}`
  }
  if (name === "tab" && modifiers.includes("shift+")) return "\x1b[Z"
  const sent = NAMED[name] ?? (name.length === 1 || /^\p{Extended_Pictographic}/u.test(name) ? name : undefined)
  return sent === undefined ? undefined : `${alt}${sent}`
}

/** 1 and the bits of what is held: shift 1, alt 2, ctrl 4. */
function modifierOf(modifiers: string): number {
  const bit = (name: string, value: number) => (modifiers.includes(name) ? value : 0)
  return 1 + bit("shift+", 1) + bit("alt+", 2) + bit("ctrl+", 4)
}

function controlOf(name: string): string | undefined {
  if (name === "space") return "\0"
  if (!/^[a-z@[\\\]^_]$/.test(name)) return undefined
  return String.fromCharCode(name.toUpperCase().charCodeAt(0) & 0x1f)
}

const ARROWS: Readonly<Record<string, string>> = { up: "A", down: "B", right: "C", left: "D", home: "H", end: "F" }
const NAMED: Readonly<Record<string, string>> = {
  enter: "\r",
  tab: "\t",
  backspace: "\x7f",
  escape: "\x1b",
  space: " ",
  delete: "\x1b[3~",
  insert: "\x1b[2~",
  "page-up": "\x1b[5~",
  "page-down": "\x1b[6~",
  f1: "\x1bOP",
  f2: "\x1bOQ",
  f3: "\x1bOR",
  f4: "\x1bOS",
  f5: "\x1b[15~",
  f6: "\x1b[17~",
  f7: "\x1b[18~",
  f8: "\x1b[19~",
  f9: "\x1b[20~",
  f10: "\x1b[21~",
  f11: "\x1b[23~",
  f12: "\x1b[24~",
}
