import type { InputId, InputPart, QueuedInput } from "@skein/protocol"
import { wordsOf } from "../context/ledger.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { contextOf } from "./context.ts"
import type { SessionOrigin } from "./session-hooks.ts"
import type { TurnHooks } from "./turn-hooks.ts"

type Beginning = Pick<TurnPorts, "tokens">
type Steering = Pick<TurnPorts, "tokens" | "signal">

/**
 * Before a turn asks anybody: the session's start, where this is its first turn here, a sub-agent's, and the prompt. One that
 * is blocked ends the turn; so does a hook that ends it.
 */
export async function beginTurn(
  state: SessionState,
  hooks: TurnHooks,
  { origin, ports }: { readonly origin: SessionOrigin | undefined; readonly ports: Beginning },
): Promise<void> {
  const { turn } = state
  if (origin !== undefined) await startSession(state, hooks, origin, ports)
  if (turn === undefined || turn.endedByHook !== undefined) return
  const { agent } = state.created
  if (agent !== undefined && turn.stepsEnded === 0) {
    const about = { agentId: state.sessionId, agentName: agent.name }
    const drafts = contextOf({ state, tokens: ports.tokens, about: "to a sub-agent that begins" })
    await hooks.run({ event: "SubagentStart", ...about }, { drafts })
  }
  if (!turn.isUnchecked) return
  const prompt = state.items.findLast((item) => item.kind === "user_message" && item.turnId === turn.turnId)
  if (prompt?.kind === "user_message") await checkPrompt(state, hooks, prompt, ports)
}

/** What holds for the session from here on. */
export async function startSession(
  state: SessionState,
  hooks: TurnHooks,
  source: SessionOrigin | "compact",
  { tokens }: Beginning,
): Promise<void> {
  const drafts = contextOf({ state, tokens, about: "as this session begins", at: "start" })
  await hooks.run({ event: "SessionStart", source }, { drafts })
}

interface Prompt {
  readonly inputId: InputId
  readonly input: readonly InputPart[]
}

/** Runs the hooks of a prompt before it joins a conversation. What they block is out of it with that. */
export async function checkPrompt(
  state: SessionState,
  hooks: TurnHooks,
  { inputId, input }: Prompt,
  { tokens }: Beginning,
): Promise<void> {
  const adds = contextOf({ state, tokens, about: "to this prompt" })
  await hooks.run(
    { event: "UserPromptSubmit", prompt: wordsOf(input) },
    {
      inputId,
      drafts: (outcome) => (outcome.block === undefined && outcome.stop === undefined ? adds(outcome) : []),
    },
  )
}

/**
 * Of what was said into a running turn, what hooks let join it. What they block is out of the queue; what was edited
 * meanwhile waits to be looked at anew.
 */
export async function passedSteers(
  state: SessionState,
  waiting: readonly QueuedInput[],
  hooks: TurnHooks,
  ports: Steering,
): Promise<readonly QueuedInput[]> {
  const { turn } = state
  for (const queued of waiting) {
    await checkPrompt(state, hooks, queued, ports)
    if (ports.signal.aborted || turn?.endedByHook !== undefined) return []
  }
  return waiting.filter((queued) => state.queue.includes(queued))
}
