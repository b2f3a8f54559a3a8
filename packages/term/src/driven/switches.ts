import type { Sequence } from "../emulator/sequences.ts"

/** What a program has switched in its terminal so far. */
export interface Switches {
  follow(sequence: Sequence): void
  /** Of a mode (DEC, `CSI ? … h`); undefined while it was never said. */
  isOn(mode: number): boolean | undefined
  /** What a shell would not find as it left it, a few words each. */
  left(): string[]
}

/** Follows modes and how keys are told. Each of the two screens has a stack of its own for the latter. */
export function switches(): Switches {
  const modes = new Map<number, boolean>()
  const keyboards = { main: new Keyboard(), alternate: new Keyboard() }
  let hasOtherKeys = false

  function follow(sequence: Sequence): void {
    if (sequence.kind === "escape" && sequence.text === "c") return reset()
    if (sequence.kind !== "csi" || sequence.intermediates !== "") return
    const { prefix, final, parameters } = sequence
    if (prefix === "?" && (final === "h" || final === "l")) {
      for (const mode of parameters) modes.set(mode, final === "h")
    } else if (final === "u") keyboards[isAlternate(modes) ? "alternate" : "main"].follow(prefix, parameters)
    else if (prefix === ">" && (final === "m" || final === "n")) {
      if (parameters.length === 0) hasOtherKeys = false
      else if (parameters[0] === OTHER_KEYS) hasOtherKeys = final === "m" && (parameters[1] ?? 0) > 0
    }
  }

  function reset(): void {
    modes.clear()
    hasOtherKeys = false
    for (const keyboard of Object.values(keyboards)) keyboard.reset()
  }

  return {
    follow,
    isOn: (mode) => modes.get(mode),
    left: () => [
      ...[...new Set(ENDED_OFF.flatMap(([mode, meaning]) => (modes.get(mode) === true ? [meaning] : [])))],
      ...ENDED_ON.flatMap(([mode, meaning]) => (modes.get(mode) === false ? [meaning] : [])),
      ...(keyboards.main.isChanged ? ["the keyboard protocol"] : []),
      ...(keyboards.alternate.isChanged ? ["the keyboard protocol of the alternate screen"] : []),
      ...(hasOtherKeys ? ["modifyOtherKeys"] : []),
    ],
  }
}

/** The stack of the progressive keyboard protocol. */
class Keyboard {
  #flags = 0
  readonly #below: number[] = []

  get isChanged(): boolean {
    return this.#flags !== 0 || this.#below.length > 0
  }

  follow(prefix: string, parameters: readonly number[]): void {
    const [first = 0, way = 1] = parameters
    if (prefix === ">") {
      this.#below.push(this.#flags)
      this.#flags = first
    } else if (prefix === "<") {
      // A pop of an empty stack is none.
      for (let left = Math.max(1, first); left > 0 && this.isChanged; left--) this.#flags = this.#below.pop() ?? 0
    } else if (prefix === "=") {
      this.#flags = way === 1 ? first : way === 2 ? this.#flags | first : this.#flags & ~first
    }
  }

  reset(): void {
    this.#flags = 0
    this.#below.length = 0
  }
}

/** The resource of XTerm's `CSI > … m`. */
const OTHER_KEYS = 4
const ALTERNATE = [47, 1047, 1049]

function isAlternate(modes: ReadonlyMap<number, boolean>): boolean {
  return ALTERNATE.some((mode) => modes.get(mode) === true)
}

const ENDED_OFF: readonly (readonly [number, string])[] = [
  [47, "the alternate screen"],
  [1047, "the alternate screen"],
  [1049, "the alternate screen"],
  [2004, "bracketed paste"],
  [1004, "focus reports"],
  [2026, "synchronized output"],
  [2031, "reports of light and dark"],
  [9, "mouse reports"],
  [1000, "mouse reports"],
  [1001, "mouse reports"],
  [1002, "mouse reports"],
  [1003, "mouse reports"],
]
const ENDED_ON: readonly (readonly [number, string])[] = [
  [25, "the cursor is hidden"],
  [7, "lines do not wrap"],
]
