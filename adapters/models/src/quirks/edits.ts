import { asArray, asObject, asText, present } from "../wire/json.ts"
import type { Edit } from "./quirk.ts"

/** A body with every edit made, in order. The body itself stays as it is. */
export function edited(body: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((value, edit) => made(value, edit), structuredClone(body))
}

type Mutable = Record<string, unknown>

function made(body: unknown, edit: Edit): unknown {
  switch (edit.kind) {
    case "drop":
      at(body, edit.path, (holder, key) => delete holder[key])
      return body
    case "cap":
      at(body, edit.path, (holder, key) => {
        if (Number(holder[key]) > edit.value) holder[key] = edit.value
      })
      return body
    case "set":
      return { ...asObject(body), [edit.path]: edit.value }
    case "drop_keyword":
      for (const schema of schemasIn(body)) dropKeyword(schema, edit.keyword)
      return body
    case "fill_content":
      for (const message of messagesIn(body)) if (isEmpty(message.content)) message.content = edit.text
      return body
    case "flatten_content":
      for (const message of messagesIn(body)) message.content = flattened(message.content)
      return body
    case "system_in_user":
      return systemInUser(body)
  }
}

/** Every place a path leads to, as the object that holds it and its key there; only where there is something. */
export function at(value: unknown, path: string, visit: (holder: Mutable, key: string) => void): void {
  const [key = "", ...rest] = path.split(".")
  if (key === "*") {
    for (const entry of asArray(value)) at(entry, rest.join("."), visit)
    return
  }
  const holder = mutable(value)
  if (holder === undefined || !Object.hasOwn(holder, key)) return
  if (rest.length === 0) visit(holder, key)
  else at(holder[key], rest.join("."), visit)
}

function mutable(value: unknown): Mutable | undefined {
  return asObject(value) as Mutable | undefined
}

function messagesIn(body: unknown): readonly Mutable[] {
  return asArray(asObject(body)?.messages).flatMap((message) => present(mutable(message)))
}

function isEmpty(content: unknown): boolean {
  return content === null || content === undefined || (typeof content === "string" && content.trim() === "")
}

function flattened(content: unknown): unknown {
  const texts = asArray(content).map((part) => asObject(part)?.text)
  const isText = texts.length > 0 && texts.every((text) => typeof text === "string")
  return isText ? texts.join("\n") : content
}

/** Templates of chats without a system role refuse one; what it says belongs before anything else. */
function systemInUser(body: unknown): unknown {
  const messages = messagesIn(body)
  const system = messages.find(({ role }) => role === "system" || role === "developer")
  const first = messages.find(({ role }) => role === "user")
  if (system === undefined || first === undefined) return body
  const text = asText(flattened(system.content))
  first.content = Array.isArray(first.content)
    ? [{ type: "text", text }, ...first.content]
    : `${text}\n\n${asText(first.content)}`
  return { ...asObject(body), messages: messages.filter((message) => message !== system) }
}

/** The JSON Schemas of a body, of whichever wire: of tools, and of the answer. */
function schemasIn(body: unknown): readonly unknown[] {
  const found: unknown[] = []
  for (const path of SCHEMA_PATHS) at(body, path, (holder, key) => found.push(holder[key]))
  return found
}

const SCHEMA_PATHS = [
  "tools.*.function.parameters",
  "tools.*.parameters",
  "tools.*.input_schema",
  "tools.*.functionDeclarations.*.parametersJsonSchema",
  "tools.*.functionDeclarations.*.parameters",
  "response_format.json_schema.schema",
  "text.format.schema",
  "output_config.format.schema",
  "generationConfig.responseJsonSchema",
]

/** Property names are no keywords: a tool may well have a property called `format`. */
function dropKeyword(schema: unknown, keyword: string): void {
  const holder = mutable(schema)
  if (holder === undefined) {
    for (const entry of asArray(schema)) dropKeyword(entry, keyword)
    return
  }
  delete holder[keyword]
  for (const [key, value] of Object.entries(holder)) {
    if (DATA.has(key)) continue
    if (!NAMED.has(key)) dropKeyword(value, keyword)
    else for (const property of Object.values(asObject(value) ?? {})) dropKeyword(property, keyword)
  }
}

/** Under these stand names, and below each a schema. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"])
/** Under these stand values. */
const DATA = new Set(["enum", "const", "default", "examples", "required"])
