import type { AgentsPort } from "../ports/index.ts"

/** The children as one call has them. */
export interface CallAgents {
  readonly port: AgentsPort
  /** What the children of this call read that nobody may be steered by; undefined where it had none. */
  taint(): readonly string[] | undefined
  /** The call is over: whatever it began and did not leave in the background is stopped. */
  over(): void
}
