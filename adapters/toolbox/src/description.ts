import { visible } from "@skein/protocol"
import { asList, asNumber, asObject, asText, asTexts, type Json } from "@skein/protocol/json"

/** What a script says of itself. */
export interface Description {
  readonly name: string
  readonly description: string
  readonly inputSchema: Json
  /** How it wants its input: an object as JSON, or a line for each argument. */
  readonly input: "json" | "lines"
  /** What it does at most, in its own words; undefined: anything. */
  readonly effects?: readonly DeclaredEffect[] | undefined
  readonly timeoutMs?: number | undefined
}

const DECLARED = ["read", "write", "network"] as const
/** `read`: it only looks. `write`: it changes files of the folder. `network`: it reaches hosts. */
export type DeclaredEffect = (typeof DECLARED)[number]

const DESCRIPTION_CHARS_MAX = 2_048
const SCHEMA_CHARS_MAX = 16_000
const TIMEOUT_S_MAX = 600

/**
 * What a script printed when it was asked, as Amp's toolboxes have it (https://ampcode.com/manual, "Toolboxes"): an object as
 * JSON with `args` or `inputSchema`, or lines `name:`, `description:` and one for each argument. A string: what is wrong.
 */
export function describedBy(text: string, fallbackName: string): Description | string {
  const trimmed = text.trim()
  if (trimmed === "") return "it printed nothing when it was asked what it is (TOOLBOX_ACTION=describe)"
  if (!trimmed.startsWith("{")) return fromLines(trimmed.split("\n"), fallbackName, "lines")
  try {
    return fromObject(asObject(JSON.parse(trimmed)) ?? {}, fallbackName)
  } catch (error) {
    if (error instanceof SyntaxError) return `what it says of itself is no JSON: ${error.message}`
    throw error
  }
}

/** The comment that a script begins with, where its first line is `skein tool`. Undefined: it has none. */
export function frontComment(source: string, fallbackName: string): Description | string | undefined {
  const lines = source.split("\n", LINES_MAX)
  const first = lines[0]?.startsWith("#!") === true ? 1 : 0
  const marker = COMMENT.exec(lines[first] ?? "")
  if (marker?.[2]?.trim().toLowerCase() !== "skein tool") return undefined
  const own: string[] = []
  for (const line of lines.slice(first + 1)) {
    const comment = COMMENT.exec(line)
    if (comment === null || comment[1] !== marker[1]) break
    own.push(comment[2] ?? "")
  }
  return fromLines(own, fallbackName, "json")
}

const LINES_MAX = 100
const COMMENT = /^\s*(#|\/\/|--|;)\s?(.*)$/

/** Lines `key: value`. A line that is none goes on with the one before. */
function fromLines(lines: readonly string[], fallbackName: string, input: Description["input"]): Description | string {
  const told: Record<string, string> = {}
  let key: string | undefined
  for (const line of lines) {
    const [, name, value] = /^\s*([A-Za-z_][\w-]*)\s*:\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) {
      key = name
      told[name] = value.trim()
    } else if (key !== undefined && line.trim() !== "") told[key] = `${told[key]} ${line.trim()}`
  }
  const { name, description, effects, timeout, ...args } = told
  const properties = Object.entries(args).map(([arg, words]) => [arg, argumentOf(words)] as const)
  const required = properties.filter(([, { isOptional }]) => !isOptional).map(([arg]) => arg)
  const inputSchema = {
    type: "object",
    properties: Object.fromEntries(properties.map(([arg, { schema }]) => [arg, schema])),
    ...(required.length === 0 ? {} : { required }),
  }
  const words = effects?.split(/[\s,]+/).filter((word) => word !== "")
  return described({ name: name ?? fallbackName, description, inputSchema, input, effects: words, timeoutS: timeout })
}

/** `string? what it is for`, `number (optional) …`. */
function argumentOf(words: string): { readonly schema: Json; readonly isOptional: boolean } {
  const [, type = "", mark = "", rest = ""] =
    /^([A-Za-z]+)(\?|\s+\(optional\)|\s+optional\b)?\s*(.*)$/s.exec(words) ?? []
  const known = TYPES[type.toLowerCase()]
  const schema = known === undefined ? { type: "string", description: words } : { type: known, description: rest }
  return { schema, isOptional: mark !== "" }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "string",
  text: "string",
  number: "number",
  integer: "integer",
  int: "integer",
  boolean: "boolean",
  bool: "boolean",
  array: "array",
  object: "object",
}

/** `args` is `{dir: ["string", "what for"]}`; `inputSchema` a JSON schema. */
export function fromObject(given: Json, fallbackName: string): Description | string {
  const { name = fallbackName, description, effects } = given
  const timeoutS = given.timeout ?? given.timeoutS
  const schema = asObject(given.inputSchema) ?? asObject(given.parameters) ?? fromArgs(asObject(given.args) ?? {})
  const declared = effects === undefined ? undefined : asTexts(effects)
  return described({ name, description, inputSchema: schema, input: "json", effects: declared, timeoutS })
}

function fromArgs(args: Json): Json {
  const properties = Object.entries(args).map(([arg, value]) => {
    const [type, about] = typeof value === "string" ? [value, ""] : asTexts(asList(value))
    return [arg, argumentOf(`${type ?? "string"} ${about ?? ""}`.trim())] as const
  })
  const required = properties.filter(([, { isOptional }]) => !isOptional).map(([arg]) => arg)
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(([arg, { schema }]) => [arg, schema])),
    ...(required.length === 0 ? {} : { required }),
  }
}

interface Raw {
  readonly name: unknown
  readonly description: unknown
  readonly inputSchema: Json
  readonly input: Description["input"]
  readonly effects: readonly string[] | undefined
  readonly timeoutS: unknown
}

function described({ name, description, inputSchema, input, effects, timeoutS }: Raw): Description | string {
  const called = asText(name) ?? ""
  if (!/^[A-Za-z0-9][\w-]{0,47}$/.test(called)) {
    return `its name ${JSON.stringify(called.slice(0, 60))} is none: letters, digits, - and _, at most 48`
  }
  const about = asText(description)?.trim() ?? ""
  if (about === "") return "it says nothing of what it is for (description)"
  const odd = effects?.find((effect) => !isDeclared(effect))
  if (odd !== undefined) return `its effect ${JSON.stringify(odd.slice(0, 40))} is none of ${DECLARED.join(", ")}`
  if (JSON.stringify(inputSchema).length > SCHEMA_CHARS_MAX) return "what it takes is too much to be told (inputSchema)"
  const seconds = asNumber(timeoutS) ?? Number(asText(timeoutS) ?? Number.NaN)
  return {
    ...{ name: called, description: visible(about).slice(0, DESCRIPTION_CHARS_MAX), inputSchema, input },
    ...(effects === undefined ? {} : { effects: effects.filter(isDeclared) }),
    ...(seconds > 0 ? { timeoutMs: Math.min(seconds, TIMEOUT_S_MAX) * 1000 } : {}),
  }
}

const isDeclared = (effect: string): effect is DeclaredEffect => DECLARED.some((one) => one === effect)
