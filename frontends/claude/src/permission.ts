import { askedTitle, askerText, type EventOf, type Op, type Rule, type RuleScope } from "@skein/protocol"
import { asList, asObject, asText, asTexts, given, isSameJson, type Json } from "@skein/protocol/json"
import { type HostRule, type RuleContext, readRules, writeRule } from "@skein/protocol/rule-strings"
import type { HostCall } from "./host-call.ts"
import { claudeSessionId, isPermissionMode, type PermissionMode, skeinInput } from "./words.ts"

type Asked = EventOf<"approval.requested">
type Answering = Op<"approval.answer">

/** The request `can_use_tool` for an approval. `call` is missing when it is not about a call. */
export function permissionRequest(asked: Asked, call: HostCall | undefined): Json {
  const reasons = asked.subject === "network" ? asked.actions.map(({ target }) => `It wants to reach ${target}.`) : []
  const told = [...reasons, ...effectsText(asked), ...asked.reasons]
  const target = asked.actions.find((action) => action.verb === "write" || action.verb === "delete")?.target
  const rule = asked.always
  return {
    subtype: "can_use_tool",
    tool_name: asked.subject === "plan" ? "ExitPlanMode" : (call?.name ?? asked.subject),
    display_name: asked.subject === "plan" ? "ExitPlanMode" : (call?.name ?? asked.subject),
    input: call?.input ?? { actions: asked.actions },
    tool_use_id: call?.toolUseId ?? asked.approvalId,
    ...(asked.agent === undefined ? given("description", call?.title) : askedBelow(asked, asked.agent)),
    ...(told.length === 0 ? {} : { decision_reason: told.join(" ") }),
    ...(target === undefined ? {} : { blocked_path: target }),
    ...(rule === undefined ? {} : { permission_suggestions: suggestions(rule) }),
    ...(asked.options.includes("allow_always") ? {} : { suppress_always_allow_rule: true }),
  }
}

/** A sub-agent's call: known by who asks, and about what. */
function askedBelow(asked: Asked, { sessionId }: NonNullable<Asked["agent"]>): Json {
  return { description: `${askerText(asked)}${askedTitle(asked)}`, agent_id: claudeSessionId(sessionId) }
}

