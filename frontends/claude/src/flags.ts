import { asTexts, type Json, parseObject } from "@skein/protocol/json"
import { type HostRule, parseHostRule, splitRules } from "@skein/protocol/rule-strings"
import type { FlagSettings } from "./given-settings.ts"
import { isPermissionMode, type PermissionMode } from "./words.ts"

/** What a host asked for on the command line, in the contract's own words. Absent means: not given. */
export interface ClaudeFlags {
  /** The words that belong to no flag, joined. */
  readonly prompt?: string | undefined
  readonly print: boolean
  readonly inputFormat: "text" | "stream-json"
  readonly outputFormat: "text" | "json" | "stream-json"
  /** What the model thinks is not told. */
  readonly hidesThinking?: boolean | undefined
  readonly verbose: boolean
  readonly includePartialMessages: boolean
  readonly includeHookEvents: boolean
  readonly replayUserMessages: boolean
  /** `--permission-prompt-tool=stdio`: the host answers what must be asked. */
  readonly hostAnswers: boolean
  readonly model?: string | undefined
  readonly fallbackModel?: string | undefined
  readonly permissionMode?: PermissionMode | undefined
  /** Whether `bypassPermissions` may be chosen at all. */
  readonly mayBypass: boolean
  readonly allowedTools: readonly HostRule[]
  readonly disallowedTools: readonly HostRule[]
  /** The only tools there are; `default` and absent are all. */
  readonly tools?: readonly string[] | undefined
  readonly addDirs: readonly string[]
  readonly maxTurns?: number | undefined
  readonly maxBudgetUsd?: number | undefined
  readonly maxThinkingTokens?: number | undefined
  readonly thinking?: string | undefined
  readonly effort?: string | undefined
  readonly jsonSchema?: Json | undefined
  /** Whose instructions, tools and model the session has. */
  readonly agent?: string | undefined
  /** Agents by their names, as the contract defines them. */
  readonly agents?: Json | undefined
  /** What sub-agents say and think is told too. Said by an initialize request, never on the command line. */
  readonly forwardsSubagentText?: boolean | undefined
  /** The host shows what the person may want to say next. Said by an initialize request. */
  readonly hasSuggestions?: boolean | undefined
  readonly systemPrompt?: string | undefined
  readonly appendSystemPrompt?: string | undefined
  /** A session's UUID, or `""` for the newest. */
  readonly resume?: string | undefined
  readonly continue: boolean
  readonly forkSession: boolean
  /** The uuid of the last message that is kept of the session that is gone on with. */
  readonly resumeSessionAt?: string | undefined
  /** The uuid of the one message whose turn `resumeSessionAt` may leave out. */
  readonly resumeDropsTurn?: string | undefined
  readonly sessionId?: string | undefined
  /** The session is not wanted again afterwards. */
  readonly isEphemeral: boolean
  /** JSON text or a path, as given. */
  readonly settings?: string | undefined
  /** What those say; see `withSettings`. */
  readonly fromSettings?: FlagSettings | undefined
  /** JSON texts or paths, as given. */
  readonly mcpConfig: readonly string[]
  /** Names of MCP servers that live in the host. */
  readonly sdkServers?: readonly string[] | undefined
  readonly isStrictMcpConfig: boolean
  /** Much is written to the log; to this file, where one is named. */
  readonly debug?: { readonly file?: string | undefined } | undefined
  /** Empty: nothing of the user or the project is to be loaded. */
  readonly settingSources?: readonly string[] | undefined
  /** Sentences for stderr about what was asked for and is not there yet. */
  readonly unsupported: readonly string[]
}

/** `list` flags take every word up to the next flag, as hosts write them. */
type FlagKind = "switch" | "value" | "optional" | "list"

