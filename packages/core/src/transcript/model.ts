import type { SessionState } from "./state.ts"

/** `provider/model` that is asked now: the session's, or what the turn was rerouted to. */
export function modelNow({ turn, settings }: SessionState): string {
  return turn?.reroutedTo ?? settings.model
}
