import type { Item, SessionSummary, SessionView, Settings, TurnId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { codexModel, modelName, type Policy, plainId, textOf, threadIdOf } from "../words.ts"
import { agentMessage, callItem, reasoning, userMessage, webSearchItem } from "./items.ts"
import { seconds } from "./turns.ts"

/** What a thread object says besides what its session says. */
export interface ThreadFacts {
  readonly cliVersion: string
  readonly updatedAt: number
  readonly isInteractive: boolean
  readonly parent: SessionSummary["parent"]
  readonly status: Json
  readonly hasTurns: boolean
}

export function threadOf(view: SessionView, facts: ThreadFacts): Json {
  const first = view.items.find((item) => item.kind === "user_message")
  return {
    id: threadIdOf(view.sessionId),
    sessionId: threadIdOf(view.sessionId),
    forkedFromId: facts.parent?.kind === "fork" ? threadIdOf(facts.parent.sessionId) : null,
    parentThreadId: null,
    preview: first === undefined ? "" : textOf(first.input).slice(0, PREVIEW_CHARS_MAX),
    ephemeral: false,
    historyMode: "legacy",
    modelProvider: codexModel(view.settings.model).provider,
    model: modelName(view.settings.model),
    reasoningEffort: view.settings.effort ?? null,
    createdAt: seconds(view.createdAt),
    updatedAt: seconds(facts.updatedAt),
    recencyAt: seconds(facts.updatedAt),
    status: facts.status,
    path: null,
    cwd: view.cwd,
    cliVersion: facts.cliVersion,
    source: facts.isInteractive ? "vscode" : "exec",
    threadSource: null,
    gitInfo:
      view.git === undefined ? null : { sha: view.git.sha ?? null, branch: view.git.branch ?? null, originUrl: null },
    name: view.title ?? null,
    projectId: null,
    turns: facts.hasTurns ? turnsOf(view) : [],
  }
}

const PREVIEW_CHARS_MAX = 200

/** The answer to `thread/start`, `thread/resume` and `thread/fork`. */
export function opened(thread: Json, view: SessionView, policy: Policy): Json {
  const { settings, cwd } = view
  return {
    thread,
    model: modelName(settings.model),
    modelProvider: codexModel(settings.model).provider,
    serviceTier: null,
    cwd,
    instructionSources: [],
    approvalPolicy: policy,
    approvalsReviewer: "user",
    sandbox: sandboxPolicy(settings),
    reasoningEffort: settings.effort ?? null,
  }
}

export function sandboxPolicy({ sandbox, extraRoots }: Pick<Settings, "sandbox" | "extraRoots">): Json {
  if (sandbox === "full-access") return { type: "dangerFullAccess" }
  if (sandbox === "read-only") return { type: "readOnly", networkAccess: false }
  return {
    type: "workspaceWrite",
    writableRoots: extraRoots,
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  }
}

/** A list's row knows less than the session itself. */
export function updatedAtOf(summary: SessionSummary | undefined, view: SessionView): number {
  return summary?.updatedAt ?? view.createdAt
}

/** The transcript by turns. When each began and ended is not part of a transcript, and is left open. */
export function turnsOf(view: SessionView): readonly Json[] {
  const turns = new Map<TurnId, Item[]>()
  for (const item of view.items) {
    if (!("turnId" in item)) continue
    const items = turns.get(item.turnId) ?? []
    items.push(item)
    turns.set(item.turnId, items)
  }
  return [...turns].map(([turnId, items]) => ({
    id: plainId(turnId),
    items: items.flatMap((item) => itemOf(item, view.cwd)),
    itemsView: "full",
    status: turnId === view.runningTurn ? "inProgress" : items.some(isCutShort) ? "interrupted" : "completed",
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  }))
}

function itemOf(item: Item, cwd: string): readonly Json[] {
  switch (item.kind) {
    case "user_message":
      return [userMessage(plainId(item.inputId), item.input)]
    case "agent_message":
      return item.text.trim() === "" ? [] : [agentMessage(plainId(item.itemId), item.text)]
    case "reasoning":
      return item.text.trim() === "" ? [] : [reasoning(plainId(item.itemId), item.text)]
    case "hosted_call":
      return item.isDiscarded ? [] : [webSearchItem(plainId(item.itemId), item)]
    case "tool_call": {
      if (item.defect !== undefined) return []
      const { name, input, locations, result, state } = item
      const facts = { id: plainId(item.callId), name, input, locations, cwd }
      const isSettled = state === "success" || state === "error" || state === "cancelled"
      return [callItem(facts, result === undefined || !isSettled ? undefined : { ...result, state })]
    }
    default:
      return []
  }
}

function isCutShort(item: Item): boolean {
  if (item.kind === "agent_message" || item.kind === "reasoning") return item.status === "interrupted"
  return item.kind === "tool_call" && item.state === "cancelled"
}
