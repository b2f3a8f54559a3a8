import type { Io } from "../../io.ts"
import { UsageError } from "../../usage.ts"

/** The key, as it was piped in or typed unseen. Never from the command line, which others can see. Throws UsageError. */
export async function givenKey(io: Io, who: string, isPiped: boolean): Promise<string> {
  if (!isPiped && io.isInputTerminal && io.isOutputTerminal) return await typedKey(io, who)
  const piped = await io.readInput({
    ms: SILENCE_MS,
    onSilence: () => io.err("note    Waiting for the key on stdin …"),
  })
  if (piped !== undefined && piped.trim() !== "") return piped
  throw new UsageError(`No key came. Pipe it in, as in: pass show ${who} | skein login ${who} --with-api-key`)
}

const SILENCE_MS = 10_000

const ENTER = /[\r\n]/
const INTERRUPT = ["\u0003", "\u0004"]
const ERASE = ["\u007f", "\b"]
const ERASE_LINE = "\u0015"
/** What a terminal sends besides keys: arrows, and the marks around what is pasted. */
const SEQUENCES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g

/** Nothing of it is shown, not even how long it is. */
async function typedKey(io: Io, who: string): Promise<string> {
  const terminal = await io.openTerminal()
  let typed = ""
  try {
    terminal.write(`Key of ${who} (it is not shown): `)
    for (;;) {
      for (const character of (await terminal.read()).replace(SEQUENCES, "")) {
        if (INTERRUPT.includes(character)) throw new UsageError("Nothing was kept.")
        if (ENTER.test(character)) return typed
        if (ERASE.includes(character)) typed = typed.slice(0, -1)
        else if (character === ERASE_LINE) typed = ""
        else typed += character
      }
    }
  } finally {
    terminal.write("\r\n")
    terminal.close()
  }
}
