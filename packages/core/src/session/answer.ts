import {
  type ContextReport,
  type DurableEvent,
  type ProcessSaid,
  type Query,
  type QueryAnswer,
  type RewindTarget,
  type SessionId,
  type SessionView,
  SkeinError,
  type SubagentReport,
  TASKS,
} from "@skein/protocol"
import type { CommandWorld } from "../commands/command.ts"
import { shortenedIn } from "../context/ledger.ts"
import { inlineSections } from "../context/load.ts"
import { cacheOf, conversationTokens } from "../context/report.ts"
import { contextSize, messageTokens, toolTokens } from "../context/size.ts"
import { checkpointsOf, previewRewind } from "../rewind/checkpoints.ts"
import { fileRecords, restoreSteps } from "../rewind/files.ts"
import { destination } from "../rewind/target.ts"
import { treeOf } from "../rewind/tree.ts"
import { fold } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import { previewCompaction } from "../turn/preview.ts"
import { withLeftBehind } from "./left-behind.ts"
import type { EnginePorts } from "./ports.ts"
import { rulesInForce } from "./rules.ts"
import { viewOf } from "./view.ts"

interface AnswerPorts extends EnginePorts {
  /** The session as it stands, open or not. */
  readonly state: (sessionId: SessionId) => Promise<SessionState>
  readonly isOpen: (sessionId: SessionId) => boolean
  readonly children: (sessionId: SessionId) => Promise<readonly SubagentReport[]>
  readonly processOutput: (query: Extract<Query, { type: "process.output" }>) => Promise<ProcessSaid | undefined>
}

/** Answers what can be asked without changing anything. */
export async function answer<Q extends Query>(query: Q, ports: AnswerPorts): Promise<QueryAnswer<Q>> {
  // The compiler does not tie the case to Q; `Answers` does, and the switch is exhaustive over the same keys.
  return (await answerAny(query, ports)) as QueryAnswer<Q>
}

async function answerAny(query: Query, ports: AnswerPorts): Promise<QueryAnswer<Query>> {
  switch (query.type) {
    case "sessions.list":
      return ports.catalogue.list(query)
    case "sessions.search":
      return ports.catalogue.search(query)
    case "prompts.list":
      return ports.catalogue.prompts(query)
    case "usage.report":
      return ports.catalogue.usage(query)
    case "session.read":
      return sizedView(await wholeState(query.sessionId, ports), ports)
    case "session.tree":
      return treeOf(await ports.logs.read(query.sessionId))
    case "rewind.preview":
      return previewHere(await filesSeen(query.sessionId, ports), query, ports)
    case "checkpoints.list":
      return checkpointsOf(await filesSeen(query.sessionId, ports))
    case "checkpoint.diff":
      return diffSince(await filesSeen(query.sessionId, ports), query.to, ports)
    case "commands.list":
      return (await commands()).listCommands()
    case "command.resolve":
      return (await commands()).resolveCommand(query, worldOf(query.sessionId, ports))
    case "compaction.preview":
      return previewCompaction(await ports.state(query.sessionId), ports)
    case "models.list":
      return ports.model.list({ asksServers: query.asksServers === true })
    case "tasks.list":
      return TASKS.map((task) => ({ task, choice: ports.taskFor(task, query.model) }))
    case "tiers.list":
      return (await import("./tier-infos.ts")).tierInfos(query.sessionId, ports)
    case "files.find": {
      if (ports.finder === undefined) throw new SkeinError("op.unsupported", "Files are not looked for here.")
      return ports.finder.find(query.root, query.query, Math.min(query.limit ?? 50, FOUND_MAX))
    }
    case "tools.list":
      return ports.tools.list()
    case "agents.list":
      return ports.children(query.sessionId)
    case "code.servers":
      return (await import("./code.ts")).codeServers(query.sessionId, ports)
    case "code.symbols":
      return (await import("./code.ts")).codeSymbols(query, ports)
    case "context.report":
      return reportOf(await ports.state(query.sessionId), await ports.logs.read(query.sessionId), ports)
    case "cache.forecast":
      return (await import("./forecast.ts")).forecast(await ports.state(query.sessionId), query.change, ports)
    case "rules.list":
      return rulesInForce(await ports.state(query.sessionId), ports)
    case "process.output":
      return ports.processOutput(query)
    case "permissions.explain":
      return (await import("./explain.ts")).explain(await ports.state(query.sessionId), query, ports)
  }
}

const FOUND_MAX = 1_000

/** On first use: many small files that starting does not need. */
const commands = () => import("../commands/resolve.ts")

function worldOf(sessionId: SessionId, ports: AnswerPorts): CommandWorld {
  return {
    sessionId,
    now: ports.clock.now(),
    ask: (query) => answer(query, ports),
    facts: async () => viewOf(await ports.state(sessionId)),
    origins: ports.origins,
    shortened: async () => shortenedIn(await ports.state(sessionId)),
  }
}

/** How full the window is, where that was ever counted: a session that begins is not looked through for it. */
function sizedView(state: SessionState, ports: EnginePorts): SessionView {
  if (state.compaction.counted === undefined) return viewOf(state)
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return { ...viewOf(state), contextTokens, contextTokensMax }
}

function reportOf(state: SessionState, events: readonly DurableEvent[], ports: EnginePorts): ContextReport {
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return {
    sections: state.system,
    inline: inlineSections(state),
    ...(state.profile === undefined ? {} : { profile: state.profile }),
    toolTokens: toolTokens(state, ports),
    messageTokens: messageTokens(state, ports.tokens),
    totalTokens: contextTokens,
    contextTokens: contextTokensMax,
    conversation: conversationTokens(state, ports.tokens),
    cache: cacheOf(events),
  }
}

/** With what stood before its newest summary, which an open session no longer holds. */
async function wholeState(sessionId: SessionId, ports: AnswerPorts): Promise<SessionState> {
  const state = await ports.state(sessionId)
  return state.isPartial ? fold(await ports.logs.read(sessionId), { keepsPast: true }) : state
}

/** What an open session runs is not over; what a closed one ran is. */
async function filesSeen(sessionId: SessionId, ports: AnswerPorts): Promise<readonly DurableEvent[]> {
  const events = await ports.logs.read(sessionId)
  return ports.isOpen(sessionId) ? events : withLeftBehind(events, ports.checkpoints)
}

async function diffSince(events: readonly DurableEvent[], to: RewindTarget, ports: AnswerPorts) {
  const { toSeq } = destination(events, to, "code")
  return ports.checkpoints.diff(restoreSteps(fileRecords(events, await folderNow(events, ports)), toSeq))
}

async function previewHere(
  events: readonly DurableEvent[],
  query: Parameters<typeof previewRewind>[1],
  ports: AnswerPorts,
) {
  const path = query.scope === "chat" ? undefined : await folderNow(events, ports)
  return previewRewind(events, query, ports.checkpoints, path)
}

/** Where a rewind would find the session's folder. Throws SkeinError when it is gone. */
async function folderNow(events: readonly DurableEvent[], ports: AnswerPorts): Promise<string> {
  return (await ports.relocate(fold(events).created.workspace)).path
}
