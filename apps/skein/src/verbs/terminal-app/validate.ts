import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { SkeinError } from "@skein/protocol"
import { wrongIn } from "@skein/term/driven"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** 0 when the file says nothing against itself, 1 when it does. */
export const run: Run = async ({ flags, words, io }) => {
  const [file] = words
  if (file === undefined || words.length > 1) throw new UsageError("One file: skein terminal-app validate <file>")
  const wrong = wrongIn(read(resolve(io.cwd, file)))
  if (flags.has("json")) io.out(JSON.stringify({ isWhole: wrong.length === 0, wrong }))
  else for (const line of wrong.length === 0 ? ["It is whole."] : wrong) io.out(line)
  return wrong.length === 0 ? 0 : 1
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch (cause) {
    throw new SkeinError("config.invalid", `${path} could not be read as JSON.`, { cause })
  }
}
