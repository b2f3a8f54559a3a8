import type { SessionState } from "../transcript/state.ts"
import type { Spent, Weighed } from "../turn/budget.ts"
import type { EnginePorts } from "./ports.ts"

/** What the person has spent, of which only their logs know all: looked up when a turn begins, and gone on with from there. */
export class Spending {
  readonly #state: SessionState
  readonly #ports: Pick<EnginePorts, "catalogue" | "clock" | "dayStart">
  #dayMicroUsd = 0
  /** The session's when the day was looked up. */
  #fromMicroUsd = 0
  #weighedMicroUsd: number

  constructor(state: SessionState, ports: Pick<EnginePorts, "catalogue" | "clock" | "dayStart">) {
    this.#state = state
    this.#ports = ports
    this.#weighedMicroUsd = state.microUsd ?? 0
  }

  /** Only for a person who set a limit for the day. */
  async lookUp(): Promise<void> {
    if (this.#state.settings.limits.dayMicroUsdMax === undefined) return
    const { catalogue, clock, dayStart } = this.#ports
    this.#fromMicroUsd = this.#state.microUsd ?? 0
    const { total } = await catalogue.usage({ sinceMs: dayStart(clock.now()) })
    this.#dayMicroUsd = total.microUsd ?? 0
  }

  now(): Spent {
    const sessionMicroUsd = this.#state.microUsd ?? 0
    return { sessionMicroUsd, dayMicroUsd: this.#dayMicroUsd + sessionMicroUsd - this.#fromMicroUsd }
  }

  /** See `TurnPorts.weighed`: what others spent since is told where they spent it. */
  weighed(): Weighed {
    const after = this.now()
    const more = after.sessionMicroUsd - this.#weighedMicroUsd
    this.#weighedMicroUsd = after.sessionMicroUsd
    const before = { sessionMicroUsd: after.sessionMicroUsd - more, dayMicroUsd: after.dayMicroUsd - more }
    return { before, after }
  }
}
