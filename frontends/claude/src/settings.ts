import { resolve } from "node:path"
import type { ModelInfo, SettingsChange, ToolInfo } from "@skein/protocol"
import { type ReadRules, type RuleContext, readRules } from "@skein/protocol/rule-strings"
import type { ClaudeFlags } from "./flags.ts"
import { effortOfTokens, skeinEffort, skeinMode, skeinTool } from "./words.ts"

/** What a host's flags change of a session's settings. Only what was given is in it. */
export function settingsOf(
  flags: ClaudeFlags,
  models: readonly ModelInfo[],
  tools: readonly ToolInfo[],
  cwd: string,
): SettingsChange {
  const effort = effortOf(flags)
  const { stepsMax, microUsdMax } = limitsOf(flags)
  const { shown, refused } = toolsOf(flags, tools)
  const { extraRoots = [], ...fromSettings } = flags.fromSettings?.changes ?? {}
  const roots = [...extraRoots, ...flags.addDirs.map((dir) => resolve(cwd, dir))]
  return {
    ...fromSettings,
    ...(flags.model === undefined ? {} : { model: modelOf(flags.model, models) }),
    ...(flags.fallbackModel === undefined ? {} : { fallbackModel: modelOf(flags.fallbackModel, models) }),
    ...(flags.permissionMode === undefined ? {} : { mode: skeinMode(flags.permissionMode) }),
    ...(effort === undefined ? {} : { effort }),
    ...(roots.length === 0 ? {} : { extraRoots: [...new Set(roots)] }),
    ...(stepsMax === undefined && microUsdMax === undefined ? {} : { limits: { stepsMax, microUsdMax } }),
    ...(flags.jsonSchema === undefined
      ? {}
      : { outputSchema: { name: "structured_output", schema: flags.jsonSchema } }),
    ...(shown === undefined ? {} : { tools: shown }),
    ...(refused.length === 0 ? {} : { toolsDenied: refused }),
  }
}

/**
 * The permissions that a host's flags give and take for the session. The engine's host adds them to its own rules. What is
 * no rule is refused, and so is one that forbids and cannot be said in ours: left out, it would forbid nothing.
 */
export function rulesOf(flags: ClaudeFlags, context: RuleContext): ReadRules {
  const allowed = readRules(flags.allowedTools, "allow", "session", context)
  const refused = readRules(flags.disallowedTools, "deny", "session", context)
  return {
    rules: [...allowed.rules, ...refused.rules, ...(flags.fromSettings?.rules ?? [])],
    unsupported: allowed.unsupported,
    refused: [
      ...allowed.refused.map((text) => `--allowed-tools: ${text}`),
      ...[...refused.refused, ...refused.unsupported].map((text) => `--disallowed-tools: ${text}`),
    ],
  }
}

/**
 * The model a host means: an exact id, an alias such as `sonnet` for the newest of that family, or a name passed on as
 * it is, so that the engine's own error says what is wrong with it.
 */
export function modelOf(name: string, models: readonly ModelInfo[]): string {
  if (name.includes("/")) return name
  const id = (model: ModelInfo) => `${model.provider}/${model.id}`
  const exact = models.find((model) => model.provider === "anthropic" && model.id === name)
  if (exact) return id(exact)
  const family = models.filter((model) => model.provider === "anthropic" && model.id.split("-").includes(name))
  const newest = family.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true })).at(-1)
  return newest ? id(newest) : `anthropic/${name}`
}

function effortOf(flags: ClaudeFlags) {
  if (flags.thinking === "disabled") return "none"
  if (flags.maxThinkingTokens !== undefined) return effortOfTokens(flags.maxThinkingTokens)
  return flags.effort === undefined ? undefined : skeinEffort(flags.effort)
}

function limitsOf(flags: ClaudeFlags) {
  return {
    stepsMax: flags.maxTurns === undefined ? undefined : Math.max(1, Math.floor(flags.maxTurns)),
    microUsdMax: flags.maxBudgetUsd === undefined ? undefined : Math.max(1, Math.round(flags.maxBudgetUsd * 1_000_000)),
  }
}

/** The tools the model sees. A tool refused as a whole is not shown; one refused in part is. */
function toolsOf(
  flags: ClaudeFlags,
  tools: readonly ToolInfo[],
): { readonly shown?: readonly string[]; readonly refused: readonly string[] } {
  const refused = flags.disallowedTools
    .filter((rule) => rule.ruleContent === undefined)
    .map((rule) => skeinTool(rule.toolName))
  const asked = flags.tools?.map(skeinTool)
  if (asked === undefined) return { refused }
  return { shown: tools.map((tool) => tool.name).filter((name) => asked.includes(name)), refused }
}
