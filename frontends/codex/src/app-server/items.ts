import { isAbsolute, join } from "node:path"
import type { CallId, CallResult, CallState, FileChange, HostedFacts, InputPart, PlannedAction } from "@skein/protocol"
import { given, type Json } from "@skein/protocol/json"
import {
  callWord,
  clientNamespace,
  commandLine,
  commandOf,
  isDeclined,
  mcpContent,
  plainId,
  textOf,
  toolAddress,
  webSearch,
} from "../words.ts"
import { changeDiff } from "./diffs.ts"

/** What is known of a call, from its events or from the transcript. */
export interface CallFacts {
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly locations: readonly string[]
  readonly cwd: string
  /** What an approval showed of it. */
  readonly actions?: readonly PlannedAction[] | undefined
  /** What it changed, where it is told only when it is done. */
  readonly changes?: readonly FileChange[] | undefined
}

export interface CallEnd extends Omit<CallResult, "isElided"> {
  readonly state: Extract<CallState, "success" | "error" | "cancelled">
}

/** `clientId`: what the client itself calls its message. */
export function userMessage(id: string, input: readonly InputPart[], clientId: string | null = null): Json {
  return { type: "userMessage", id, clientId, content: input.map(userInput) }
}

function userInput(part: InputPart): Json {
  if (part.type === "text") return { type: "text", text: part.text, text_elements: [] }
  return { type: "image", url: `data:${part.mediaType};base64,${part.data}` }
}

export function agentMessage(id: string, text: string): Json {
  return { type: "agentMessage", id, text, phase: null, memoryCitation: null, delivery: null, questions: null }
}

export function reasoning(id: string, text: string): Json {
  return { type: "reasoning", id, summary: text === "" ? [] : [text], content: [] }
}

export function webSearchItem(id: string, call: HostedFacts): Json {
  return { type: "webSearch", id, ...webSearch(call, "server") }
}

export function compaction(id: string): Json {
  return { type: "contextCompaction", id }
}

/** A call as an item: under way without `end`, else as it ended. */
export function callItem(call: CallFacts, end?: CallEnd): Json {
  switch (callWord(call.name)) {
    case "command":
      return commandItem(call, end)
    case "file_change":
      return { type: "fileChange", id: call.id, changes: changesOf(call, end), status: statusOf(end) }
    case "tool":
      return toolItem(call, end)
  }
}

function commandItem(call: CallFacts, end: CallEnd | undefined): Json {
  return {
    ...{ type: "commandExecution", id: call.id, pluginId: null, scriptPath: null },
    command: commandLine(call.input),
    ...{ cwd: call.cwd, processId: null, source: "agent", status: statusOf(end) },
    commandActions: [{ type: "unknown", command: commandOf(call.input) }],
    ...(end === undefined || isDeclined(end.code) ? NOT_RUN : ranAs(end)),
  }
}

const NOT_RUN: Json = { aggregatedOutput: null, exitCode: null, durationMs: null }

function ranAs(end: CallEnd): Json {
  const { exitCode = null, durationMs } = end
  return { aggregatedOutput: outputOf(end) || null, exitCode, durationMs }
}

/** A command of the person's own: under way without `end`. */
export function shellItem(
  { callId, command, cwd }: { readonly callId: CallId; readonly command: string; readonly cwd: string },
  end?: Pick<CallResult, "code" | "forHuman" | "forModel" | "exitCode" | "durationMs"> & { readonly outcome: string },
): Json {
  const facts = { id: plainId(callId), name: "bash", input: { command }, locations: [], cwd }
  const state = end?.outcome === "success" ? ("success" as const) : ("error" as const)
  return { ...commandItem(facts, end === undefined ? undefined : { ...end, state }), source: "userShell" }
}

/** What a command wrote, whole. */
export function outputOf(end: Pick<CallEnd, "forHuman" | "forModel">): string {
  return end.forHuman?.kind === "command" ? end.forHuman.body : textOf(end.forModel)
}

function toolItem(call: CallFacts, end: CallEnd | undefined): Json {
  const isDone = end?.state === "success"
  const { server, tool } = toolAddress(call.name)
  const namespace = clientNamespace(server)
  // This item knows no "declined".
  const status = end === undefined ? "inProgress" : isDone ? "completed" : "failed"
  const shared = { id: call.id, tool, status, arguments: call.input ?? {}, durationMs: end?.durationMs ?? null }
  if (namespace !== undefined) {
    const success = end === undefined ? null : isDone
    return { type: "dynamicToolCall", ...shared, namespace, success, contentItems: end ? contentItems(end) : null }
  }
  const result = end !== undefined && isDone ? { content: mcpContent(end.forModel), structuredContent: null } : null
  return {
    ...{ type: "mcpToolCall", ...shared, server },
    ...{ appContext: null, mcpAppUi: null, pluginId: null, readOnlyHint: null },
    result: result && { ...result, _meta: null },
    error: end === undefined || isDone ? null : { message: textOf(end.forModel) },
  }
}

function contentItems({ forModel }: CallEnd): readonly Json[] {
  return forModel.map((part) =>
    part.type === "text"
      ? { type: "inputText", text: part.text }
      : { type: "inputImage", imageUrl: `data:${part.mediaType};base64,${part.data}` },
  )
}

function statusOf(end: CallEnd | undefined): string {
  if (end === undefined) return "inProgress"
  if (isDeclined(end.code)) return "declined"
  return end.state === "success" ? "completed" : "failed"
}

/** As it was done; before that as the approval showed it; else the files the call names. */
function changesOf(call: CallFacts, end: CallEnd | undefined): readonly Json[] {
  const done = end?.changes ?? call.changes
  if (done !== undefined) return done.map((change) => changeOf(call, change))
  const shown = (call.actions ?? []).filter(({ verb }) => verb === "write" || verb === "delete")
  if (shown.length === 0) return call.locations.map((path) => changeOf(call, { path, kind: "update" }))
  return shown.map(({ verb, target, diff }) => {
    const kind = verb === "delete" ? "delete" : diff?.startsWith("--- /dev/null") ? "add" : "update"
    return changeOf(call, { path: target, kind, ...given("diff", diff) })
  })
}

function changeOf({ cwd }: CallFacts, change: Pick<FileChange, "path" | "kind" | "diff">): Json {
  return {
    path: isAbsolute(change.path) ? change.path : join(cwd, change.path),
    kind: change.kind === "update" ? { type: "update", move_path: null } : { type: change.kind },
    diff: changeDiff(change),
  }
}
