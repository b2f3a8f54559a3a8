import { visible } from "@skein/protocol"
import type { ListKind } from "./lists.ts"
import type { ServerPrompt, ServerResource, ServerTool } from "./live-server.ts"

const NAME = /^[A-Za-z0-9_.-]{1,64}$/
const DESCRIPTION_CHARS_MAX = 2_048
const TITLE_CHARS_MAX = 200
const SCHEMA_CHARS_MAX = 64_000
const URI_CHARS_MAX = 2_000
const ARGUMENTS_MAX = 50

export const TOOLS: ListKind<ServerTool> = { called: "tools", keyOf: ({ name }) => name, read: toolOf }
export const PROMPTS: ListKind<ServerPrompt> = { called: "prompts", keyOf: ({ name }) => name, read: promptOf }
export const RESOURCES: ListKind<ServerResource> = { called: "resources", keyOf: ({ uri }) => uri, read: resourceOf }

function toolOf(told: unknown): ServerTool | string {
  const tool = recordOf(told)
  const name = tool?.name
  if (tool === undefined || typeof name !== "string" || !NAME.test(name)) return badName("tool", name)
  const inputSchema = recordOf(tool.inputSchema)
  if (inputSchema === undefined) return `The tool ${name} is left out: it does not say what its input is.`
  if (JSON.stringify(inputSchema).length > SCHEMA_CHARS_MAX)
    return `The tool ${name} is left out: what it says of its input is longer than ${SCHEMA_CHARS_MAX} characters.`
  const annotations = recordOf(tool.annotations)
  const outputSchema = recordOf(tool.outputSchema)
  const isShort = outputSchema !== undefined && JSON.stringify(outputSchema).length <= SCHEMA_CHARS_MAX
  return {
    name,
    ...titleOf(tool.title ?? annotations?.title),
    description: textOf(tool.description, DESCRIPTION_CHARS_MAX),
    inputSchema: plainSchema(inputSchema),
    ...(isShort ? { outputSchema: plainSchema(outputSchema) } : {}),
    isReadOnlyHinted: annotations?.readOnlyHint === true,
  }
}

function promptOf(told: unknown): ServerPrompt | string {
  const prompt = recordOf(told)
  const name = prompt?.name
  if (prompt === undefined || typeof name !== "string" || !NAME.test(name)) return badName("prompt", name)
  const args = Array.isArray(prompt.arguments) ? prompt.arguments.slice(0, ARGUMENTS_MAX) : []
  return {
    name,
    ...titleOf(prompt.title),
    description: textOf(prompt.description, DESCRIPTION_CHARS_MAX),
    arguments: args.flatMap((one: unknown) => {
      const argument = recordOf(one)
      if (argument === undefined || typeof argument.name !== "string" || !NAME.test(argument.name)) return []
      const description = textOf(argument.description, TITLE_CHARS_MAX)
      return [{ name: argument.name, description, isRequired: argument.required === true }]
    }),
  }
}

function resourceOf(told: unknown): ServerResource | string {
  const resource = recordOf(told)
  const uri = resource?.uri ?? resource?.uriTemplate
  if (resource === undefined || typeof uri !== "string" || uri.length > URI_CHARS_MAX || visible(uri) !== uri)
    return "A resource is left out: it has no address that could be shown."
  return {
    uri,
    name: textOf(resource.title ?? resource.name, TITLE_CHARS_MAX),
    description: textOf(resource.description, DESCRIPTION_CHARS_MAX),
    ...(typeof resource.mimeType === "string" ? { mediaType: textOf(resource.mimeType, TITLE_CHARS_MAX) } : {}),
  }
}

function badName(what: string, name: unknown): string {
  const shown = typeof name === "string" ? `named ${JSON.stringify(visible(name).slice(0, 80))}` : "without a name"
  return `A ${what} ${shown} is left out: names are letters, digits, "_", "-" and ".", at most 64 of them.`
}

function titleOf(title: unknown): { readonly title?: string } {
  return typeof title === "string" && title !== "" ? { title: textOf(title, TITLE_CHARS_MAX) } : {}
}

function textOf(text: unknown, charsMax: number): string {
  if (typeof text !== "string") return ""
  const shown = visible(text.slice(0, charsMax + 1))
  return shown.length > charsMax ? `${shown.slice(0, charsMax - 1)}…` : shown
}

/** What a schema says in words is made visible; what it compares with stays, byte for byte. */
function plainSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const worded = JSON.stringify(schema, (key, value: unknown) =>
    WORDED.has(key) && typeof value === "string" ? textOf(value, DESCRIPTION_CHARS_MAX) : value,
  )
  return JSON.parse(worded)
}

const WORDED = new Set(["description", "title", "$comment"])

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}
