import type { SessionSummary, SessionView, Settings } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { codexModel, modelName, type Policy, textOf, threadIdOf } from "../words.ts"
import { isEphemeral } from "./ephemeral.ts"
import { turnsOf } from "./transcript.ts"
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
    parentThreadId: facts.parent?.kind === "subagent" ? threadIdOf(facts.parent.sessionId) : null,
    preview: first === undefined ? "" : textOf(first.input).slice(0, PREVIEW_CHARS_MAX),
    ephemeral: isEphemeral(view),
    ...{ section: null, sectionEnteredAt: null, originator: null, agentNickname: null, agentRole: null },
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
    source: sourceOf(facts),
    threadSource: null,
    gitInfo:
      view.git === undefined ? null : { sha: view.git.sha ?? null, branch: view.git.branch ?? null, originUrl: null },
    name: view.title ?? null,
    projectId: null,
    turns: facts.hasTurns ? turnsOf(view) : [],
  }
}

const PREVIEW_CHARS_MAX = 200

function sourceOf({ parent, isInteractive }: ThreadFacts): unknown {
  if (parent?.kind !== "subagent") return isInteractive ? "vscode" : "exec"
  const spawn = { parent_thread_id: threadIdOf(parent.sessionId), depth: 1, agent_path: null }
  return { subAgent: { thread_spawn: { ...spawn, agent_nickname: null, agent_role: null } } }
}

/** The answer to `thread/start`, `thread/resume` and `thread/fork`. */
export function opened(thread: Json, view: SessionView, policy: Policy): Json {
  const { settings, cwd } = view
  return {
    thread,
    model: modelName(settings.model),
    modelProvider: codexModel(settings.model).provider,
    ...{ serviceTier: null, disabledPluginIds: [] },
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
