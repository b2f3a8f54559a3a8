import type { ToolFacts, ToolSpec } from "@skein/core/ports"
import { firstWords, type KnownTool } from "./definitions.ts"
import type { Row } from "./rows.ts"

/** The one tool by which servers are searched and their tools called that stand in no request in full. */
export const MCP_TOOL = "mcp"

/** How long one call may take that does not say, with the time its server takes to start. */
export const CALL_TIMEOUT_MS = 600_000

const MCP_SCHEMA = {
  type: "object",
  properties: {
    search: { type: "string" },
    tool: { type: "string" },
    input: { type: "object" },
    server: { type: "string" },
    resources: { type: "boolean" },
    resource: { type: "string" },
    prompts: { type: "boolean" },
    prompt: { type: "string" },
    arguments: { type: "object", additionalProperties: { type: "string" } },
  },
  additionalProperties: false,
} as const

const LINE_CHARS_MAX = 80
/** Of all lines together; servers beyond it are only counted. */
const LINES_CHARS_MAX = 5_600

/** What a request tells of all servers. */
export interface Told {
  readonly specs: readonly ToolSpec[]
  /** Whether tools stand there themselves. */
  readonly isInFull: boolean
  /** Of each server by its group; estimated. */
  readonly tokens: ReadonlyMap<string, number>
}

export interface TellingOptions {
  readonly tokensInFull: number
  readonly tokens: (text: string) => number
}

/**
 * All tools in full where they are few; else one tool that searches and calls them, with a line for each server, however
 * many tools it has. Servers that nobody has seen yet, and such with more than tools, are always told of by that.
 */
export function telling(rows: readonly Row[], { tokensInFull, tokens }: TellingOptions): Told {
  const usable = rows.filter(({ standing }) => standing === "usable")
  if (usable.length === 0) return { specs: [], isInFull: false, tokens: new Map() }
  const tools = usable.flatMap((row) => row.tools)
  const isInFull = tools.reduce((sum, tool) => sum + tool.tokens, 0) <= tokensInFull
  const full = isInFull ? tools.map(specOf) : []
  const listed = isInFull ? usable.filter(({ offer }) => isMore(offer)) : usable
  const lines = listed.map((row) => ({ group: row.found.group, line: serverLine(row) }))
  const counted = usable.map(({ found, tools: own }): [string, number] => {
    const line = lines.find(({ group }) => group === found.group)?.line
    const inFull = isInFull ? own.reduce((sum, tool) => sum + tool.tokens, 0) : 0
    return [found.group, inFull + (line === undefined ? 0 : tokens(line))]
  })
  return {
    specs: lines.length === 0 ? full : [...full, mcpSpec(lines.map(({ line }) => line))],
    isInFull,
    tokens: new Map(counted),
  }
}

function isMore(offer: Row["offer"]): boolean {
  return offer === undefined || offer.prompts.length > 0 || offer.resources.length > 0
}

export function specOf({ callName, description, inputSchema }: KnownTool): ToolSpec {
  return { name: callName, description, inputSchema }
}

function mcpSpec(lines: readonly string[]): ToolSpec {
  return { name: MCP_TOOL, description: descriptionOf(lines), inputSchema: MCP_SCHEMA }
}

/** For lists of all tools, whether or not a request tells of it. */
export function mcpFacts(specs: readonly ToolSpec[]): readonly ToolFacts[] {
  const spec = specs.find(({ name }) => name === MCP_TOOL)
  return spec === undefined ? [] : [factsOf(spec, false)]
}

export function factsOf(spec: ToolSpec, isConcurrent: boolean): ToolFacts {
  return { ...spec, kind: "other", effects: ["remote", "none"], isConcurrent, timeoutMs: CALL_TIMEOUT_MS }
}

function descriptionOf(lines: readonly string[]): string {
  const shown: string[] = []
  let chars = 0
  for (const line of lines) {
    chars += line.length + 1
    if (chars > LINES_CHARS_MAX) break
    shown.push(line)
  }
  const left = lines.length - shown.length
  return [
    "Tools of MCP servers. {search: words} finds tools with their schemas; {tool: name, input} calls one. " +
      "{server, resources: true} and {server, prompts: true} list, {server, resource: uri} and {server, prompt, arguments} read.",
    ...shown,
    ...(left > 0 ? [`and ${left} more servers, found by search`] : []),
  ].join("\n")
}

/** `github (30 tools): issues, pull requests and code of GitHub`. */
function serverLine({ found, offer, tools }: Row): string {
  if (offer === undefined) return `${found.group}: not looked at yet`
  const { facts, resources, prompts } = offer
  const counts = [
    `${tools.length} tools`,
    ...(resources.length > 0 ? [`${resources.length} resources`] : []),
    ...(prompts.length > 0 ? [`${prompts.length} prompts`] : []),
  ]
  const about = firstWords(facts.instructions ?? facts.title, LINE_CHARS_MAX)
  return `${found.group} (${counts.join(", ")})${about === "" ? "" : `: ${about}`}`
}
