/** What is wrong with a value of a manifest. */
export interface Flaw {
  /** `interface.defaultPrompt[3]`; empty for the file itself. */
  readonly place: string
  /** A sentence. */
  readonly why: string
  /** An error: the plugin is not loaded. Otherwise only that value is passed over. */
  readonly isError: boolean
}

/** Looks at one value. An absent one is not asked about. */
export type Check = (value: unknown, place: string) => readonly Flaw[]

export type Values = Readonly<Record<string, unknown>>

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export function error(place: string, why: string): readonly Flaw[] {
  return [{ place, why, isError: true }]
}

export function warning(place: string, why: string): readonly Flaw[] {
  return [{ place, why, isError: false }]
}

export const anything: Check = () => []

export function text(charsMax: number): Check {
  return (value, place) => {
    if (typeof value !== "string") return error(place, `It takes a text, not ${kindOf(value)}.`)
    return value.length > charsMax ? error(place, `It has ${value.length} characters; ${charsMax} is the most.`) : []
  }
}

export function matching(pattern: RegExp, what: string): Check {
  return (value, place) =>
    typeof value === "string" && pattern.test(value) ? [] : error(place, `It takes ${what}, not ${quoted(value)}.`)
}

/** Leaves a remark where others would only frown. */
export function preferably(check: Check): Check {
  return (value, place) => check(value, place).map((flaw) => ({ ...flaw, isError: false }))
}

export function list(check: Check, max: number): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return error(place, `It takes a list, not ${kindOf(value)}.`)
    if (value.length > max) return error(place, `It has ${value.length} entries; ${max} is the most.`)
    return value.flatMap((each: unknown, at) => check(each, `${place}[${at}]`))
  }
}

/** Either of two forms; the flaws told are those of the form that it looks like. */
export function either(isFirst: (value: unknown) => boolean, first: Check, second: Check): Check {
  return (value, place) => (isFirst(value) ? first : second)(value, place)
}

export function oneOrMany(check: Check, max: number): Check {
  return either(Array.isArray, list(check, max), check)
}

/** Members that are known are looked at; of the others is told what `onUnknown` says. */
export function members(rows: Readonly<Record<string, Check>>, onUnknown: Check = anything): Check {
  return (value, place) => {
    if (!isValues(value)) return error(place, `It takes an object, not ${kindOf(value)}.`)
    return Object.entries(value).flatMap(([key, each]) => {
      const check = Object.hasOwn(rows, key) ? rows[key] : undefined
      return (check ?? onUnknown)(each, place === "" ? key : `${place}.${key}`)
    })
  }
}

/** Every member by the same check. */
export function table(check: Check, max: number): Check {
  return (value, place) => {
    if (!isValues(value)) return error(place, `It takes an object, not ${kindOf(value)}.`)
    const entries = Object.entries(value)
    if (entries.length > max) return error(place, `It has ${entries.length} members; ${max} is the most.`)
    return entries.flatMap(([key, each]) => check(each, `${place}.${key}`))
  }
}

/** A path below the plugin's root, as all its manifests write them. */
export const path: Check = (value, place) => {
  if (typeof value !== "string") return error(place, `It takes a path that starts with ./, not ${kindOf(value)}.`)
  if (!value.startsWith("./")) return error(place, `It takes a path that starts with ./, not ${quoted(value)}.`)
  if (value.length > PATH_CHARS_MAX || /[\p{Cc}\\]/u.test(value)) return error(place, `${quoted(value)} is no path.`)
  return value.split("/").includes("..") ? error(place, `${quoted(value)} leads out of the plugin.`) : []
}

const PATH_CHARS_MAX = 512
const QUOTED_CHARS_MAX = 80

function quoted(value: unknown): string {
  if (typeof value !== "string") return kindOf(value)
  return JSON.stringify(value.length > QUOTED_CHARS_MAX ? `${value.slice(0, QUOTED_CHARS_MAX)}…` : value)
}

function kindOf(value: unknown): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "a list"
  return (
    { object: "an object", string: "a text", number: "a number", boolean: "a yes or no" }[typeof value as string] ??
    "nothing"
  )
}
