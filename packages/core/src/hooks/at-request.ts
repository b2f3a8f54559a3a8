import type { OpenTurn, SessionState } from "../transcript/state.ts"
import { ask } from "../turn/ask.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { contextOf } from "./context.ts"

/** One attempt at a request with hooks around it. Nothing is sent where one of them ends the turn. */
export async function askHooked(
  state: SessionState,
  turn: OpenTurn,
  next: { readonly step: number; readonly attempt: number },
  ports: TurnPorts,
): Promise<void> {
  const { hooks, tokens, signal } = ports
  const { step } = next
  const drafts = contextOf({ state, tokens, about: "before this request" })
  await hooks?.run({ event: "PreModelRequest", step }, { drafts })
  if (signal.aborted || turn.endedByHook !== undefined) return
  const before = turn.usage
  await ask(state, turn, next, ports)
  const { input, cacheRead, cacheWrite, output } = turn.usage
  await hooks?.run(
    {
      event: "PostModelRequest",
      step,
      status: turn.failure === undefined ? "completed" : "failed",
      inputTokens: input + cacheRead + cacheWrite - before.input - before.cacheRead - before.cacheWrite,
      outputTokens: output - before.output,
    },
    { drafts: contextOf({ state, tokens, about: "of this reply" }) },
  )
}
