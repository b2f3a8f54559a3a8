import { editDistance, nearestName } from "@skein/protocol"
import { UsageError } from "./usage.ts"

/** One flag of a verb, as data: help, completion and parsing all come from this. */
export type Flag = {
  readonly name: string
  readonly short?: string
  readonly aliases?: readonly string[]
  readonly summary: string
} & (
  | { readonly kind: "boolean" }
  | {
      readonly kind: "string"
      readonly value: string
      readonly choices?: readonly string[]
      /** Values that programs which speak Claude Code's lines give beside the choices; their front-end reads them. */
      readonly hostChoices?: readonly string[]
      /** Other programs' words for the choices: taken, and not shown. */
      readonly otherWords?: readonly string[]
    }
  /** May be given again and again. */
  | { readonly kind: "list"; readonly value: string }
)

export interface Parsed {
  readonly flags: Flags
  readonly words: readonly string[]
  /** What came after `--`, which is never read as a flag. */
  readonly rest: readonly string[]
}

/** Values by the flag's own name. */
export interface Flags {
  has(name: string): boolean
  text(name: string): string | undefined
  list(name: string): readonly string[]
}

export interface Reading {
  /** Unknown flags are passed over. */
  readonly isLenient?: boolean
  /** The first word begins a command of its own: it and all behind it are `rest`. */
  readonly isCommandLast?: boolean
}

/** Reads an argument vector once, by position. Throws UsageError that names the nearest flag there is. */
export function parseFlags(
  argv: readonly string[],
  known: readonly Flag[],
  reading: boolean | Reading = false,
): Parsed {
  const { isLenient = false, isCommandLast = false } = typeof reading === "boolean" ? { isLenient: reading } : reading
  const byName = new Map(known.flatMap((flag) => namesOf(flag).map((name) => [name, flag] as const)))
  const values = new Map<string, string[]>()
  const words: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ""
    if (word === "--") return { flags: read(values), words, rest: argv.slice(at + 1) }
    if (!word.startsWith("-") || word === "-") {
      if (isCommandLast) return { flags: read(values), words, rest: argv.slice(at) }
      words.push(word)
      continue
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1
    const name = equals < 0 ? word : word.slice(0, equals)
    const flag = byName.get(name)
    if (flag === undefined) {
      if (isLenient) continue
      throw new UsageError(`Unknown flag ${name}.${nearest(name, [...byName.keys()])}`)
    }
    if (flag.kind === "boolean") {
      if (equals >= 0) throw new UsageError(`${name} takes no value.`)
      values.set(flag.name, ["true"])
      continue
    }
    const value = equals >= 0 ? word.slice(equals + 1) : argv[++at]
    if (value === undefined) throw new UsageError(`${name} needs a value: ${name} ${flag.value}.`)
    if (isLenient && flag.kind === "string" && flag.hostChoices?.includes(value)) continue
    const isOther = flag.kind === "string" && flag.otherWords?.includes(value) === true
    if (flag.kind === "string" && flag.choices !== undefined && !flag.choices.includes(value) && !isOther) {
      throw new UsageError(`${name} is one of ${flag.choices.join(", ")}, not ${JSON.stringify(value)}.`)
    }
    values.set(flag.name, flag.kind === "list" ? [...(values.get(flag.name) ?? []), value] : [value])
  }
  return { flags: read(values), words, rest: [] }
}

export function namesOf(flag: Flag): string[] {
  const long = [flag.name, ...(flag.aliases ?? [])].map((name) => `--${name}`)
  return flag.short === undefined ? long : [`-${flag.short}`, ...long]
}

function read(values: ReadonlyMap<string, readonly string[]>): Flags {
  return {
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  }
}

/** A hint at what may have been meant, when something is close enough. */
export function nearest(word: string, candidates: readonly string[]): string {
  // One letter is as near to any other.
  if (/^-.?$/.test(word)) return ""
  const name = nearestName(word, candidates)
  return name === undefined ? "" : ` Did you mean ${name}?`
}

/** The verb that a lone word is a slip of. Short words are prompts as often as slips. */
export function nearVerb(word: string, verbs: readonly { readonly name: string }[]): string | undefined {
  if (!/^[a-z][a-z-]{3,}$/.test(word)) return undefined
  const slips = word.length < 6 ? 1 : 2
  return verbs.find(({ name }) => name.length >= 4 && editDistance(word, name) <= slips)?.name
}
