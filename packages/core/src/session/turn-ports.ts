import type { Above } from "../agents/kin.ts"
import type { SessionOrigin } from "../hooks/session-hooks.ts"
import type { TurnHooks } from "../hooks/turn-hooks.ts"
import type { SessionsPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import type { Asking } from "./asking.ts"
import type { Offspring } from "./offspring.ts"
import type { EnginePorts } from "./ports.ts"
import type { RunningCalls } from "./running-calls.ts"
import type { Spending } from "./spending.ts"
import { choosing } from "./tiers.ts"
import type { SessionWriter } from "./writer.ts"

export interface TurnsPorts extends EnginePorts {
  readonly sessions: SessionsPort
  readonly offspring: Offspring
  /** What is above this session, where it is a child. */
  readonly above: () => Above | undefined
  readonly processesFor: TurnPorts["processesFor"]
  readonly processesSeen: TurnPorts["processesSeen"]
  /** How the session came to be open here, where its log does not say. */
  readonly origin: SessionOrigin | undefined
  /** A turn is over, or what stood in its place: a good moment for what can wait. */
  readonly onIdle: () => Promise<void>
}

interface Parts {
  readonly state: SessionState
  readonly ports: TurnsPorts
  readonly writer: SessionWriter
  readonly asking: Asking
  readonly spending: Spending
  /** What can be done to the calls of the running turn. */
  readonly calls: RunningCalls
}

/** What one turn needs of the world, and of its session. Throws SkeinError where the folder's rules cannot be read. */
export function portsOfTurn(parts: Parts, signal: AbortSignal, hooks: TurnHooks | undefined): TurnPorts {
  const { state, writer, asking, spending, calls } = parts
  const { model, tools, policy, sources, skills, checkpoints, sessions } = parts.ports
  const { clock, random, tokens, limits, retry, audit, layers, onDefect } = parts.ports
  const { above, offspring, processesFor, processesSeen } = parts.ports
  // At every judgement: what is denied elsewhere meanwhile, as in another terminal, is denied here too.
  const rules = () => [...parts.ports.rulesFor(state.created.workspace.path), ...(above()?.rules() ?? [])]
  // Those that cannot be read end the turn before a model is asked.
  rules()
  return {
    ...{ model, tools, policy, sources, skills, checkpoints, sessions, clock, random, tokens },
    ...{ limits, retry, audit, layers, signal, onDefect, hooks, processesFor, processesSeen },
    ...choosing(state, parts.ports),
    spent: () => spending.now(),
    weighed: () => spending.weighed(),
    rules,
    isAttended: () => asking.isAttended,
    emit: async (drafts, options) => void (await writer.emit(drafts, options)),
    tell: (draft) => writer.tell(draft),
    flushSoon: () => writer.flushSoon(),
    settled: () => writer.settled(),
    ask: (question, callSignal, decisionNow) => asking.ask(question, callSignal, decisionNow),
    hasClient: (kind) => asking.answers(kind),
    askClient: (request) => asking.askClient(request),
    agents: (callId, callSignal) => offspring.ofCall(callId, callSignal),
    childrenNow: () => offspring.spentNow("foreground"),
    overParent: () => above()?.present?.overTurn(state.sessionId),
    offerBackground: (callId, move) => calls.offerBackground(callId, move),
    callSignal: (callId) => calls.signalOf(callId, signal),
  }
}
