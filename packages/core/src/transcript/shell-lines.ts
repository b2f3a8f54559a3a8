import type { CallId, EventOf, ShellLine } from "@skein/protocol"
import type { OpenTurn, SessionState } from "./state.ts"
import { tainted } from "./taint.ts"

/** A person's own command is over. Within a turn it waits: between a call and its result, nothing may be said. */
export function endShell(state: SessionState, event: EventOf<"shell.ended">): void {
  const { callId, command, isPrivate, outcome, forModel, forHuman, artifacts, provenance, network } = event
  const { code, confinement, bytes, exitCode, durationMs } = event
  const told = { code, forModel, forHuman, artifacts, provenance, network, confinement, bytes, exitCode, durationMs }
  const item: ShellLine = {
    ...{ kind: "shell", callId, command, isPrivate, state: outcome },
    result: { ...told, isElided: false },
  }
  state.shellsWaiting = [...state.shellsWaiting, item]
  if (state.turn === undefined) restShells(state)
}

/** They stand in the conversation from here on, and what they printed counts as read in this turn. */
export function joinShells(state: SessionState, turn: OpenTurn, callIds: readonly CallId[]): void {
  const joining = state.shellsWaiting.filter(({ callId }) => callIds.includes(callId))
  state.shellsWaiting = state.shellsWaiting.filter(({ callId }) => !callIds.includes(callId))
  state.items.push(...joining)
  for (const item of joining) turn.taint = withOutput(turn.taint, item)
}

/** All that wait: no request is made any more, so the next turn is the first that reads them. */
export function restShells(state: SessionState): void {
  const resting = state.shellsWaiting
  state.shellsWaiting = []
  state.items.push(...resting)
  for (const item of resting) state.taintWaiting = withOutput(state.taintWaiting, item)
}

/** What the model is not told cannot lead it astray. */
function withOutput(taint: OpenTurn["taint"], { isPrivate, result }: ShellLine): OpenTurn["taint"] {
  return isPrivate ? taint : tainted(taint, result.provenance)
}
