import {
  type ContextReport,
  type DurableEvent,
  PLUGIN_PART_KINDS,
  type PluginInfo,
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
import type { Place, ToolFacts } from "../ports/index.ts"
import { checkpointsOf, previewRewind } from "../rewind/checkpoints.ts"
import { fileRecords, restoreSteps } from "../rewind/files.ts"
import { destination } from "../rewind/target.ts"
import { treeOf } from "../rewind/tree.ts"
import { fold } from "../transcript/fold.ts"
import { placeOf } from "../transcript/place.ts"
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

async function pluginsAt(state: SessionState, { plugins }: AnswerPorts): Promise<readonly PluginInfo[]> {
  const enabled = (await plugins?.enabled(placeOf(state))) ?? []
  return enabled.map((parts) => ({
    ...{ name: parts.name, version: parts.version, folder: parts.root },
    brings: PLUGIN_PART_KINDS.filter((kind) => parts[kind].length > 0),
  }))
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
      return (await commands()).commandsIn(
        ports.prompts,
        query.sessionId && placeOf(await ports.state(query.sessionId)),
      )
    case "command.resolve":
      return (await commands()).resolveCommand(query, await worldOf(query.sessionId, ports))
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
      return toolsIn(
        query.sessionId === undefined ? folderOf(query.cwd) : placeOf(await ports.state(query.sessionId)),
        ports,
      )
    case "agents.list":
      return ports.children(query.sessionId)
    case "skills.list":
      return (await import("./skills.ts")).skillInfos(await placeIn(query.of, ports), ports)
    case "plugins.list":
      return pluginsAt(await ports.state(query.sessionId), ports)
    case "code.servers":
      return (await import("./code.ts")).codeServers(query.sessionId, ports)
    case "code.symbols":
      return (await import("./code.ts")).codeSymbols(query, ports)
    case "hooks.list":
      return (await ports.hooks?.list?.(await placeIn(query.of, ports))) ?? { hooks: [], flaws: [] }
    case "mcp.servers":
      return (await import("./mcp.ts")).mcpServers(placeOf(await ports.state(query.sessionId)), ports)
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

function folderOf(cwd: string | undefined): Place | undefined {
  return cwd === undefined ? undefined : { cwd }
}

async function toolsIn(place: Place | undefined, { tools }: EnginePorts): Promise<readonly ToolFacts[]> {
  if (place !== undefined) await tools.refresh?.(place)
  return tools.list(place)
}

/** On first use: many small files that starting does not need. */
const commands = () => import("../commands/resolve.ts")

async function placeIn(
  of: Extract<Query, { type: "hooks.list" | "skills.list" }>["of"],
  ports: AnswerPorts,
): Promise<Place> {
  return "cwd" in of ? of : placeOf(await ports.state(of.sessionId))
}

async function worldOf(sessionId: SessionId, ports: AnswerPorts): Promise<CommandWorld> {
  const state = await ports.state(sessionId)
  return {
    styles: async () => ports.styles?.list(placeOf(state)) ?? [],
    folder: state.created.workspace.path,
    prompts: ports.prompts && {
      port: ports.prompts,
      place: placeOf(state),
      tierFor: (tier) => ports.tierFor(tier, state.settings.model, state.created.workspace.path),
    },
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

async function reportOf(
  state: SessionState,
  events: readonly DurableEvent[],
  ports: EnginePorts,
): Promise<ContextReport> {
  const servers = await (await import("./mcp.ts")).serverTokens(placeOf(state), ports)
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return {
    sections: state.system,
    inline: inlineSections(state),
    ...(state.profile === undefined ? {} : { profile: state.profile }),
    toolTokens: toolTokens(state, ports),
    ...(servers.length === 0 ? {} : { servers }),
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
