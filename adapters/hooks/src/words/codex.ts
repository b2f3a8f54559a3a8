import type { HookEvent, HookPoint } from "@skein/core/ports"
import type { Mode } from "@skein/protocol"
import { claudeModel } from "@skein/protocol/claude-words"
import { asObject, asText, isSameJson, type Json } from "@skein/protocol/json"
import { callOf, type Dialect } from "./dialect.ts"
import { editsOf, patchOf } from "./edits.ts"
import { agentOf, commonOf, detailOf, subjectOf } from "./facts.ts"
import { codexMatches, matcherFlaw } from "./match.ts"

/** Of its hooks reference; nobody waits longer than three seconds for what runs when a person wants to be gone. */
const SECONDS_DEFAULT = 600
const SECONDS_MAX: Readonly<Partial<Record<HookEvent, number>>> = { SessionEnd: 3, Interrupt: 3 }

/** Files of Codex. */
export const codex: Dialect = {
  title: "Codex",
  timeoutMs: (event, seconds) =>
    Math.round(Math.min(seconds ?? SECONDS_DEFAULT, SECONDS_MAX[event] ?? Number.POSITIVE_INFINITY) * 1_000),
  matcherFlaw,
  matches: codexMatches,
  subjects(point) {
    const call = callOf(point)
    if (call === undefined) return [sourceOf(point) ?? subjectOf(point) ?? ""].filter((word) => word !== "")
    const name = toolName(call.toolName)
    return name === PATCH ? [PATCH, "Edit", "Write"] : [name]
  },
  payloads(point) {
    const agent = agentOf(point)
    const source = sourceOf(point)
    const common: Json = {
      ...commonOf(point, MODE_WORDS[point.mode]),
      model: modelOf(point.model),
      ...(point.turnId === undefined ? {} : { turn_id: point.turnId.slice("trn_".length) }),
      ...(agent === undefined ? {} : { agent_id: agent.id, agent_type: agent.name }),
      ...detailOf(point),
      ...(point.event === "SessionStart" ? { model: modelOf(point.model) } : {}),
      ...(source === undefined ? {} : { source }),
      ...(point.event === "SubagentStop" ? { agent_transcript_path: point.agentTranscriptPath ?? null } : {}),
    }
    const call = callOf(point)
    if (call === undefined) return [common]
    const words = { tool_name: toolName(call.toolName), tool_input: inputWords(call), tool_use_id: call.callId }
    return [{ ...common, ...words, ...(point.event === "PostToolUse" ? { tool_response: point.output } : {}) }]
  },
  inputOf(point, words) {
    const call = callOf(point)
    if (call === undefined) return { kind: "refused", why: "There are no arguments here." }
    const own = asObject(call.input) ?? {}
    if (isSameJson(inputWords(call), words)) return { kind: "input", input: own }
    const command = asText(words.command)
    const name = toolName(call.toolName)
    if (name !== PATCH && name !== SHELL) return { kind: "input", input: words }
    if (command === undefined) return { kind: "refused", why: "Its updatedInput has no command." }
    if (name === SHELL) return { kind: "input", input: { ...own, command } }
    if (call.toolName === PATCH) return { kind: "input", input: { ...own, patch: command } }
    return { kind: "refused", why: `A call of ${call.toolName} cannot be put into the words of a patch.` }
  },
}

const PATCH = "apply_patch"
const SHELL = "Bash"

function toolName(name: string): string {
  if (name === "bash") return SHELL
  return EDITS.has(name) ? PATCH : name
}

const EDITS: ReadonlySet<string> = new Set([
  ...["apply_patch", "write", "edit", "multiedit", "advanced_edit", "confirm_edit", "confirm_multiedit"],
])

function inputWords(call: { readonly toolName: string; readonly input: unknown }): Json {
  const input = asObject(call.input) ?? {}
  if (call.toolName === "bash") return { command: asText(input.command) ?? "" }
  if (call.toolName === PATCH) return { command: asText(input.patch) ?? "" }
  const edits = EDITS.has(call.toolName) ? editsOf(call.toolName, input) : undefined
  return edits === undefined ? input : { command: patchOf(edits) }
}

function sourceOf(point: HookPoint): string | undefined {
  if (point.event !== "SessionStart") return undefined
  return point.source === "fork" ? "resume" : point.source
}

/** Slugs are told without the provider that is theirs. */
function modelOf(model: string): string {
  return model.startsWith("openai/") ? model.slice("openai/".length) : claudeModel(model)
}

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  plan: "plan",
  ask: "default",
  "accept-edits": "acceptEdits",
  auto: "default",
  full: "bypassPermissions",
}
