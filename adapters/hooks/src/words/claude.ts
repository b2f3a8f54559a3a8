import { resolve } from "node:path"
import type { HookPoint } from "@skein/core/ports"
import {
  claudeAgent,
  claudeError,
  claudeInput,
  claudeMode,
  claudeModel,
  skeinInput,
} from "@skein/protocol/claude-words"
import { asObject, isSameJson, type Json } from "@skein/protocol/json"
import { claudeTool } from "@skein/protocol/rule-strings"
import { callOf, type Dialect } from "./dialect.ts"
import { editsOf, type FileEdit } from "./edits.ts"
import { agentOf, commonOf, detailOf, subjectOf } from "./facts.ts"
import { claudeMatches, matcherFlaw } from "./match.ts"

/** Of its hooks reference, "Hook handler fields": ten minutes, at a prompt half of one, at a session's end little. */
const SECONDS_DEFAULT = 600
const SECONDS_OF_PROMPT = 30
const SECONDS_OF_END = 1.5

/** Files of Claude Code, and of plugins in its layout. */
export const claude: Dialect = {
  title: "Claude Code",
  timeoutMs(event, seconds) {
    const usual = { UserPromptSubmit: SECONDS_OF_PROMPT, SessionEnd: SECONDS_OF_END } as Readonly<
      Record<string, number>
    >
    return Math.round((seconds ?? usual[event] ?? SECONDS_DEFAULT) * 1_000)
  },
  matcherFlaw,
  matches: claudeMatches,
  subjects(point) {
    const call = callOf(point)
    if (call !== undefined) return toolNames(call.toolName, call.input)
    const word = wordsOf(point)
    const subject =
      word.source ?? word.reason ?? word.load_reason ?? word.notification_type ?? word.error ?? subjectOf(point)
    if (point.event === "SubagentStart" || point.event === "SubagentStop") return [claudeAgent(point.agentName)]
    return typeof subject === "string" ? [subject] : []
  },
  payloads(point) {
    const common = { ...commonOf(point, claudeMode(point.mode)), transcript_path: point.transcriptPath ?? "" }
    const agent = agentOf(point)
    const ofAgent = agent === undefined ? {} : { agent_id: agent.id, agent_type: claudeAgent(agent.name) }
    const call = callOf(point)
    if (call === undefined) return [{ ...common, ...ofAgent, ...detailOf(point), ...wordsOf(point) }]
    return callsOf(point, call).map(({ name, input }) => ({
      ...{ ...common, ...ofAgent, tool_name: name, tool_input: input, tool_use_id: call.callId },
      ...(point.event === "PostToolUse" ? { tool_response: responseOf(name, input, point.output) } : {}),
      ...detailOf(point),
      ...(point.event === "PermissionRequest" ? { permission_suggestions: [] } : {}),
    }))
  },
  inputOf(point, words) {
    const call = callOf(point)
    if (call === undefined) return { kind: "refused", why: "There are no arguments here." }
    const told = callsOf(point, call)
    if (told.some(({ input }) => isSameJson(input, words))) return { kind: "input", input: asObject(call.input) ?? {} }
    if (!isToldAsItIs(call.toolName, call.input))
      return { kind: "refused", why: `A call of ${call.toolName} cannot be put into the words of one file's edit.` }
    return { kind: "input", input: skeinInput(call.toolName, words) }
  },
}

interface Told {
  readonly name: string
  readonly input: Json
}

/** What has a counterpart; of all else each file is told as an edit of its own. */
function isToldAsItIs(toolName: string, input: unknown): boolean {
  if (toolName === "multiedit") return (editsOf(toolName, input) ?? []).length === 1
  return !["apply_patch", "advanced_edit", "confirm_edit", "confirm_multiedit"].includes(toolName)
}

function callsOf({ cwd }: HookPoint, { toolName, input }: { toolName: string; input: unknown }): readonly Told[] {
  const edits = isToldAsItIs(toolName, input) ? undefined : editsOf(toolName, input)
  if (edits === undefined || edits.length === 0)
    return [
      {
        name: claudeTool(toolName),
        input: toolName.startsWith("mcp__") ? (asObject(input) ?? {}) : claudeInput(toolName, input, cwd),
      },
    ]
  return edits.flatMap((edit) => asEdits(edit, resolve(cwd, edit.path)))
}

function asEdits({ kind, content, changes }: FileEdit, file_path: string): readonly Told[] {
  if (kind === "write") return [{ name: "Write", input: { file_path, content: content ?? "" } }]
  const pairs = changes.length === 0 ? [{ oldText: "", newText: "", replaceAll: false }] : changes
  return pairs.map(({ oldText, newText, replaceAll }) => ({
    name: "Edit",
    input: { file_path, old_string: oldText, new_string: newText, replace_all: replaceAll },
  }))
}

/** A matcher means a tool by its name of today or an older one; whoever guards edits guards all of them. */
function toolNames(toolName: string, input: unknown): readonly string[] {
  if (toolName === "task") return ["Task", "Agent"]
  if (toolName === "multiedit") return ["MultiEdit", "Edit"]
  if (isToldAsItIs(toolName, input)) return [claudeTool(toolName)]
  const kinds = (editsOf(toolName, input) ?? []).map(({ kind }) => (kind === "write" ? "Write" : "Edit"))
  return [...new Set([toolName, ...kinds])]
}

/** Where its words are others. */
function wordsOf(point: HookPoint): Json {
  switch (point.event) {
    case "SessionStart":
      return { source: point.source === "fork" ? "resume" : point.source, model: claudeModel(point.model) }
    case "SessionEnd":
      return { reason: point.reason === "exit" ? "prompt_input_exit" : point.reason }
    case "Notification":
      return { notification_type: NOTIFICATIONS[point.kind] }
    case "StopFailure":
      return { error: claudeError(point.code) }
    case "SubagentStop":
      return { agent_transcript_path: point.agentTranscriptPath ?? "" }
    case "InstructionsLoaded":
      return { load_reason: LOADS[point.reason] ?? point.reason }
    case "ConfigChange":
      return { source: settingsOf(point) }
    case "WorktreeCreate":
      return { name: point.path.slice(point.path.lastIndexOf("/") + 1) }
    default:
      return {}
  }
}

function settingsOf({ path, owner }: { readonly path: string; readonly owner: "person" | "project" }): string {
  if (owner === "person") return "user_settings"
  return path.endsWith(".local.json") ? "local_settings" : "project_settings"
}

const LOADS: Readonly<Record<string, string>> = { start: "session_start", touched: "nested_traversal" }
const NOTIFICATIONS = { permission: "permission_prompt", idle: "idle_prompt", question: "elicitation_dialog" } as const

/** A result in the shape that its tool has there, as far as a text can say it. */
function responseOf(name: string, input: Json, output: string): unknown {
  if (name.startsWith("mcp__")) return [{ type: "text", text: output }]
  switch (name) {
    case "Bash":
      return { stdout: output, stderr: "", interrupted: false, isImage: false }
    case "Write":
    case "Edit":
    case "MultiEdit":
      return { filePath: input.file_path, success: true }
    case "Read":
      return { type: "text", file: { filePath: input.file_path, content: output } }
    default:
      return output
  }
}
