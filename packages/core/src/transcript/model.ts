import type { Effort } from "@skein/protocol"
import type { SessionState } from "./state.ts"

/** `provider/model` that is asked now: the session's, or what the turn was rerouted to. */
export function modelNow({ turn, settings }: SessionState): string {
  return turn?.reroutedTo ?? settings.model
}

/** How hard it is to think now: as the command says that began the turn, else as the session has it. */
export function effortNow({ turn, settings }: SessionState): Effort | undefined {
  return turn?.terms.effort ?? settings.effort
}
