import type { HookEvent } from "@skein/core/ports"
import { asList, asObject, asText, type Json, parseObject } from "@skein/protocol/json"

/** What one hook said. */
export interface Answer {
  /** It says no, as far as its point can be said no to. */
  readonly blocks?: string | undefined
  readonly stops?: string | undefined
  readonly decision?: "allow" | "ask" | "deny" | undefined
  readonly reason?: string | undefined
  /** In the words of its file. */
  readonly input?: Json | undefined
  readonly output?: string | undefined
  readonly context?: string | undefined
  readonly message?: string | undefined
  /** Why nothing of it counts, in a sentence. */
  readonly failed?: string | undefined
}

/**
 * What a hook printed, with exit code 0 or as a body of HTTP: an object of JSON, or a text. Claude Code's hooks reference, "JSON
 * output", and Codex's, which has the same fields. A field of another type than it should have counts as left out.
 */
export function answerOf(event: HookEvent, printed: string): Answer {
  const text = printed.trim()
  if (text === "") return {}
  if (!text.startsWith("{")) return TEXT_IS_CONTEXT.has(event) ? { context: bounded(text) } : {}
  const said = parseObject(text)
  if (said === undefined) return { failed: "It printed something that begins as JSON and is none." }
  const own = asObject(said.hookSpecificOutput) ?? {}
  const of = asText(own.hookEventName)
  if (of !== undefined && of !== event) return { failed: `It answers for ${of.slice(0, 40)}, and this is ${event}.` }
  return { ...general(said), ...(event === "PermissionRequest" ? ofPermission(own) : ofPoint(event, own, said)) }
}

/** Where what is printed as plain text is for the model. */
const TEXT_IS_CONTEXT: ReadonlySet<HookEvent> = new Set(["SessionStart", "UserPromptSubmit", "SubagentStart"])

function general(said: Json): Answer {
  const isQuiet = said.suppressOutput === true
  return {
    ...(said.continue === false ? { stops: reasonOf(said.stopReason) } : {}),
    ...(said.decision === "block" ? { blocks: reasonOf(said.reason) } : {}),
    message: isQuiet ? undefined : boundedOrNone(said.systemMessage),
  }
}

function ofPoint(event: HookEvent, own: Json, said: Json): Answer {
  const context = boundedOrNone(own.additionalContext ?? said.additionalContext)
  if (event === "PreToolUse") return { context, ...ofCall(own, said) }
  if (event !== "PostToolUse") return { context }
  const output = own.updatedToolOutput ?? own.updatedMCPToolOutput
  return { context, output: output === undefined ? undefined : textOf(output) }
}

function ofCall(own: Json, said: Json): Answer {
  const decision = decisionOf(own.permissionDecision) ?? (said.decision === "approve" ? "allow" : undefined)
  const reason = boundedOrNone(own.permissionDecisionReason) ?? boundedOrNone(said.reason)
  return { decision, reason, input: asObject(own.updatedInput) }
}

/** `defer` hands a call to a host that asks in its own time, which is a question here. */
function decisionOf(word: unknown): Answer["decision"] {
  if (word === "allow" || word === "deny" || word === "ask") return word
  return word === "defer" ? "ask" : undefined
}

function ofPermission(own: Json): Answer {
  const { behavior, message, interrupt, updatedInput } = asObject(own.decision) ?? {}
  if (behavior === "allow") return { decision: "allow", input: asObject(updatedInput) }
  if (behavior !== "deny") return {}
  const reason = reasonOf(message)
  return { decision: "deny", reason, ...(interrupt === true ? { stops: reason } : {}) }
}

function reasonOf(value: unknown): string {
  return boundedOrNone(value) ?? "The hook gave no reason."
}

/** Text of blocks as tools of servers give them; anything else as it stands. */
function textOf(value: unknown): string {
  const blocks = asList(asObject(value)?.content ?? value).map((block) => asText(asObject(block)?.text))
  if (typeof value === "string") return value
  return blocks.length > 0 && blocks.every((text) => text !== undefined) ? blocks.join("\n") : JSON.stringify(value)
}

/** Of one hook, for the model or the person; the reference's own bound. */
const CHARS_MAX = 10_000

export function bounded(text: string): string {
  return text.length <= CHARS_MAX
    ? text
    : `${text.slice(0, CHARS_MAX)}\n[${text.length - CHARS_MAX} more characters of the hook were left out]`
}

function boundedOrNone(value: unknown): string | undefined {
  const text = asText(value)
  return text === undefined || text.trim() === "" ? undefined : bounded(text)
}
