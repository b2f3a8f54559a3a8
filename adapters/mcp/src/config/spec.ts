import { isAbsolute, resolve } from "node:path"
import type { McpServerSpec, McpTransport } from "@skein/protocol"
import { asNumber, asObject, asText, asTexts, given, type Json } from "@skein/protocol/json"
import { type LoginSettings, loginSettings } from "./login-settings.ts"

/** What an entry of a configuration says of one server. */
export interface Understood {
  readonly spec: McpServerSpec
  readonly isEnabled: boolean
  readonly isRequired: boolean
  readonly login: LoginSettings
  readonly hosts: readonly string[]
  readonly isUnconfined: boolean
  readonly asked: readonly string[]
  readonly approved: readonly string[]
}

export interface EntryOptions {
  /** What relative paths of it start at. Absolute. */
  readonly folder: string
  /** What `${NAME}` stands for beside the environment: the folder of a plugin. */
  readonly own?: Readonly<Record<string, string>> | undefined
}

/**
 * An entry of any program's configuration, understood. Variables stay as they are written, so that nothing shows what they
 * stand for. A sentence when it cannot be used; no value is in it, as it may be a secret in the wrong place.
 */
export function understood(name: string, value: unknown, options: EntryOptions): Understood | string {
  const entry = asObject(value)
  if (entry === undefined) return `${quoted(name)} is no table of settings.`
  const filled = options.own === undefined ? entry : (withOwn(entry, options.own) as Json)
  const said = transportOf(filled, options.folder)
  if (typeof said === "string") return `${quoted(name)} ${said}`
  const transport = options.own === undefined ? said : ofPlugin(said, options.own)
  const asked = inputsOf(filled)
  if (asked !== undefined)
    return `${quoted(name)} asks for \${input:${asked}}, which only VS Code does. Write \${${variableOf(asked)}} there and set that variable.`
  const tools = asObject(filled.tools) ?? {}
  return {
    spec: {
      name,
      transport,
      ...given("startTimeoutMs", milliseconds(filled, "startup_timeout", "startupTimeout")),
      ...given("callTimeoutMs", milliseconds(filled, "tool_timeout", "timeout")),
      ...given("tools", listOf(filled.enabled_tools ?? filled.includeTools)),
      ...given("toolsDenied", listOf(filled.disabled_tools ?? filled.excludeTools)),
    },
    isEnabled: filled.enabled !== false && filled.disabled !== true,
    isRequired: filled.required === true,
    login: loginSettings(filled),
    hosts: asTexts(filled.network),
    isUnconfined: filled.sandbox === "full-access",
    asked: toolsThat(tools, ["ask", "prompt"]),
    approved: toolsThat(tools, ["allow", "approve"]),
  }
}

/** Told where it lies; what Python would compile beside its files would be more than the person agreed to. */
function ofPlugin(transport: McpTransport, own: Readonly<Record<string, string>>): McpTransport {
  if (transport.kind !== "stdio") return transport
  return { ...transport, env: { ...own, PYTHONDONTWRITEBYTECODE: "1", ...transport.env } }
}

function transportOf(entry: Json, folder: string): McpTransport | string {
  const kind = asText(entry.type) ?? asText(entry.transport)
  const url = asText(entry.url) ?? asText(entry.httpUrl) ?? asText(entry.serverUrl)
  const isRemote = kind === "http" || kind === "sse" || kind === "streamable-http" || kind === "streamableHttp"
  if (kind !== undefined && kind !== "stdio" && kind !== "local" && kind !== "remote" && !isRemote)
    return `has the type ${quoted(kind)}: skein speaks stdio, http and sse.`
  if (url !== undefined && kind !== "stdio") {
    if (!/^https?:\/\/|^\$/.test(url)) return "has an address that is neither https nor http."
    return { kind: kind === "sse" ? "sse" : "http", url, ...given("headers", headersOf(entry)) }
  }
  if (isRemote) return "has no url."
  const [command, ...more] = typeof entry.command === "string" ? [entry.command] : asTexts(entry.command)
  if (command === undefined || command.trim() === "") return "has neither a command nor a url."
  const cwd = asText(entry.cwd)
  return {
    kind: "stdio",
    command,
    args: [...more, ...asTexts(entry.args)],
    ...given("env", envOf(entry)),
    ...given(
      "cwd",
      cwd === undefined ? undefined : isAbsolute(cwd) || cwd.startsWith("$") ? cwd : resolve(folder, cwd),
    ),
  }
}

/** `env_vars` names variables that are given on as they are. */
function envOf(entry: Json): Readonly<Record<string, string>> | undefined {
  const passed = asTexts(entry.env_vars).map((name) => [name, `\${${name}}`] as const)
  return filledOrNone([...passed, ...textsOf(entry.env ?? entry.environment)])
}

/** Headers whose value is only named stay names until the request is made. */
function headersOf(entry: Json): Readonly<Record<string, string>> | undefined {
  const bearer = asText(entry.bearer_token_env_var)
  const named = textsOf(entry.env_http_headers).map(([header, name]) => [header, `\${${name}}`] as const)
  return filledOrNone([
    ...(bearer === undefined ? [] : [["Authorization", `Bearer \${${bearer}}`] as const]),
    ...textsOf(entry.headers ?? entry.http_headers),
    ...named,
  ])
}

function textsOf(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, each]) =>
    typeof each === "string" || typeof each === "number" || typeof each === "boolean"
      ? [[name, String(each)] as const]
      : [],
  )
}

function filledOrNone(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? asTexts(value) : undefined
}

/** Codex's seconds, or milliseconds where the name says so or another program wrote them. */
function milliseconds(entry: Json, ours: string, others: string): number | undefined {
  const seconds = asNumber(entry[`${ours}_sec`])
  const value = seconds === undefined ? (asNumber(entry[`${ours}_ms`]) ?? asNumber(entry[others])) : seconds * 1000
  return value === undefined || value < 1 ? undefined : Math.round(value)
}

function toolsThat(tools: Json, words: readonly string[]): readonly string[] {
  return Object.entries(tools).flatMap(([tool, value]) => {
    const said = asObject(value)
    const word = asText(said?.decision) ?? asText(said?.approval_mode)
    return word !== undefined && words.includes(word) ? [tool] : []
  })
}

/** The first thing that VS Code would ask a person for. */
function inputsOf(entry: Json): string | undefined {
  return /\$\{input:([^}]*)\}/.exec(JSON.stringify(entry))?.[1]
}

const variableOf = (input: string) => input.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase()

function withOwn(value: unknown, own: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return value.replace(/\$\{(\w+)\}/g, (whole, name: string) => own[name] ?? whole)
  if (Array.isArray(value)) return value.map((each: unknown) => withOwn(each, own))
  const tree = asObject(value)
  return tree === undefined
    ? value
    : Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, withOwn(each, own)]))
}

const quoted = (text: string) => JSON.stringify(text.slice(0, 60))
