import type { Io } from "../io.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"

/**
 * Whether a person says yes to what was just listed. Only `y` and `yes` do: Enter alone is no, and so is a yes that began
 * before the question could be read, in `readingMs`, which is asked again. Throws UsageError where nobody can be asked.
 */
export async function confirmed(io: Io, question: string, readingMs = 0): Promise<boolean> {
  if (!io.isInputTerminal || !io.isOutputTerminal) {
    throw new UsageError(`${question} Nobody can be asked here: say --yes to do it.`)
  }
  io.text(`${oneLine(question)} [y/N] `)
  let askedAt = io.now()
  for await (const line of io.inputLines()) {
    const isYes = /^(y|yes)$/i.test(line.trim())
    if (!isYes || io.now() - askedAt >= readingMs) return isYes
    io.text("That came before it could be read. [y/N] ")
    askedAt = io.now()
  }
  return false
}
