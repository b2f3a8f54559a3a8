import type { Engine, McpServerInfo, McpServerSpec, McpServerState, Rule, SessionId } from "@skein/protocol"
import { asNumber, asObject, asText, asTexts, given, type Json } from "@skein/protocol/json"
import { policyRules } from "./tool-policies.ts"

/** The MCP servers of a session as a host is told of them. */
export async function serverLines(engine: Engine, sessionId: SessionId): Promise<readonly Json[]> {
  return (await engine.ask({ type: "mcp.servers", sessionId })).map(serverLine)
}

function serverLine({ name, state, message, title, version, tools, scope, transport }: McpServerInfo): Json {
  return {
    ...{ name, status: STATUSES[state], scope },
    ...(transport === "client" ? { config: { type: "sdk", name } } : {}),
    ...(message === undefined ? {} : { error: message }),
    ...(title === undefined ? {} : { serverInfo: { name: title, version: version ?? "" } }),
    tools: tools
      .filter(({ isEnabled }) => isEnabled)
      .map(({ name: tool, description, isReadOnlyHinted }) => ({
        ...{ name: tool, description },
        ...(isReadOnlyHinted ? { annotations: { readOnly: true } } : {}),
      })),
  }
}

/** One that is started when it is first needed is pending until then. */
const STATUSES: Readonly<Record<McpServerState, string>> = {
  idle: "pending",
  connecting: "pending",
  reconnecting: "pending",
  connected: "connected",
  login: "needs-auth",
  untrusted: "disabled",
  disabled: "disabled",
  failed: "failed",
}

/** The servers of a host, by their names, that skein itself starts; those of type `sdk` live in the host and are named beside. */
export function hostServers(value: unknown): {
  readonly specs: readonly McpServerSpec[]
  readonly inHost: readonly string[]
  /** What the host says of single tools of theirs. */
  readonly rules: readonly Rule[]
  readonly unsupported: readonly string[]
} {
  const rows = Object.entries(asObject(value) ?? {}).map(([name, config]) => ({ name, config: asObject(config) ?? {} }))
  const read = rows.filter(({ config }) => config.type !== "sdk").map(({ name, config }) => specOf(name, config))
  return {
    specs: read.filter((spec) => typeof spec !== "string"),
    inHost: rows.filter(({ config }) => config.type === "sdk").map(({ name }) => name),
    rules: rows.flatMap(({ name, config }) => policyRules(name, config)),
    unsupported: read.filter((spec) => typeof spec === "string"),
  }
}

function specOf(name: string, config: Json): McpServerSpec | string {
  const type = asText(config.type) ?? "stdio"
  const callTimeoutMs = asNumber(config.timeout)
  const more = callTimeoutMs === undefined || callTimeoutMs < 1 ? {} : { callTimeoutMs: Math.round(callTimeoutMs) }
  const command = asText(config.command)
  const url = asText(config.url)
  if (type === "stdio" && command !== undefined && command !== "") {
    const env = textsOf(config.env)
    return { name, transport: { kind: "stdio", command, args: asTexts(config.args), ...given("env", env) }, ...more }
  }
  if ((type === "http" || type === "sse") && url !== undefined && url !== "") {
    return { name, transport: { kind: type, url, ...given("headers", textsOf(config.headers)) }, ...more }
  }
  return `The MCP server ${name} of the host is left out: a server is stdio with a command, or http or sse with a url.`
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(asObject(value) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
