import type { ToolInfo } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"
import { toolNamed } from "./tool-named.ts"

/** `skein tools show`: all that there is to know of one tool. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, engine, cwd }) => {
    const tool = await toolNamed(words, engine, cwd)
    if (flags.has("json")) {
      io.out(JSON.stringify(tool, undefined, 2))
      return 0
    }
    for (const line of pageOf(tool)) io.out(line)
    return 0
  })

function pageOf(tool: ToolInfo): readonly string[] {
  const { name, description, effects, isConcurrent, timeoutMs, summary, file } = tool
  const bounds = [`at most ${timeoutMs / 1_000} s a call`, isConcurrent ? "beside others" : "one at a time"]
  return [
    name,
    "",
    description,
    "",
    ...argumentLines(tool.inputSchema),
    `may     ${(effects ?? ["anything"]).join(", ")}`,
    `runs    ${bounds.join(", ")}`,
    ...(file === undefined ? [] : [`file    ${file}`]),
    ...(summary === undefined
      ? []
      : ['called  by name, through call_tool; tools.exposure = "all" tells models of it in full']),
  ]
}

/** `path      string, required. What to read.` */
function argumentLines(schema: unknown): readonly string[] {
  const { properties, required } = asObject(schema) ?? {}
  const needed = new Set(Array.isArray(required) ? required : [])
  const rows = Object.entries(asObject(properties) ?? {}).map(([name, given]) => {
    const property = asObject(given) ?? {}
    const words = [typeOf(property), needed.has(name) ? "required" : undefined, boundsOf(property)]
    const told = asText(property.description)
    return {
      name,
      text: `${words.filter((word) => word !== undefined).join(", ")}${told === undefined ? "" : `. ${told}`}`,
    }
  })
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  return rows.length === 0 ? [] : [...rows.map(({ name, text }) => `  ${name.padEnd(width)}  ${text}`), ""]
}

function typeOf(property: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(property.enum)) return property.enum.map(String).join(" | ")
  const items = asObject(property.items)
  return items === undefined ? (asText(property.type) ?? "any") : `list of ${typeOf(items)}`
}

function boundsOf({ minimum, maximum, default: usual }: Readonly<Record<string, unknown>>): string | undefined {
  const range = [
    ...(typeof minimum === "number" ? [`from ${minimum}`] : []),
    ...(typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? [`to ${maximum}`] : []),
    ...(usual === undefined ? [] : [`${JSON.stringify(usual)} when left out`]),
  ]
  return range.length === 0 ? undefined : range.join(" ")
}
