import { inParallel, named, type Schedule } from "./parallel.ts"
import { type Assignment, dropped, type Settled } from "./settled.ts"
import { handedOn } from "./staged.ts"

const PREVIOUS_RESULT = "{previous_result}"

/**
 * One after the other, each given what the one before said: in the place of `{previous_result}`, or behind its prompt where
 * that does not stand in it. The first is given `initialContext`. Ends with the first that does not complete.
 */
export async function inPipeline(
  steps: readonly Assignment[],
  initialContext: string,
  schedule: Omit<Schedule, "isFailFast">,
): Promise<readonly Settled[]> {
  const ended: Settled[] = []
  let previous = initialContext
  for (const step of steps) {
    const last = ended.at(-1)
    if (last !== undefined && last.status !== "completed") {
      const why =
        last.result === undefined && last.status === "cancelled" ? "a step before it did not complete" : undefined
      ended.push(dropped(step, why ?? `${named(last.assignment)} before it did not complete`))
      continue
    }
    const given = { ...step, prompt: filled(step.prompt, previous) }
    const onChange = (now: readonly (Settled | undefined)[]) => schedule.onChange?.([...ended, ...now])
    const [found] = await inParallel([given], { ...schedule, onChange, isFailFast: true })
    if (found === undefined) throw new Error("One assignment has one end")
    ended.push({ ...found, assignment: step })
    previous = found.text
  }
  return ended
}

function filled(prompt: string, previous: string): string {
  const text = handedOn(previous)
  if (prompt.includes(PREVIOUS_RESULT)) return prompt.split(PREVIOUS_RESULT).join(text)
  return text === "" ? prompt : `${prompt}\n\n# What came before\n\n${text}`
}