const KINDS: Readonly<Record<string, FlagKind>> = {
  print: "switch",
  verbose: "switch",
  "include-partial-messages": "switch",
  "replay-user-messages": "switch",
  "allow-dangerously-skip-permissions": "switch",
  "dangerously-skip-permissions": "switch",
  continue: "switch",
  "fork-session": "switch",
  "strict-mcp-config": "switch",
  "no-session-persistence": "switch",
  "include-hook-events": "switch",
  "await-initialize": "switch",
  "session-mirror": "switch",
  "stream-json": "switch",
  "stream-json-thinking": "switch",
  "stream-json-input": "switch",
  "managed-settings-in-initialize": "switch",
  "input-format": "value",
  "output-format": "value",
  model: "value",
  "fallback-model": "value",
  "permission-mode": "value",
  "permission-prompt-tool": "value",
  "permission-prompts": "value",
  "max-turns": "value",
  "max-budget-usd": "value",
  "task-budget": "value",
  "max-thinking-tokens": "value",
  thinking: "value",
  "thinking-display": "value",
  effort: "value",
  "json-schema": "value",
  "system-prompt": "value",
  "append-system-prompt": "value",
  "session-id": "value",
  "resume-session-at": "value",
  "resume-drops-turn": "value",
  settings: "value",
  "setting-sources": "value",
  agent: "value",
  agents: "value",
  "debug-file": "value",
  "initialize-fields": "value",
  "plugin-dir": "value",
  "plugin-dir-no-mcp": "value",
  "managed-settings": "value",
  "project-config-root": "value",
  resume: "optional",
  debug: "optional",
  allowedTools: "list",
  "allowed-tools": "list",
  disallowedTools: "list",
  "disallowed-tools": "list",
  tools: "list",
  "mcp-config": "list",
  "add-dir": "list",
  betas: "list",
}

const SHORT: Readonly<Record<string, string>> = { p: "print", c: "continue", r: "resume", m: "model", d: "debug" }

/** Known to hosts and without effect here yet. */
const MISSING: Readonly<Record<string, string>> = {
  "task-budget": "a token budget for a task",
  betas: "beta headers",
  "plugin-dir-no-mcp": "plugins without their MCP servers",
  "managed-settings": "managed settings",
  "managed-settings-in-initialize": "managed settings",
  "project-config-root": "settings of another checkout",
  "session-mirror": "a mirror of the session in a store of the host",
}

/** Reads a host's command line. Never fails: unknown flags are left out, because hosts gain new ones every month. */
export function parseFlags(argv: readonly string[]): ClaudeFlags {
  const { given, words } = collect(argv)
  const has = (name: string) => given.has(name)
  const last = (name: string) => given.get(name)?.at(-1)
  const all = (...names: string[]) => names.flatMap((name) => given.get(name) ?? []).filter((text) => text !== "")
  const number = (name: string) => positive(last(name))
  const mode = last("permission-mode") ?? ""
  const skipsAll = has("dangerously-skip-permissions")
  const tools = given.get("tools")
  const isLines = !has("output-format") && (has("stream-json") || has("stream-json-thinking"))
  const jsonSchema = parseObject(last("json-schema") ?? "")
  const [fallback = "", ...fallbacks] = (last("fallback-model") ?? "").split(",").map((name) => name.trim())
  return {
    prompt: words.length > 0 ? words.join(" ") : undefined,
    print: has("print"),
    inputFormat: last("input-format") === "stream-json" || has("stream-json-input") ? "stream-json" : "text",
    outputFormat: isLines ? "stream-json" : formatOf(last("output-format")),
    hidesThinking: isLines && !has("stream-json-thinking"),
    verbose: has("verbose"),
    includePartialMessages: has("include-partial-messages"),
    includeHookEvents: has("include-hook-events"),
    replayUserMessages: has("replay-user-messages"),
    hostAnswers: last("permission-prompt-tool") === "stdio" && last("permission-prompts") !== "none",
    model: last("model") || undefined,
    fallbackModel: fallback || undefined,
    permissionMode: skipsAll ? "bypassPermissions" : isPermissionMode(mode) ? mode : undefined,
    mayBypass: skipsAll || has("allow-dangerously-skip-permissions") || mode === "bypassPermissions",
    allowedTools: splitRules(all("allowedTools", "allowed-tools")).map(parseHostRule),
    disallowedTools: splitRules(all("disallowedTools", "disallowed-tools")).map(parseHostRule),
    tools: tools === undefined || tools.includes("default") ? undefined : splitRules(tools),
    addDirs: all("add-dir"),
    maxTurns: number("max-turns"),
    maxBudgetUsd: number("max-budget-usd"),
    maxThinkingTokens: number("max-thinking-tokens"),
    thinking: last("thinking"),
    effort: last("effort"),
    jsonSchema,
    agent: last("agent") || undefined,
    agents: parseObject(last("agents") ?? ""),
    systemPrompt: last("system-prompt") || undefined,
    appendSystemPrompt: last("append-system-prompt") || undefined,
    resume: last("resume"),
    continue: has("continue"),
    forkSession: has("fork-session"),
    resumeSessionAt: last("resume-session-at") || undefined,
    resumeDropsTurn: last("resume-drops-turn") || undefined,
    sessionId: last("session-id") || undefined,
    isEphemeral: has("no-session-persistence"),
    settings: last("settings") || undefined,
    mcpConfig: all("mcp-config").filter((text) => text.trim() !== ""),
    debug: has("debug") || has("debug-file") ? { file: last("debug-file") || undefined } : undefined,
    isStrictMcpConfig: has("strict-mcp-config"),
    settingSources: last("setting-sources")?.split(",").filter(Boolean),
    unsupported: [
      ...Object.keys(MISSING)
        .filter((name) => isAsked(name, given))
        .map((name) => `--${name}: ${MISSING[name]} is not supported yet.`),
      ...(fallbacks.length > 0 ? [`--fallback-model: ${fallback} is asked; of several, only the first is.`] : []),
      ...(has("json-schema") && !jsonSchema ? ["--json-schema: this is not a JSON object; it is left out."] : []),
      ...(mode !== "" && !isPermissionMode(mode) ? [`--permission-mode: ${mode} is unknown; the default holds.`] : []),
      ...toolPrompt(last("permission-prompt-tool")),
      ...(has("resume-session-at") && !has("resume") && !has("continue")
        ? ["--resume-session-at: without --resume there is nothing to resume; a new session begins."]
        : []),
    ],
  }
}

