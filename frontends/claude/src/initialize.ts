import type { McpServerSpec, Rule } from "@skein/protocol"
import { asList, asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import { type ClaudeFlags, systemPromptOf } from "./flags.ts"
import { type HostHook, hostHooks } from "./hooks.ts"
import { hostServers } from "./servers.ts"
import { policyRules } from "./tool-policies.ts"

/** What a host hands over for whoever made the engine: it comes before the engine is used. Absent: the host said nothing. */
export interface HostGiven {
  /** In place of our own words. */
  readonly systemPrompt?: string | undefined
  /** After them. */
  readonly appendSystemPrompt?: string | undefined
  /** Agents by their names, as the contract defines them. */
  readonly agents?: Json | undefined
  /** Folders of plugins; absolute. */
  readonly pluginDirs?: readonly string[] | undefined
  /** The only skills there are. */
  readonly skills?: readonly string[] | undefined
}

/** An initialize request, read. */
export interface Initialized {
  readonly given: HostGiven
  readonly flags: ClaudeFlags
  readonly hooks: readonly HostHook[]
  /** Servers that skein itself starts. */
  readonly servers: readonly McpServerSpec[]
  /** What is said of single tools of servers. */
  readonly rules: readonly Rule[]
  /** Of a new session. */
  readonly title?: string | undefined
  /** Sentences about what was handed over and cannot be taken. */
  readonly unsupported: readonly string[]
}

/** What can be handed over and nothing here takes, by its field and in words. */
const NOT_TAKEN: readonly (readonly [string, string])[] = [
  ["toolAliases", "Other names for tools"],
  ["planModeInstructions", "Instructions of the host for plan mode"],
  ["agentProgressSummaries", "Summaries of what agents do"],
  ["excludeDynamicSections", "A system prompt without what changes with the folder"],
  ["managedSettings", "Managed settings"],
  ["settings", "Settings within the request"],
  ["disallowedTools", "Refused tools within the request"],
]

export function readInitialize(request: Json, flags: ClaudeFlags): Initialized {
  const servers = hostServers(request.mcpServers)
  const { plugins, skipped } = pluginsOf(request.plugins)
  const agents = asObject(request.agents)
  const own = ownConfigs(request)
  return {
    given: {
      systemPrompt: systemPromptOf(request.systemPrompt),
      appendSystemPrompt: systemPromptOf(request.appendSystemPrompt),
      agents: agents !== undefined && Object.keys(agents).length > 0 ? agents : undefined,
      pluginDirs: plugins.length > 0 ? plugins : undefined,
      skills: Array.isArray(request.skills) ? asTexts(request.skills) : undefined,
    },
    flags: flagsAfter(flags, request),
    hooks: hostHooks(request.hooks),
    servers: servers.specs,
    rules: [...servers.rules, ...own.flatMap(([name, config]) => policyRules(name, config))],
    title: asText(request.title) || undefined,
    unsupported: [
      ...servers.unsupported,
      ...skipped,
      ...own.flatMap(([name, { timeout }]) => (timeout === undefined ? [] : [noTimeout(name)])),
      ...NOT_TAKEN.filter(([field]) => isAsked(request[field])).map(([, what]) => `${what} are not supported.`),
    ],
  }
}

/** Of servers that live in the host; of no others. */
function ownConfigs(request: Json): readonly (readonly [string, Json])[] {
  const names = asTexts(request.sdkMcpServers)
  return Object.entries(asObject(request.sdkMcpServerConfigs) ?? {}).flatMap(([name, value]) => {
    const config = asObject(value)
    return config !== undefined && names.includes(name) ? [[name, config] as const] : []
  })
}

const noTimeout = (name: string) =>
  `The timeout of the server ${name} of the host is not taken: calls of servers have the one of the settings.`

function pluginsOf(value: unknown) {
  const all = asList(value).map((each) => asObject(each) ?? {})
  const plugins = all.flatMap(({ type, path }) => (type === "local" ? (asText(path) ?? []) : []))
  const skipped = all.flatMap(({ path, skipMcpDiscovery }) =>
    skipMcpDiscovery === true ? [`The MCP servers of the plugin ${path} are used too: they cannot be left out.`] : [],
  )
  return { plugins, skipped }
}

function isAsked(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0
  return value !== undefined && value !== null && value !== false && value !== ""
}

/** What an initialize request says over the flags. */
function flagsAfter(flags: ClaudeFlags, request: Json): ClaudeFlags {
  const jsonSchema = asObject(request.jsonSchema)
  const sdkServers = asTexts(request.sdkMcpServers).slice(0, SDK_SERVERS_MAX)
  return {
    ...flags,
    ...(jsonSchema && { jsonSchema }),
    forwardsSubagentText: request.forwardSubagentText === true,
    hasSuggestions: request.promptSuggestions === true,
    sdkServers,
  }
}

const SDK_SERVERS_MAX = 100
