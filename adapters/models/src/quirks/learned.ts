import type { ClockPort } from "@skein/core/ports"
import type { Asked } from "../ask.ts"
import type { Quirks } from "./ask.ts"
import type { Autopsy } from "./autopsy.ts"
import type { QuirkCheck } from "./check.ts"
import { keptQuirks } from "./kept.ts"
import { changeText, type Quirk } from "./quirk.ts"

/** The person's file of quirks. Throws SkeinError `config.invalid` when it cannot be read or written. */
export interface LearnedQuirks {
  readonly file: string
  all(): readonly LearnedQuirk[]
  /** Forgets those of a model; gives how many there were. */
  drop(model: string): number
  /** Asks the model's server twice, with a few words, whether it still wants it. Throws SkeinError when it cannot be asked. */
  check(quirk: Quirk, signal: AbortSignal): Promise<QuirkCheck>
}

/** With what it does, in a few words. */
export type LearnedQuirk = Quirk & { readonly text: string }

/** What was learned, and what finds out more: that is loaded with the first refusal. */
export function learning(file: string, clock: ClockPort): Quirks {
  const kept = keptQuirks(file, clock.now)
  const today = () => new Date(clock.now()).toISOString().slice(0, 10)
  let begun: Autopsy | undefined
  return {
    ...{ kept, today },
    get begun() {
      return begun
    },
    async autopsy() {
      const { autopsy } = await import("./autopsy.ts")
      begun ??= autopsy(kept, today)
      return begun
    },
  }
}

/** For a person to look at, and to have tested and deleted. `askedOf` finds who is asked for a model. */
export function learnedQuirks(
  { kept }: Quirks,
  askedOf: (model: string, signal: AbortSignal) => Promise<Asked>,
): LearnedQuirks {
  return {
    ...{ file: kept.file, drop: kept.drop },
    all: () => kept.all().map((quirk) => ({ ...quirk, text: changeText(quirk.change) })),
    async check(quirk, signal) {
      const { checkQuirk } = await import("./check.ts")
      return checkQuirk(quirk, await askedOf(quirk.model, signal), signal)
    },
  }
}
