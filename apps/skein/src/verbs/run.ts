import { isAttended } from "../session/attended.ts"
import type { Run, VerbCall } from "../verb.ts"

/**
 * `skein`, `skein -p`, `skein run`: one prompt, or a screen when a person sits there and said nothing. The screen's way is
 * chosen before anything of the other is loaded: it is the one that is waited for.
 */
export const run: Run = async (call) => {
  if (!isSaid(call) && isAttended(call)) return (await import("./screen.ts")).run(call)
  return (await import("./print.ts")).run(call)
}

function isSaid({ flags, words, rest }: VerbCall): boolean {
  return words.length > 0 || rest.length > 0 || flags.list("image").length > 0
}
