import type { Io } from "../io.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"

/**
 * Whether a person says yes to what was just listed. Only `y` and `yes` do: Enter alone is no. Throws UsageError where
 * nobody can be asked.
 */
export async function confirmed(io: Io, question: string): Promise<boolean> {
  if (!io.isInputTerminal || !io.isOutputTerminal) {
    throw new UsageError(`${question} Nobody can be asked here: say --yes to do it.`)
  }
  io.text(`${oneLine(question)} [y/N] `)
  for await (const line of io.inputLines()) return /^(y|yes)$/i.test(line.trim())
  return false
}
