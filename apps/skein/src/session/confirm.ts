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

/**
 * A yes or a no that is meant: `y`, `yes`, `n`, `no`. Anything else, Enter alone too, and what began before the question
 * could be read, in `readingMs`, is asked again. Undefined at the end of input: then nobody said anything.
 */
export async function decidedYes(
  io: Pick<Io, "text" | "now" | "inputLines">,
  question: string,
  readingMs: number,
): Promise<boolean | undefined> {
  io.text(`${oneLine(question)} [y/n] `)
  let askedAt = io.now()
  for await (const line of io.inputLines()) {
    const said = line.trim()
    const isClear = /^(y|yes|n|no)$/i.test(said)
    if (isClear && io.now() - askedAt >= readingMs) return /^y/i.test(said)
    io.text(isClear ? "That came before it could be read. [y/n] " : "Say y or n. [y/n] ")
    askedAt = io.now()
  }
  return undefined
}
