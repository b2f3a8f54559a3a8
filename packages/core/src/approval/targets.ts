import type { CallPlan, Effect } from "../ports/index.ts"

/**
 * Whether arguments that a person wrote instead lead only to the kinds of effect that the question was about. A path of
 * theirs that turns out to lie outside, or a command that is not held, is a new question.
 */
export function isCoveredBy(amended: CallPlan, asked: CallPlan): boolean {
  const known = new Set(asked.effects.map(sortOf))
  return (
    amended.effects.length > 0 &&
    amended.effects.every((effect) => HARMLESS.has(sortOf(effect)) || known.has(sortOf(effect)))
  )
}

const HARMLESS: ReadonlySet<string> = new Set(["none", "read inside"])

function sortOf(effect: Effect): string {
  switch (effect.kind) {
    case "read":
      return effect.isInside ? "read inside" : "read outside"
    case "write": {
      const where = effect.isInside ? "write inside" : "write outside"
      return effect.runsLater === undefined ? where : `${where}, runs later`
    }
    case "execute":
      return effect.isConfined ? "execute confined" : "execute"
    default:
      return effect.kind
  }
}
