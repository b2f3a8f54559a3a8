import type { VerbCall } from "../verb.ts"

/** A person at both ends of a terminal, and no flag that asks for the answer alone. */
export function isAttended({ flags, io }: Pick<VerbCall, "flags" | "io">): boolean {
  return !HEADLESS.some((name) => flags.has(name)) && io.isInputTerminal && io.isOutputTerminal
}

const HEADLESS = ["print", "execute", "json", "output-format", "input-format"]
