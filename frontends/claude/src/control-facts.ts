import type { Item, Rule } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { writeRule } from "@skein/protocol/rule-strings"
import { contextUsage } from "./context-usage.ts"
import type { Answers, ControlContext } from "./control-context.ts"
import { modelRows } from "./rows.ts"
import { modelUsage } from "./usage.ts"
import { CONTRACT_VERSION, claudeAgent, claudeMode, claudeModel } from "./words.ts"

/** What a host only reads. */
export const FACT_ANSWERS: Answers = {
  async list_models(_request, context) {
    const { models } = await context.offer()
    return { models: modelRows(models) }
  },
  async get_binary_version() {
    return { version: CONTRACT_VERSION }
  },
  get_context_usage: (_request, context) => contextUsage(context),
  async get_settings(_request, context) {
    const { sessionId } = await context.session()
    const { settings } = await context.engine.ask({ type: "session.read", sessionId })
    const { model, effort, mode, outputStyle, extraRoots } = settings
    const permissions = { defaultMode: claudeMode(mode), additionalDirectories: [...extraRoots] }
    return {
      effective: {
        ...{ model: claudeModel(model), permissions },
        ...(effort === undefined ? {} : { effortLevel: effort }),
        ...(outputStyle === undefined ? {} : { outputStyle }),
      },
      sources: [],
      applied: { model: claudeModel(model), effort: effort ?? null },
    }
  },
  get_usage: (_request, context) => usage(context),
  async get_session_cost(_request, context) {
    const { session } = await usage(context)
    return { text: `Total cost: $${Number(session.total_cost_usd).toFixed(4)}`, ...session }
  },
  async list_permission_rules(_request, context) {
    const { sessionId } = await context.session()
    const [rules, { settings }] = await Promise.all([
      context.engine.ask({ type: "rules.list", sessionId }),
      context.engine.ask({ type: "session.read", sessionId }),
    ])
    const workspaceDirectories = settings.extraRoots.map((path) => ({ path, source: "session" }))
    return {
      state: { rules: rules.map(ruleRow), workspaceDirectories, originalCwd: context.cwd, managedOnly: false },
    }
  },
  async get_hooks_listing(_request, context) {
    const { hooks } = await context.engine.ask({ type: "hooks.list", of: { cwd: context.cwd } })
    const ofFiles = hooks.map((hook) => ({
      ...{ event: hook.event, matcher: hook.matcher ?? "", source: SOURCES[hook.from], sourceLabel: hook.file },
      ...(hook.plugin === undefined ? {} : { pluginName: hook.plugin }),
      ...{ type: hook.type, displayText: hook.what, commandText: hook.what, contentLabel: "Command" },
      ...{ timeout: hook.timeoutMs / 1_000, runsOnce: hook.isOnce, runsInBackground: hook.isAsync },
      ...(hook.state === "runs" ? {} : { disabled: true }),
    }))
    const ofHost = context.hostHooks().map(({ event, matcher = "", callbackIds, timeoutMs }) => ({
      ...{ event, matcher, source: "sessionHook", sourceLabel: "Host", type: "callback" },
      ...{ displayText: `${callbackIds.length} of the host`, commandText: "", contentLabel: "Callback" },
      timeout: timeoutMs / 1_000,
    }))
    const all = [...ofHost, ...ofFiles]
    const names = [...new Set(all.map(({ event }) => event))]
    const facts = { summary: "", supportsMatcher: true }
    const count = (name: string) => all.filter(({ event }) => event === name).length
    return {
      events: names.map((name) => ({ name, ...facts, hookCount: count(name) })),
      hooks: all,
      eventCatalog: names.map((name) => ({ name, ...facts })),
      policy: {
        disabledByPolicy: false,
        managedOnly: false,
        pluginOnly: false,
        allDisabled: false,
        policyHookCount: 0,
      },
    }
  },
}

const SOURCES = { person: "userSettings", project: "projectSettings", plugin: "pluginHook" } as const

const RULE_SOURCES: Readonly<Record<Rule["scope"], string>> = {
  once: "session",
  session: "session",
  project: "localSettings",
  user: "userSettings",
  managed: "policySettings",
}

function ruleRow(rule: Rule): Json {
  const { toolName, ruleContent } = writeRule(rule)
  const content = ruleContent === undefined ? "" : `(${ruleContent})`
  return {
    behavior: rule.decision,
    source: RULE_SOURCES[rule.scope],
    rule: rule.agent === undefined ? `${toolName}${content}` : `${toolName}${content} [${claudeAgent(rule.agent)}]`,
    editability: rule.id === undefined ? "readonly" : rule.scope === "session" ? "session" : "persistent",
  }
}

async function usage({ engine, session, offer }: ControlContext): Promise<{ readonly session: Json } & Json> {
  const { sessionId, openMs } = await session()
  const [{ total, models }, view] = await Promise.all([
    engine.ask({ type: "usage.report", sessionId }),
    engine.ask({ type: "session.read", sessionId }),
  ])
  const known = (await offer()).models
  const rows = new Map(models.map(({ model, usage: used, microUsd = 0 }) => [model, { usage: used, microUsd }]))
  const lines = linesOf(view.items)
  return {
    session: {
      total_cost_usd: (total.microUsd ?? 0) / 1_000_000,
      total_api_duration_ms: total.modelMs,
      total_duration_ms: openMs(),
      ...{ total_lines_added: lines.added, total_lines_removed: lines.removed },
      model_usage: modelUsage(rows, known),
    },
    ...{ subscription_type: null, rate_limits_available: false, rate_limits: null, behaviors: null },
  }
}

/** What calls changed, by the diffs that they left. */
function linesOf(items: readonly Item[]): { readonly added: number; readonly removed: number } {
  const diffs = items.flatMap((item) => (item.kind === "tool_call" ? (item.result?.changes ?? []) : []))
  const lines = diffs.flatMap(({ diff = "" }) => {
    const all = diff.split("\n")
    return all.slice(all.findIndex((line) => line.startsWith("@@")) + 1)
  })
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length
  return { added: count("+"), removed: count("-") }
}
