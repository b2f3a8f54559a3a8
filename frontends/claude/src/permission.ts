import type { EventOf, Op, Rule, RuleScope } from "@skein/protocol"
import { asList, asObject, asText, asTexts, isSameJson, type Json } from "@skein/protocol/json"
import { type HostRule, type RuleContext, readRules, writeRule } from "@skein/protocol/rule-strings"
import type { HostCall } from "./lines.ts"
import { isPermissionMode, type PermissionMode, skeinInput } from "./words.ts"

type Asked = EventOf<"approval.requested">
type Answering = Op<"approval.answer">

/** The request `can_use_tool` for an approval. `call` is missing when it is not about a call. */
export function permissionRequest(asked: Asked, call: HostCall | undefined): Json {
  const target = asked.actions.find((action) => action.verb === "write" || action.verb === "delete")?.target
  const rule = asked.always
  return {
    subtype: "can_use_tool",
    tool_name: call?.name ?? asked.subject,
    display_name: call?.name ?? asked.subject,
    input: call?.input ?? { actions: asked.actions },
    tool_use_id: call?.toolUseId ?? asked.approvalId,
    ...(call ? { description: call.title } : {}),
    ...(asked.reasons.length === 0 ? {} : { decision_reason: asked.reasons.join(" ") }),
    ...(target === undefined ? {} : { blocked_path: target }),
    ...(rule === undefined ? {} : { permission_suggestions: [suggestion(rule)] }),
    ...(asked.options.includes("allow_always") ? {} : { suppress_always_allow_rule: true }),
  }
}

function suggestion(rule: Rule): Json {
  const destination = DESTINATIONS[rule.scope]
  return { type: "addRules", rules: [writeRule(rule)], behavior: rule.decision, destination }
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
    return { answer, roots: [], unsupported: [] }
  }
  const updates = readUpdates(asList(reply.updatedPermissions), context)
  const rules = asked.options.includes("allow_always") ? updates.rules : []
  const updated = asObject(reply.updatedInput)
  const isChanged = call !== undefined && updated !== undefined && !isSameJson(updated, call.input)
  return {
    answer: {
      answer: rules.length > 0 ? "allow_always" : "allow_once",
      ...(rules.length > 0 ? { rules } : {}),
      ...(isChanged ? { updatedInput: skeinInput(call.tool, updated) } : {}),
    },
    mode: updates.mode,
    roots: updates.roots,
    unsupported: updates.unsupported,
  }
}

const SCOPES: Readonly<Record<string, Rule["scope"]>> = {
  projectSettings: "project",
  localSettings: "project",
  userSettings: "user",
}

function readUpdates(updates: readonly unknown[], context: RuleContext) {
  const rules: Rule[] = []
  const roots: string[] = []
  const unsupported: string[] = []
  let mode: PermissionMode | undefined
  for (const update of updates.map((entry) => asObject(entry) ?? {})) {
    const type = asText(update.type) ?? "nameless"
    const word = asText(update.mode) ?? ""
    if (type === "addRules" && update.behavior === "allow") {
      const read = readRules(
        hostRulesOf(update.rules),
        "allow",
        SCOPES[asText(update.destination) ?? ""] ?? "session",
        context,
      )
      rules.push(...read.rules)
      unsupported.push(...read.unsupported)
    } else if (type === "setMode" && isPermissionMode(word)) mode = word
    else if (type === "addDirectories") roots.push(...asTexts(update.directories))
    else unsupported.push(`A permission update of type ${type} was left out: it is not supported yet.`)
  }
  return { rules, roots, unsupported, mode }
}

function hostRulesOf(value: unknown): readonly HostRule[] {
  return asList(value).flatMap((entry) => {
    const toolName = asText(asObject(entry)?.toolName)
    return toolName === undefined ? [] : [{ toolName, ruleContent: asText(asObject(entry)?.ruleContent) }]
  })
}
