import { asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import type { PersonQuestion, QuestionAnswer } from "@skein/protocol/questions"
import { cleaned } from "./definitions.ts"

/** One field of a form that a server wants filled in: the kinds that MCP's `elicitation/create` allows (revision 2025-11-25). */
export interface FormField {
  readonly name: string
  readonly isRequired: boolean
  readonly question: PersonQuestion
  /** What was answered as the server wants it, nothing where it is left out, or what is wrong with it in a sentence. */
  read(answer: QuestionAnswer): { readonly value?: unknown } | { readonly flaw: string }
}

/** The fields of a form, in the order in which they stand in it. */
export function fieldsOf(schema: Json): readonly FormField[] {
  const required = asTexts(schema.required)
  return Object.entries(asObject(schema.properties) ?? {}).map(([name, value]) =>
    fieldOf(name, asObject(value) ?? {}, required.includes(name)),
  )
}

/** The choice to answer nothing to a field that need not be answered. */
export const LEFT_OUT = "Leave it out"

const CHOICES_MAX = 30
const LABEL_CHARS_MAX = 80

interface Choice {
  readonly value: string | boolean
  readonly label: string
}

function fieldOf(name: string, schema: Json, isRequired: boolean): FormField {
  const choices = choicesOf(schema)
  const isListed = choices.length > 0 && choices.length <= CHOICES_MAX
  const isMultiple = schema.type === "array"
  const preset = presetOf(schema, choices)
  const labels = isListed ? choices.map(({ label }) => label) : preset.map(labelOf)
  const suggested = new Set(preset.map(labelOf))
  const options = labels.map((label) => ({
    label,
    ...(suggested.has(label) ? { description: "the server's suggestion" } : {}),
  }))
  const title = asText(schema.title) ?? name
  return {
    name,
    isRequired,
    question: {
      header: cleaned(title, 30),
      question: wordsOf(title, schema, isListed ? [] : choices),
      options: [...options, ...(isRequired ? [] : [{ label: LEFT_OUT }])],
      isMultiple,
      isFree: !isListed,
    },
    read(answer) {
      if (answer.chosen.includes(LEFT_OUT) && !isRequired) return {}
      const own = isListed ? answer.chosen : (answer.text ?? "").trim() === "" ? [] : [answer.text ?? ""]
      const said = own.length > 0 ? own : preset
      if (said.length === 0) return isRequired ? { flaw: "It has to be answered." } : {}
      return answeredWith(said, schema, choices)
    },
  }
}

function choicesOf(schema: Json): readonly Choice[] {
  if (schema.type === "boolean") return BOOLEANS
  const within = schema.type === "array" ? (asObject(schema.items) ?? {}) : schema
  const names = asTexts(within.enumNames)
  const plain = asTexts(within.enum).map((value, at) => ({ value, label: labelOf(names[at] ?? value) }))
  const titled = [within.oneOf, within.anyOf].flatMap((list) => (Array.isArray(list) ? list : []))
  const named = titled.flatMap((one) => {
    const value = asText(asObject(one)?.const)
    return value === undefined ? [] : [{ value, label: labelOf(asText(asObject(one)?.title) ?? value) }]
  })
  const all = [...plain, ...named]
  // Two that would look the same are told by what they stand for.
  const seen = new Set<string>()
  return all.map(({ value, label }) => {
    const isTaken = seen.has(label) || label === LEFT_OUT
    seen.add(label)
    return { value, label: isTaken ? labelOf(`${label} (${value})`) : label }
  })
}

const BOOLEANS: readonly Choice[] = [
  { value: true, label: "Yes" },
  { value: false, label: "No" },
]

function labelOf(text: string): string {
  return cleaned(text, LABEL_CHARS_MAX)
}

/** What the server suggests: labels of choices, or the words of an answer. */
function presetOf(schema: Json, choices: readonly Choice[]): readonly string[] {
  const { default: suggested } = schema
  if (suggested === undefined || suggested === null || suggested === "") return []
  const values: readonly unknown[] = Array.isArray(suggested) ? suggested : [suggested]
  if (choices.length === 0) return [String(values[0])]
  return choices.filter(({ value }) => values.includes(value)).map(({ label }) => label)
}

function wordsOf(title: string, schema: Json, unlisted: readonly Choice[]): string {
  const about = asText(schema.description)
  const hints = [
    FORMATS[asText(schema.format) ?? ""],
    schema.type === "integer" ? "a whole number" : schema.type === "number" ? "a number" : undefined,
    typeof schema.minimum === "number" ? `from ${schema.minimum}` : undefined,
    typeof schema.maximum === "number" ? `to ${schema.maximum}` : undefined,
    typeof schema.minItems === "number" ? `at least ${schema.minItems}` : undefined,
    typeof schema.maxItems === "number" ? `at most ${schema.maxItems}` : undefined,
    unlisted.length === 0 ? undefined : `one of ${unlisted.map(({ label }) => label).join(", ")}`,
  ].filter((hint) => hint !== undefined)
  return `${title}${about === undefined ? "" : `: ${about}`}${hints.length === 0 ? "" : `\n(${hints.join(" ")})`}`
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  uri: "an address, such as https://example.org",
  date: "a date, such as 2026-01-31",
  "date-time": "a time, such as 2026-01-31T12:00:00Z",
}

type Read = ReturnType<FormField["read"]>

function answeredWith(said: readonly string[], schema: Json, choices: readonly Choice[]): Read {
  if (choices.length > 0) return chosenOf(said, schema, choices)
  const [text = ""] = said
  if (schema.type === "number" || schema.type === "integer") return numberOf(text, schema)
  const [least, most] = boundsOf(schema.minLength, schema.maxLength)
  if (text.length < least || text.length > most) {
    return { flaw: `It has ${text.length} characters, and may have ${rangeOf(least, most)}.` }
  }
  return { value: text }
}

function chosenOf(said: readonly string[], schema: Json, choices: readonly Choice[]): Read {
  const found = said.map((label) => choices.find((choice) => choice.label === label || choice.value === label))
  const values = found.flatMap((choice) => (choice === undefined ? [] : [choice.value]))
  if (values.length < said.length) return { flaw: "That is none of the choices." }
  if (schema.type !== "array") return { value: values[0] }
  const [least, most] = boundsOf(schema.minItems, schema.maxItems)
  if (values.length < least || values.length > most) return { flaw: `Choose ${rangeOf(least, most)} of them.` }
  return { value: values }
}

function numberOf(text: string, schema: Json): Read {
  const value = text.trim() === "" ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) return { flaw: "That is no number." }
  if (schema.type === "integer" && !Number.isInteger(value)) return { flaw: "That is no whole number." }
  const [least, most] = boundsOf(schema.minimum, schema.maximum, Number.NEGATIVE_INFINITY)
  return value < least || value > most ? { flaw: `It may be ${rangeOf(least, most)}.` } : { value }
}

function boundsOf(least: unknown, most: unknown, otherwise = 0): readonly [number, number] {
  return [typeof least === "number" ? least : otherwise, typeof most === "number" ? most : Number.POSITIVE_INFINITY]
}

function rangeOf(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return `${least} or more`
  return least === Number.NEGATIVE_INFINITY ? `${most} or less` : `${least} to ${most}`
}
