import type { Input } from "../input.ts"
import { ALT, CTRL, codedKey, namedKey, SHIFT } from "./keys.ts"
import { mouseInput } from "./mouse.ts"

/** One control sequence, `ESC [` taken off: what stands between that and its last byte, and that byte. */
export interface Sequence {
  /** `<`, `=`, `>`, `?`, or nothing. */
  readonly marker: string
  /** Parameters with their parts; an empty one is 0. */
  readonly parameters: readonly (readonly number[])[]
  readonly intermediate: string
  readonly final: string
  /** ESC stood twice before it, as some terminals write Alt. */
  readonly hasAlt: boolean
}

/** What it says, or undefined for one that says nothing to us. Nothing of it is ever text. `asksCursor`: an answer is due. */
export function sequenceInput(sequence: Sequence, asksCursor: boolean): Input | undefined {
  const { marker, final } = sequence
  if (marker === "<") return final === "M" || final === "m" ? mouseInput(flat(sequence), final === "m") : undefined
  if (marker === "?") return answer(sequence)
  if (marker !== "") return undefined
  if (final === "I" || final === "O") return { kind: "focus", isFocused: final === "I" }
  if (final === "R" && isCursor(sequence, asksCursor)) return cursor(sequence)
  if (final === "u") return protocolKey(sequence)
  return legacyKey(sequence)
}

/** What a key pressed with Alt as a second ESC, or by the rxvt way of saying shift and ctrl, was held with besides. */
function legacyKey({ parameters, intermediate, final, hasAlt }: Sequence): Input | undefined {
  const [first = 0] = parameters[0] ?? []
  const [modifier = 1, event = 1] = parameters[1] ?? []
  if (event === RELEASED) return undefined
  const held = heldOf(modifier) | (hasAlt ? ALT : 0)
  if (final === "~" && first === OTHER_KEY) {
    const [code = 0] = parameters[2] ?? []
    return isCode(code) ? codedKey({ code, held }) : undefined
  }
  if (final === "~") return named(NUMBERED[first], held)
  if (intermediate === "$") return named(NUMBERED[first], held | SHIFT)
  if (final === "^") return named(NUMBERED[first], held | CTRL)
  if (final === "@") return named(NUMBERED[first], held | CTRL | SHIFT)
  if (final === "Z") return namedKey("tab", held | SHIFT)
  const small = final >= "a" && final <= "d"
  return small ? named(LETTERED[final.toUpperCase()], held | SHIFT) : named(LETTERED[final], held)
}

/** A key of the keyboard protocol: code:shifted:base ; modifiers:event ; text. */
function protocolKey({ parameters, hasAlt }: Sequence): Input | undefined {
  const [code = 0, shifted = 0, base = 0] = parameters[0] ?? []
  const [modifier = 1, event = 1] = parameters[1] ?? []
  const typed = (parameters[2] ?? []).filter((one) => one >= 0x20 && isCode(one))
  if (event === RELEASED || !isCode(code)) return undefined
  return codedKey({
    code,
    held: heldOf(modifier) | (hasAlt ? ALT : 0),
    ...(shifted > 0 && isCode(shifted) ? { shifted } : {}),
    ...(base > 0 && isCode(base) ? { base } : {}),
    ...(typed.length > 0 ? { text: String.fromCodePoint(...typed) } : {}),
  })
}

function answer({ parameters, intermediate, final }: Sequence): Input | undefined {
  const values = parameters.map(([value = 0]) => value)
  const [first = 0, second = 0] = values
  if (final === "c") return { kind: "reply", reply: { kind: "attributes", values } }
  if (final === "u") return { kind: "reply", reply: { kind: "keyboard", flags: first } }
  if (final === "R") return cursor({ parameters })
  if (final === "n" && first === SCHEME) return { kind: "reply", reply: { kind: "scheme", isLight: second === 2 } }
  if (final !== "y" || intermediate !== "$") return undefined
  // What is off for good is as if there were no such mode.
  const state = second === 0 || second === PERMANENTLY_RESET ? "unknown" : second === 2 ? "reset" : "set"
  return { kind: "reply", reply: { kind: "mode", mode: first, state } }
}

/** F3 with something held and a cursor in the first row look alike: whoever asked for the cursor gets it. */
function isCursor({ parameters }: Sequence, asksCursor: boolean): boolean {
  const [[row = 1] = [], [column = 0] = []] = parameters
  if (parameters.length !== 2) return false
  return asksCursor || row !== 1 || column < 2 || column > 16
}

function cursor({ parameters }: Pick<Sequence, "parameters">): Input {
  const [[row = 1] = [], [column = 1] = []] = parameters
  return { kind: "reply", reply: { kind: "cursor", row: Math.max(0, row - 1), column: Math.max(0, column - 1) } }
}

function flat({ parameters }: Sequence): number[] {
  return parameters.map(([value = 0]) => value)
}

function named(name: string | undefined, held: number): Input | undefined {
  return name === undefined ? undefined : namedKey(name, held)
}

function heldOf(modifier: number): number {
  return Math.max(0, modifier - 1) & 0xff
}

function isCode(code: number): boolean {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
}

const RELEASED = 3
/** Of a mode. */
const PERMANENTLY_RESET = 4
/** The number by which modifyOtherKeys tells of a key that has none. */
const OTHER_KEY = 27
/** Of a report about light and dark. */
const SCHEME = 997

const LETTERED: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
}

const NUMBERED: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
  25: "f13",
  26: "f14",
  28: "f15",
  29: "f16",
  31: "f17",
  32: "f18",
  33: "f19",
  34: "f20",
}

/** A key of the application keypad, or a cursor key in application mode: `ESC O` and a byte, parameters between in old terminals. */
export function singleShiftKey(parameters: string, final: string, hasAlt: boolean): Input | undefined {
  const modifier = Number(parameters.split(";").at(-1) || 1)
  const held = heldOf(modifier) | (hasAlt ? ALT : 0)
  if (final >= "a" && final <= "d") return named(LETTERED[final.toUpperCase()], held | CTRL)
  if (final === "M") return namedKey("enter", held)
  if (final === "I") return namedKey("tab", held)
  const typed = KEYPAD[final]
  if (typed === undefined) return named(LETTERED[final], held)
  return codedKey({ code: typed.charCodeAt(0), held })
}

const KEYPAD: Readonly<Record<string, string>> = {
  " ": " ",
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  p: "0",
  q: "1",
  r: "2",
  s: "3",
  t: "4",
  u: "5",
  v: "6",
  w: "7",
  x: "8",
  y: "9",
}
