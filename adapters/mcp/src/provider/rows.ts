import { type McpServerInfo, type McpServerState, type McpToolInfo, SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { FoundServer } from "../config/found.ts"
import type { KeptStatus } from "../connection/live-server.ts"
import type { Offer } from "./catalogue.ts"
import { cleaned, firstWords, type KnownTool } from "./definitions.ts"
import { targetOf } from "./target.ts"

/** One server of one place. */
export interface Row {
  readonly found: FoundServer
  /** What it is known by; empty where it cannot be used at all. */
  readonly key: string
  readonly standing: "usable" | "untrusted" | "disabled" | "broken"
  /** As far as known. */
  readonly offer: Offer | undefined
  /** All of its tools that are known, enabled or not. */
  readonly known: readonly KnownTool[]
  /** Those that a model may be told of. */
  readonly tools: readonly KnownTool[]
}

/** Whether the settings of a server leave this tool. */
export function isEnabled({ spec }: FoundServer, tool: string): boolean {
  const { tools, toolsDenied = [] } = spec ?? {}
  const fits = (pattern: string) => globOf(pattern).test(tool)
  return (tools === undefined || tools.some(fits)) && !toolsDenied.some(fits)
}

function globOf(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  )
}

/** Why a server cannot be used, and what to do; for a model and for a person. Undefined: it can. */
export function whyNot({ found, standing }: Row): string | undefined {
  switch (standing) {
    case "broken":
      return found.problem ?? `The server ${found.name} cannot be used as it is configured.`
    case "disabled":
      return `The server ${found.name} is turned off. A person can turn it on: /mcp enable ${found.name}.`
    case "untrusted":
      return `The server ${found.name} is named by ${found.file ?? "this folder"}, and nobody trusts that as it is now. A person can: skein trust accept.`
    case "usable":
      return undefined
  }
}

/** A server for a person. `drifted`: its tools that are not as they were approved. */
export function infoOf(
  row: Row,
  status: KeptStatus,
  facts: { readonly redact: (text: string) => string; readonly tokens: number; readonly drifted: ReadonlySet<string> },
): McpServerInfo {
  const { found, offer } = row
  const { name, scope, file, spec } = found
  const transport = spec?.transport ?? { kind: "stdio", command: "?", args: [] }
  const message = whyNot(row) ?? messageOf(status, name)
  const about = status.kind === "connected" ? status.facts : offer?.facts
  return {
    ...{ name, state: stateOf(row, status), transport: transport.kind, scope },
    target: spec === undefined ? "" : targetOf(transport, facts.redact),
    ...given("message", message),
    ...given("file", file),
    ...given("title", about && firstWords(about.title, 80)),
    ...given("version", about && firstWords(about.version, 40)),
    ...given("protocol", about?.protocol),
    tools: row.known.map((tool) => toolInfo(tool, found, facts.drifted)),
    promptsCount: offer?.prompts.length ?? 0,
    resourcesCount: offer?.resources.length ?? 0,
    contextTokens: row.standing === "usable" ? facts.tokens : 0,
  }
}

function toolInfo(tool: KnownTool, found: FoundServer, drifted: ReadonlySet<string>): McpToolInfo {
  const { name, title, description, isReadOnlyHinted, tokens } = tool
  return {
    ...{ name: cleaned(name, 128), description, isReadOnlyHinted, tokens, isEnabled: isEnabled(found, name) },
    ...(title === name ? {} : { title }),
    ...(drifted.has(name) ? { hasDrifted: true } : {}),
  }
}

function stateOf({ standing }: Row, status: KeptStatus): McpServerState {
  if (standing === "broken") return "failed"
  return standing === "usable" ? status.kind : standing
}

function messageOf(status: KeptStatus, name: string): string | undefined {
  if (status.kind === "login") return `${status.why} Log in: skein mcp login ${name}`
  return "why" in status ? status.why : undefined
}

/** By the name of its file, or by that which a model calls it by. Throws SkeinError that names those there are. */
export function rowNamed({ rows }: { readonly rows: readonly Row[] }, name: string): Row {
  const row = rows.find(({ found }) => found.name === name) ?? rows.find(({ found }) => found.group === name)
  if (row !== undefined) return row
  const names = rows.map(({ found }) => found.name)
  const there = names.length === 0 ? "No MCP server is configured here." : `There are ${names.join(", ")}.`
  throw new SkeinError("op.invalid", `There is no MCP server ${JSON.stringify(name)}. ${there}`)
}
