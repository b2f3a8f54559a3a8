import { childrenMicroUsd } from "../transcript/children.ts"
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
  readonly #kin: SpendingKin

  constructor(state: SessionState, ports: Pick<EnginePorts, "catalogue" | "clock" | "dayStart">, kin: SpendingKin) {
    this.#state = state
    this.#ports = ports
    this.#kin = kin
    this.#weighedMicroUsd = this.#sessionMicroUsd()
  }

  /** Only for a person who set a limit for the day. */
  async lookUp(): Promise<void> {
    if (this.#state.settings.limits.dayMicroUsdMax === undefined) return
    const { catalogue, clock, dayStart } = this.#ports
    this.#fromMicroUsd = this.#sessionMicroUsd()
    const { total } = await catalogue.usage({ sinceMs: dayStart(clock.now()) })
    this.#dayMicroUsd = total.microUsd ?? 0
  }

  now(): Spent {
    const above = this.#kin.above()
    if (above !== undefined) return above
    const sessionMicroUsd = this.#sessionMicroUsd()
    return { sessionMicroUsd, dayMicroUsd: this.#dayMicroUsd + sessionMicroUsd - this.#fromMicroUsd }
  }

  /** See `TurnPorts.weighed`: what others spent since is told where they spent it. */
  weighed(): Weighed {
    const after = this.now()
    // What a child spends is its parent's to tell.
    if (this.#kin.above() !== undefined) return { before: after, after }
    const more = after.sessionMicroUsd - this.#weighedMicroUsd
    this.#weighedMicroUsd = after.sessionMicroUsd
    const before = { sessionMicroUsd: after.sessionMicroUsd - more, dayMicroUsd: after.dayMicroUsd - more }
    return { before, after }
  }

  /** With what its children took. */
  #sessionMicroUsd(): number {
    return (this.#state.microUsd ?? 0) + childrenMicroUsd(this.#state) + this.#kin.below()
  }
}

/** Where what is spent is counted together, in micro-USD. */
export interface SpendingKin {
  /** Of the whole family; undefined for a session that is nobody's child. */
  above(): Spent | undefined
  /** Of children that run, beside what the log says. */
  below(): number
}
