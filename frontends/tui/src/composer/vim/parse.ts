/** A whole command of normal or visual mode. `count` is 0 where none was typed. */
export type VimCommand =
  | { readonly kind: "move"; readonly motion: Motion; readonly count: number }
  | { readonly kind: "operate"; readonly operator: Operator; readonly on: Target; readonly count: number }
  | { readonly kind: "select"; readonly object: TextObject; readonly count: number }
  | { readonly kind: "simple"; readonly key: string; readonly count: number }
  | { readonly kind: "replace"; readonly text: string; readonly count: number }

export type Operator = "d" | "c" | "y" | ">" | "<"
export type Target =
  | { readonly kind: "motion"; readonly motion: Motion }
  | { readonly kind: "object"; readonly object: TextObject }
  /** The operator twice: whole lines. */
  | { readonly kind: "lines" }
/** `w`, `f` and their like. */
export interface Motion {
  readonly key: string
  /** Of f, F, t and T: the character to find. */
  readonly target?: string | undefined
}
/** `iw`, `a"` and their like. */
export interface TextObject {
  readonly isAround: boolean
  /** `w`, `W`, `p`, or the opening character of a pair. */
  readonly kind: string
}

export type Parsed =
  | { readonly kind: "command"; readonly command: VimCommand }
  /** More keys are needed. */
  | { readonly kind: "more" }
  | { readonly kind: "none" }

/** What the keys so far mean. */
export function parseKeys(keys: readonly string[], isVisual: boolean): Parsed {
  const first = countIn(keys, 0)
  const key = keys[first.next]
  if (key === undefined) return MORE
  const rest = keys.slice(first.next + 1)
  if (isOperator(key)) {
    if (isVisual) return command({ kind: "simple", key, count: first.count })
    return operated(key, rest, first.count)
  }
  if (key === "r") return replaced(rest[0], first.count)
  if (isVisual && (key === "i" || key === "a")) return selected(key, rest[0], first.count)
  const motion = motionFrom(key, rest)
  if (motion === "more") return MORE
  if (motion !== undefined) return command({ kind: "move", motion, count: first.count })
  return SIMPLE.includes(key) ? command({ kind: "simple", key, count: first.count }) : NONE
}

const MORE: Parsed = { kind: "more" }
const NONE: Parsed = { kind: "none" }
const MOTIONS = [
  ..."hjklwbeWBE0^$G;,%{} ",
  "left",
  "right",
  "up",
  "down",
  "home",
  "end",
  "backspace",
  "ctrl+left",
  "ctrl+right",
]
const SIMPLE = [..."pPxX~JoOiIaADCYSsuUvV.", "ctrl+r", "delete"]
const PAIRS: Readonly<Record<string, string>> = {
  ")": "(",
  b: "(",
  "]": "[",
  "}": "{",
  B: "{",
  ">": "<",
}

function command(made: VimCommand): Parsed {
  return { kind: "command", command: made }
}

function replaced(text: string | undefined, count: number): Parsed {
  if (text === undefined) return MORE
  if (text === "enter") return command({ kind: "replace", text: "\n", count })
  return isNamed(text) ? NONE : command({ kind: "replace", text, count })
}

/** A key that writes nothing: `left`, `ctrl+x`. */
function isNamed(key: string): boolean {
  return /^[a-z0-9+-]{2,}$/.test(key)
}

/** `0` begins no count: it is the start of the line. */
function countIn(keys: readonly string[], from: number): { count: number; next: number } {
  let next = from
  let count = 0
  while (/^[0-9]$/.test(keys[next] ?? "") && !(count === 0 && keys[next] === "0")) {
    count = Math.min(9999, count * 10 + Number(keys[next]))
    next++
  }
  return { count, next }
}

function isOperator(key: string): key is Operator {
  return key === "d" || key === "c" || key === "y" || key === ">" || key === "<"
}

/** `2d3w` is six words. */
function operated(operator: Operator, keys: readonly string[], outer: number): Parsed {
  const inner = countIn(keys, 0)
  const key = keys[inner.next]
  if (key === undefined) return MORE
  const count = outer === 0 && inner.count === 0 ? 0 : Math.min(9999, (outer || 1) * (inner.count || 1))
  if (key === operator) return command({ kind: "operate", operator, on: { kind: "lines" }, count })
  const next = keys[inner.next + 1]
  if (key === "i" || key === "a") {
    if (next === undefined) return MORE
    const object = objectFrom(key, next)
    return object === undefined ? NONE : command({ kind: "operate", operator, on: { kind: "object", object }, count })
  }
  const motion = motionFrom(key, keys.slice(inner.next + 1))
  if (motion === "more") return MORE
  return motion === undefined ? NONE : command({ kind: "operate", operator, on: { kind: "motion", motion }, count })
}

function selected(key: string, next: string | undefined, count: number): Parsed {
  if (next === undefined) return MORE
  const object = objectFrom(key, next)
  return object === undefined ? NONE : command({ kind: "select", object, count })
}

function objectFrom(key: string, next: string): TextObject | undefined {
  const kind = PAIRS[next] ?? next
  return /^[wWp"'`([{<]$/.test(kind) ? { isAround: key === "a", kind } : undefined
}

function motionFrom(key: string, rest: readonly string[]): Motion | "more" | undefined {
  if (/^[fFtT]$/.test(key)) {
    const [target] = rest
    if (target === undefined) return "more"
    return isNamed(target) ? undefined : { key, target }
  }
  if (key === "g") {
    if (rest[0] === undefined) return "more"
    return rest[0] === "g" || rest[0] === "e" ? { key: `g${rest[0]}` } : undefined
  }
  return MOTIONS.includes(key) ? { key } : undefined
}