/** What a call did in a throw-away copy, which allowing it keeps: every file by name. */
function effectsText({ effects }: Asked): string[] {
  if (effects === undefined) return []
  const { changes, network, exitCode } = effects
  const files = changes.map(({ kind, path }) => `${kind} ${path}`).join(", ")
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`).join(", ")
  return [
    `Tried in a throw-away copy without network: ${files === "" ? "no file changed" : files}.`,
    ...(hosts === "" ? [] : [`Hosts: ${hosts}.`]),
    ...(exitCode === undefined ? [] : [`Exit ${exitCode}.`]),
  ]
}

/** None where the host has no words for the rule: one that says more than ours would be granted instead. */
function suggestions(rule: Rule): Json[] {
  const { prefix = [], host, agent, access } = rule
  const isSayable = prefix.every((word) => typeof word === "string" && /^[\w./:@=+-]+$/.test(word))
  if (agent !== undefined || access !== undefined || !isSayable) return []
  const written = host === undefined ? writeRule(rule) : { toolName: "WebFetch", ruleContent: `domain:${host}` }
  return [{ type: "addRules", rules: [written], behavior: rule.decision, destination: DESTINATIONS[rule.scope] }]
}

/** The host's word for how long a rule holds. */
const DESTINATIONS: Readonly<Record<RuleScope, string>> = {
  once: "session",
  session: "session",
  project: "localSettings",
  user: "userSettings",
  managed: "session",
}

/** What a host's answer asks of the engine, and what of it cannot be done. */
export interface HostAnswer {
  readonly answer: Omit<Answering, "type" | "sessionId" | "approvalId">
  /** Rules that hold for another time than the answer's, or that forbid: each is an op of its own. */
  readonly rules: readonly Rule[]
  readonly mode?: PermissionMode | undefined
  /** Absolute paths to open for tools. */
  readonly roots: readonly string[]
  readonly unsupported: readonly string[]
}

/** Reads the reply to `can_use_tool`. Anything but a clear "allow" refuses. */
export function readAnswer(reply: Json, asked: Asked, call: HostCall | undefined, context: RuleContext): HostAnswer {
  if (reply.behavior !== "allow") {
    const feedback = asText(reply.message)
    const interrupt = reply.interrupt === true
    const answer = {
      answer: "reject_once" as const,
      ...(feedback ? { feedback } : {}),
      ...(interrupt ? { interrupt } : {}),
    }
    return { answer, rules: [], roots: [], unsupported: [] }
  }
  const updates = readUpdates(asList(reply.updatedPermissions), asked, context)
  const allowing = updates.rules.filter(({ decision }) => decision === "allow")
  const scope = lastingScope(allowing[0])
  // What must be asked every time is asked every time, whatever the host would like to be rid of.
  const rules = asked.options.includes("allow_always") ? allowing.filter((rule) => rule.scope === scope) : []
  const others = updates.rules.filter((rule) => rule.decision !== "allow" || (rules.length > 0 && rule.scope !== scope))
  const updated = asObject(reply.updatedInput)
  const isChanged = call !== undefined && updated !== undefined && !isSameJson(updated, call.input)
  return {
    answer: {
      answer: rules.length > 0 ? "allow_always" : "allow_once",
      ...(rules.length > 0 ? { rules, ...(scope === "session" ? {} : { scope }) } : {}),
      ...(isChanged ? { updatedInput: skeinInput(call.tool, updated) } : {}),
    },
    rules: others,
    mode: updates.mode,
    roots: updates.roots,
    unsupported: updates.unsupported,
  }
}

const BEHAVIOURS = ["allow", "ask", "deny"] as const

function lastingScope(rule: Rule | undefined): "session" | "project" | "user" {
  return rule?.scope === "project" || rule?.scope === "user" ? rule.scope : "session"
}

const SCOPES: Readonly<Record<string, Rule["scope"]>> = {
  projectSettings: "project",
  localSettings: "project",
  userSettings: "user",
}

function readUpdates(updates: readonly unknown[], asked: Asked, context: RuleContext) {
  const rules: Rule[] = []
  const roots: string[] = []
  const unsupported: string[] = []
  let mode: PermissionMode | undefined
  for (const update of updates.map((entry) => asObject(entry) ?? {})) {
    const type = asText(update.type) ?? "nameless"
    const word = asText(update.mode) ?? ""
    const decision = BEHAVIOURS.find((known) => known === update.behavior)
    if (type === "addRules" && decision !== undefined) {
      const scope = SCOPES[asText(update.destination) ?? ""] ?? "session"
      const read = readRules(hostRulesOf(update.rules), decision, scope, context)
      rules.push(...read.rules.map((rule) => hostRule(rule, asked)))
      unsupported.push(...read.unsupported, ...read.refused)
    } else if (type === "setMode" && isPermissionMode(word)) mode = word
    else if (type === "addDirectories") roots.push(...asTexts(update.directories))
    else unsupported.push(`A permission update of type ${type} was left out: it is not supported yet.`)
  }
  return { rules, roots, unsupported, mode }
}

/** The host has one word for every tool that reaches others; the one that asked is meant. */
function hostRule(rule: Rule, { subject, always }: Asked): Rule {
  return subject === "network" && rule.host !== undefined ? { ...rule, tool: always?.tool ?? "*" } : rule
}

function hostRulesOf(value: unknown): readonly HostRule[] {
  return asList(value).flatMap((entry) => {
    const toolName = asText(asObject(entry)?.toolName)
    return toolName === undefined ? [] : [{ toolName, ruleContent: asText(asObject(entry)?.ruleContent) }]
  })
}
