import type { Run, VerbCall } from "../verb.ts"

/**
 * `skein`, `skein -p`, `skein run`: one prompt, or a screen when a person sits there and said nothing. The screen's way is
 * chosen before anything of the other is loaded: it is the one that is waited for.
 */
export const run: Run = async (call) => {
  if (isAttended(call)) return (await import("./screen.ts")).run(call)
  return (await import("./print.ts")).run(call)
}

/** A person at both ends of a terminal, and no prompt. */
function isAttended({ flags, words, rest, io }: VerbCall): boolean {
  const isSaid = words.length > 0 || rest.length > 0 || flags.list("image").length > 0
  const isHeadless = ["print", "execute", "json", "output-format", "input-format"].some((name) => flags.has(name))
  return !isSaid && !isHeadless && io.isInputTerminal && io.isOutputTerminal
}
