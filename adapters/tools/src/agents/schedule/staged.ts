import { inParallel, named, type Schedule } from "./parallel.ts"
import { type Assignment, dropped, type Settled } from "./settled.ts"

/** Of each result that a later prompt is given; the whole is in the session of the one that said it. */
const HANDED_ON_CHARS_MAX = 8_000

/**
 * Stage after stage, all of a stage at the same time. Each prompt is followed by what the stage before gave. With fail-fast,
 * no stage is begun behind one in which something did not complete; without, a later one is told what is missing.
 */
export async function inStages(
  stages: readonly (readonly Assignment[])[],
  schedule: Schedule,
): Promise<readonly (readonly Settled[])[]> {
  const ended: (readonly Settled[])[] = []
  let before: readonly Settled[] = []
  for (const stage of stages) {
    const missing = before.find(({ status }) => status !== "completed")
    const why = schedule.signal.aborted
      ? "the call was stopped"
      : schedule.isFailFast && missing !== undefined
        ? `${named(missing.assignment)} of the stage before did not complete`
        : undefined
    const found =
      why === undefined
        ? await inParallel(
            stage.map((assignment) => withResults(assignment, before)),
            { ...schedule, onChange: (now) => schedule.onChange?.([...ended.flat(), ...now]) },
          )
        : stage.map((assignment) => dropped(assignment, why))
    // As it was asked for: what was added is no part of it.
    before = found.map((one, at) => ({ ...one, assignment: stage[at] ?? one.assignment }))
    ended.push(before)
  }
  return ended
}

function withResults(assignment: Assignment, before: readonly Settled[]): Assignment {
  if (before.length === 0) return assignment
  const results = before.map(
    ({ assignment: { agent, description }, status, text }) =>
      `## ${description} (${agent}, ${status})\n${handedOn(text)}`,
  )
  return { ...assignment, prompt: `${assignment.prompt}\n\n# Results of the stage before\n\n${results.join("\n\n")}` }
}

export function handedOn(text: string): string {
  const left = text.length - HANDED_ON_CHARS_MAX
  return left <= 0 ? text : `${text.slice(0, HANDED_ON_CHARS_MAX)}\n(… ${left} more characters were left out)`
}
