import type { Field, Option } from "./field.ts"

/**
 * The fields of a JSON Schema of flat objects, as tools and servers ask with: strings, numbers, yes or no, one of several,
 * some of several. Undefined for a schema that asks for anything else: then nobody is asked half of it.
 */
export function fieldsFrom(schema: unknown): readonly Field[] | undefined {
  if (!isRecord(schema) || !isRecord(schema.properties)) return undefined
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
  const fields = Object.entries(schema.properties).map(([name, property]) =>
    fieldOf(name, property, required.includes(name)),
  )
  return fields.every((field) => field !== undefined) ? fields : undefined
}

function fieldOf(name: string, property: unknown, isRequired: boolean): Field | undefined {
  if (!isRecord(property)) return undefined
  const common = { name, label: textAt(property, "title") ?? name, hint: textAt(property, "description"), isRequired }
  const { type, items } = property
  const options = optionsOf(property)
  if (options !== undefined) return { ...common, kind: "choice", options, value: textAt(property, "default") }
  if (type === "boolean") return { ...common, kind: "yes-no", value: property.default === true }
  if (type === "string") {
    return {
      ...common,
      kind: "text",
      value: textAt(property, "default"),
      isSecret: property.format === "password",
      check: lengthCheck(property),
    }
  }
  if (type === "number" || type === "integer") {
    const given = property.default
    return {
      ...common,
      kind: "text",
      isNumber: true,
      value: given === undefined ? undefined : String(given),
      check: rangeCheck(property),
    }
  }
  const several = type === "array" && isRecord(items) ? optionsOf(items) : undefined
  return several === undefined ? undefined : { ...common, kind: "choices", options: several }
}

/** `enum`, with its names where there are some, or `oneOf` with a title for each. */
function optionsOf(property: Readonly<Record<string, unknown>>): readonly Option[] | undefined {
  const { enum: values, enumNames: names, oneOf, anyOf } = property
  if (Array.isArray(values) && values.every((value) => typeof value === "string")) {
    const given: readonly unknown[] = Array.isArray(names) ? names : []
    return values.map((value, at) => ({ value, label: typeof given[at] === "string" ? given[at] : value }))
  }
  const titled = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : undefined
  const options = titled?.map((each) => (isRecord(each) ? textAt(each, "const") : undefined))
  if (options?.every((value) => value !== undefined) !== true) return undefined
  return options.map((value, at) => ({ value, label: titledAt(titled, at) ?? value }))
}

function titledAt(titled: readonly unknown[] | undefined, at: number): string | undefined {
  const each = titled?.[at]
  return isRecord(each) ? textAt(each, "title") : undefined
}

function lengthCheck({
  minLength,
  maxLength,
}: Readonly<Record<string, unknown>>): (text: string) => string | undefined {
  return (text) => {
    if (typeof minLength === "number" && text.length < minLength) return `At least ${minLength} characters.`
    if (typeof maxLength === "number" && text.length > maxLength) return `At most ${maxLength} characters.`
    return undefined
  }
}

function rangeCheck({
  type,
  minimum,
  maximum,
}: Readonly<Record<string, unknown>>): (text: string) => string | undefined {
  return (text) => {
    const value = Number(text)
    if (type === "integer" && !Number.isInteger(value)) return "A whole number."
    if (typeof minimum === "number" && value < minimum) return `At least ${minimum}.`
    if (typeof maximum === "number" && value > maximum) return `At most ${maximum}.`
    return undefined
  }
}

function textAt(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name]
  return typeof value === "string" ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
