import type { Which } from "../session/open.ts"
import { promptOf } from "../session/prompt.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"
import { printPrompt } from "./print.ts"

/** `skein resume --last [prompt]`, `skein resume <id> [prompt]`. */
export const run: Run = async (call) => {
  const { flags, words, rest, io } = call
  const isLast = flags.has("last")
  const [id, ...others] = words
  if (!isLast && id === undefined) throw new UsageError("Which session? Give its id, or --last for the newest.")
  const which: Which = isLast ? { kind: "last", isAnywhere: flags.has("all") } : { kind: "named", id: id ?? "" }
  const prompt = await promptOf([...(isLast ? words : others), ...rest], flags, io)
  if (prompt !== undefined) return printPrompt(call, prompt, which)
  if (!io.isInputTerminal) throw new UsageError("No prompt: give one as words, or pipe it in.")
  return (await import("./lines.ts")).resume(call, which)
}
