import type { Input } from "../input.ts"

export type Key = Extract<Input, { readonly kind: "key" }>

/** What was held while a key was pressed, as xterm counts it: the parameter less one. */
export const SHIFT = 1
export const ALT = 2
export const CTRL = 4
const SUPER = 8
const HYPER = 16
const META = 32
/** Any of what makes a chord of a character. */
const HELD = CTRL | ALT | SUPER | HYPER | META
const CAPS_LOCK = 64
/** That one and that of the keypad, which is on as a rule. */
const LOCKS = CAPS_LOCK | 128

/** A key that has a name: `up`, `f5`, `enter`. */
export function namedKey(name: string, held = 0): Key {
  return { kind: "key", chord: `${prefix(held)}${name}` }
}

/** Characters that were typed, or that an input method gave, as they are. */
export function textKey(text: string): Key {
  return { kind: "key", chord: text, text }
}

/** A key by the code that CSI-u and modifyOtherKeys give it, or undefined for one that does nothing by itself. */
export function codedKey({ code, held, shifted, base, text }: CodedKey): Key | undefined {
  const name = functionalName(code)
  if (name === "") return undefined
  if (name?.length === 1) return characterKey({ code: name.charCodeAt(0), held, text })
  if (name !== undefined) return namedKey(name, held)
  if (code < SPACE) return controlKey(code, held)
  return characterKey({ code: held & SHIFT ? code : smallOf(code, held), held, shifted, base, text })
}

/** What is held is told apart from the key here: a capital with Ctrl or Alt and without shift is a small one under Caps Lock. */
function smallOf(code: number, held: number): number {
  if ((held & HELD) === 0) return code
  const small = String.fromCodePoint(code).toLowerCase()
  const [only = code] = [...small].length === 1 ? [small.codePointAt(0)] : []
  return only
}

export interface CodedKey {
  readonly code: number
  readonly held: number
  /** The code it has with shift. */
  readonly shifted?: number | undefined
  /** The code of the key at its place on a US keyboard. */
  readonly base?: number | undefined
  readonly text?: string | undefined
}

/** A byte below the space, or the last of ASCII, as terminals have always sent them. */
export function controlKey(byte: number, held = 0): Key {
  if (byte === 0) return namedKey("space", held | CTRL)
  if (byte === 0x09) return namedKey("tab", held)
  if (byte === 0x0d) return namedKey("enter", held)
  if (byte === 0x1b) return namedKey("escape", held)
  if (byte === DELETE) return namedKey("backspace", held)
  // Ctrl takes the two high bits off a character: what is left names a letter, or one of \ ] ^ _.
  return namedKey(String.fromCharCode(byte + 0x40).toLowerCase(), held | CTRL)
}

/** A byte of ASCII behind an ESC that nothing followed. */
export function altKey(byte: number): Key {
  const character = String.fromCharCode(byte)
  const small = character.toLowerCase()
  return namedKey(`alt+${small === character ? "" : "shift+"}${small}`)
}

/** A character with Alt, or with whatever else was held. */
export function characterKey({ code, held, shifted, base, text }: CodedKey): Key {
  const hasChord = (held & HELD) !== 0
  const character = String.fromCodePoint(code)
  if (code === SPACE) return held & ~LOCKS ? { ...namedKey("space", held), ...(hasChord ? {} : SPACED) } : textKey(" ")
  if (!hasChord) return textKey(text || typed(character, held, shifted))
  if (isLetter(character)) {
    // A shortcut is meant by the place of its key, on a keyboard of any script.
    const latin = base !== undefined && code > 0x7f ? String.fromCodePoint(base) : character
    const isUpper = latin !== latin.toLowerCase()
    return namedKey(latin.toLowerCase(), isUpper ? held | SHIFT : held)
  }
  if (held & SHIFT && shifted !== undefined) return namedKey(String.fromCodePoint(shifted), held & ~SHIFT)
  return namedKey(character, SHIFTED.includes(character) ? held & ~SHIFT : held)
}

const SPACE = 0x20
const DELETE = 0x7f
const SPACED = { text: " " }
/** Characters that are only typed with shift, on most keyboards: they say it themselves. */
const SHIFTED = '~!@#$%^&*()_+{}|:"<>?'

function prefix(held: number): string {
  if (held === 0) return ""
  const ctrl = held & CTRL ? "ctrl+" : ""
  const alt = held & (ALT | META) ? "alt+" : ""
  const shift = held & SHIFT ? "shift+" : ""
  return `${ctrl}${alt}${shift}${held & (SUPER | HYPER) ? "super+" : ""}`
}

function typed(character: string, held: number, shifted: number | undefined): string {
  if (held & SHIFT && shifted !== undefined) return String.fromCodePoint(shifted)
  return held & (SHIFT | CAPS_LOCK) ? capitalOf(character) : character
}

/** One character, as a key writes: for some the rules of writing would make two. */
function capitalOf(character: string): string {
  const capital = character.toUpperCase()
  return [...capital].length === 1 ? capital : character
}

function isLetter(character: string): boolean {
  return character.toLowerCase() !== character.toUpperCase()
}

/** Undefined: a character. Empty: a key of which nothing follows, as shift by itself, or one that only players of music know. */
function functionalName(code: number): string | undefined {
  if (code === 127) return "backspace"
  if (code < FUNCTIONAL.first || code > FUNCTIONAL.last) return undefined
  if (code >= 57376 && code <= 57387) return `f${code - 57376 + 13}`
  if (code >= 57399 && code <= 57408) return String(code - 57399)
  return KEYPAD[code - 57409] ?? ""
}

/** Where the keyboard protocol keeps keys that write nothing: a private area of Unicode. */
const FUNCTIONAL = { first: 57344, last: 63743 }
const KEYPAD: readonly string[] = [
  ".",
  "/",
  "*",
  "-",
  "+",
  "enter",
  "=",
  ",",
  "left",
  "right",
  "up",
  "down",
  "page-up",
  "page-down",
  "home",
  "end",
  "insert",
  "delete",
]
