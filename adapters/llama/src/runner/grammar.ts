import type { ChatCall, ChatTool } from "./chat.ts"

/** Where a call begins and ends in a model's text, as Hermes and Qwen models write them. */
export const CALL_BEGIN = "<tool_call>"
export const CALL_END = "</tool_call>"

/** A grammar (GBNF of llama.cpp) of one call of one of these tools, from behind `CALL_BEGIN` to `CALL_END`. */
export function callGrammar(tools: readonly ChatTool[]): string {
  const rules = ruleSet()
  const calls = tools.map(({ function: { name, parameters } }) => {
    const input = rules.of(parameters, parameters)
    return `${quoted(`{"name": ${JSON.stringify(name)}, "arguments": `)} ${input} "}"`
  })
  return rules.text(`sp (${calls.join(" | ")}) sp ${quoted(CALL_END)}`)
}

/** The call that a text of `callGrammar` is; undefined while it is not whole: a value may hold the words that end a call. */
export function callIn(text: string): ChatCall["function"] | undefined {
  if (!text.endsWith(CALL_END)) return undefined
  try {
    return JSON.parse(text.slice(0, -CALL_END.length)) as ChatCall["function"]
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A grammar of one JSON value that fits a schema. What a grammar cannot say, as a pattern, is for whoever validates. */
export function valueGrammar(schema: unknown): string {
  const rules = ruleSet()
  return rules.text(rules.of(schema, schema))
}

interface RuleSet {
  /** The expression of a schema; `root` is where its references lead. */
  of(schema: unknown, root: unknown): string
  text(start: string): string
}

function ruleSet(): RuleSet {
  const made = new Map<string, string>()
  const referred = new Map<unknown, string>()

  function named(expression: string): string {
    const known = [...made].find(([, text]) => text === expression)
    if (known !== undefined) return known[0]
    const name = `rule${made.size}`
    made.set(name, expression)
    return name
  }

  function of(schema: unknown, root: unknown): string {
    const { $ref, const: constant, enum: values, anyOf, oneOf, type, ...rest } = record(schema)
    if (typeof $ref === "string") return reference($ref, root)
    if (constant !== undefined) return quoted(JSON.stringify(constant))
    if (Array.isArray(values)) return either(values.map((value) => quoted(JSON.stringify(value))))
    const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined
    if (choices !== undefined) return either(choices.map((choice) => of(choice, root)))
    if (Array.isArray(type)) return either(type.map((one) => of({ ...rest, type: one }, root)))
    if (type === "object" || rest.properties !== undefined) return named(objectOf(rest, root))
    if (type === "array") return named(arrayOf(rest, root))
    return type === "string" ? stringOf(rest) : (PLAIN[String(type)] ?? "value")
  }

  /** A schema may lead back to itself, so a name is given before what it stands for is known. */
  function reference(pointer: string, root: unknown): string {
    const target = pointer
      .split("/")
      .slice(1)
      .reduce<unknown>((at, step) => record(at)[step.replaceAll("~1", "/").replaceAll("~0", "~")], root)
    if (target === undefined) return "value"
    const known = referred.get(target)
    if (known !== undefined) return known
    const name = `ref${referred.size}`
    referred.set(target, name)
    made.set(name, of(target, root))
    return name
  }

  /** What is required comes first: then a comma stands before all others, whichever of them are said. */
  function objectOf({ properties, required }: Schema, root: unknown): string {
    const fields = Object.entries(record(properties))
    const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
    const pair = ([name, schema]: readonly [string, unknown]) =>
      `${quoted(`${JSON.stringify(name)}: `)} ${of(schema, root)}`
    const first = fields.filter(([name]) => isRequired(name)).map(pair)
    const others = fields.filter(([name]) => !isRequired(name)).map((field) => named(pair(field)))
    const more = (names: readonly string[]) => names.map((name) => ` (", " ${name})?`).join("")
    if (first.length > 0) return `"{" ${first.join(' ", " ')}${more(others)} "}"`
    if (others.length === 0) return `"{" "}"`
    return `"{" (${others.map((name, at) => `${name}${more(others.slice(at + 1))}`).join(" | ")})? "}"`
  }

  function arrayOf({ items, minItems }: Schema, root: unknown): string {
    const item = of(items ?? {}, root)
    const list = `${item} (", " ${item})*`
    return typeof minItems === "number" && minItems > 0 ? `"[" ${list} "]"` : `"[" (${list})? "]"`
  }

  return {
    of,
    text: (start) => {
      const rules = [...made].map(([name, expression]) => `${name} ::= ${expression}`)
      return [`root ::= ${start}`, ...rules, ...COMMON].join("\n")
    },
  }
}

type Schema = Readonly<Record<string, unknown>>

function stringOf({ minLength, maxLength }: Schema): string {
  const least = typeof minLength === "number" && minLength <= COUNTED_MAX ? minLength : 0
  const most = typeof maxLength === "number" && maxLength <= COUNTED_MAX ? String(maxLength) : ""
  if (least === 0 && most === "") return "string"
  return `"\\"" char{${least},${most}} "\\""`
}

/** A rule that counts far is slow to follow; validation counts too. */
const COUNTED_MAX = 64

const PLAIN: Readonly<Record<string, string>> = {
  integer: "integer",
  number: "number",
  boolean: '("true" | "false")',
  null: '"null"',
}

/** A whole number has no exponent here, which JSON would allow and no tool means. */
const COMMON = [
  "sp ::= [ \\n]?",
  'string ::= "\\"" char* "\\""',
  'char ::= [^"\\\\\\x00-\\x1f] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  'integer ::= "-"? ("0" | [1-9] [0-9]{0,14})',
  'number ::= integer ("." [0-9]{1,12})?',
  'value ::= string | number | "true" | "false" | "null" | "[" (value (", " value)*)? "]" | "{" (string ": " value (", " string ": " value)*)? "}"',
]

function either(expressions: readonly string[]): string {
  return expressions.length === 0 ? "value" : `(${expressions.join(" | ")})`
}

/** A literal of the grammar. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")
  return `"${escaped}"`
}

function record(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}
