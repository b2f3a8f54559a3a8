import type { ContextReport, Query, QueryAnswer, SessionId, SessionView } from "@skein/protocol"
import type { CommandWorld } from "../commands/command.ts"
import { inlineSections } from "../context/load.ts"
import { contextSize, messageTokens, toolTokens } from "../context/size.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

interface AnswerPorts extends EnginePorts {
  readonly state: (sessionId: SessionId) => Promise<SessionState>
}

/** Answers what can be asked without changing anything. */
export async function answer<Q extends Query>(query: Q, ports: AnswerPorts): Promise<QueryAnswer<Q>> {
  // The compiler does not tie the case to Q; `Answers` does, and the switch is exhaustive over the same keys.
  return (await answerAny(query, ports)) as QueryAnswer<Q>
}

async function answerAny(query: Query, ports: AnswerPorts): Promise<QueryAnswer<Query>> {
  switch (query.type) {
    case "sessions.list":
      return ports.logs.list({ cwd: query.cwd, limit: query.limit })
    case "session.read":
      return viewOf(await ports.state(query.sessionId))
    case "commands.list":
      return (await commands()).listCommands()
    case "command.resolve":
      return (await commands()).resolveCommand(query, worldOf(query.sessionId, ports))
    case "models.list":
      return ports.model.list()
    case "tools.list":
      return ports.tools.list()
    case "context.report":
      return reportOf(await ports.state(query.sessionId), ports)
  }
}

/** On first use: many small files that starting does not need. */
const commands = () => import("../commands/resolve.ts")

function worldOf(sessionId: SessionId, ports: AnswerPorts): CommandWorld {
  return {
    sessionId,
    now: ports.clock.now(),
    ask: (query) => answer(query, ports),
    shortened: async () => (await import("../commands/shortened.ts")).shortenedIn(await ports.logs.read(sessionId)),
  }
}

function viewOf(state: SessionState): SessionView {
  const { sessionId, createdAt, seq, title, settings, items, usage, microUsd } = state
  return {
    sessionId,
    cwd: state.created.workspace.path,
    createdAt,
    seq,
    title,
    settings,
    items: [...items],
    runningTurn: state.turn?.turnId,
    approvals: [...state.approvals.values()],
    queue: [...state.queue],
    usage,
    microUsd,
  }
}

function reportOf(state: SessionState, ports: EnginePorts): ContextReport {
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return {
    sections: state.system,
    inline: inlineSections(state),
    toolTokens: toolTokens(state, ports),
    messageTokens: messageTokens(state, ports.tokens),
    totalTokens: contextTokens,
    contextTokens: contextTokensMax,
  }
}