/** Both spellings of a flag, `--flag value` and `--flag=value`, and what stands between them. */
function collect(argv: readonly string[]) {
  const given = new Map<string, string[]>()
  const words: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ""
    if (word === "--") {
      words.push(...argv.slice(at + 1))
      break
    }
    const name = nameOf(word)
    if (name === undefined) {
      words.push(word)
      continue
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1
    const values = given.get(name) ?? []
    given.set(name, values)
    if (equals >= 0) values.push(word.slice(equals + 1))
    else at += takeValues(KINDS[name], argv.slice(at + 1), values)
  }
  return { given, words }
}

/** How many of the following words are the flag's own; they are added to `values`. */
function takeValues(kind: FlagKind | undefined, rest: readonly string[], values: string[]): number {
  const end = rest.findIndex((word) => word.startsWith("-") && word !== "-")
  const free = end < 0 ? rest.length : end
  const count =
    kind === "value" ? Math.min(rest.length, 1) : kind === "list" ? free : kind === "optional" ? Math.min(free, 1) : 0
  values.push(...rest.slice(0, count))
  if (count === 0) values.push("")
  return count
}

function nameOf(word: string): string | undefined {
  if (word.startsWith("--")) return word.slice(2).split("=", 1)[0]
  return word.startsWith("-") && word.length === 2 ? (SHORT[word.slice(1)] ?? word.slice(1)) : undefined
}

/** An empty value asks for nothing: hosts send `--mcp-config {"mcpServers":{}}` and `--betas=` alike. */
function isAsked(name: string, given: ReadonlyMap<string, readonly string[]>): boolean {
  const values = given.get(name)
  if (values === undefined) return false
  if (KINDS[name] === "switch") return true
  return values.some((text) => text !== "")
}

function toolPrompt(value: string | undefined): readonly string[] {
  return value === undefined || value === "" || value === "stdio"
    ? []
    : [`--permission-prompt-tool: only stdio is supported, not ${value}; what must be asked is refused.`]
}

function positive(text: string | undefined): number | undefined {
  const value = text === undefined || text === "" ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

function formatOf(text: string | undefined): ClaudeFlags["outputFormat"] {
  return text === "stream-json" || text === "json" ? text : "text"
}

/** The list `{"systemPrompt":[…]}` of an initialize request as one text; undefined when the host set none. */
export function systemPromptOf(value: unknown): string | undefined {
  const text = typeof value === "string" ? value : asTexts(value).join("\n\n")
  return text === "" ? undefined : text
}
