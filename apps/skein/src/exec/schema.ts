import { readFileSync } from "node:fs"
import { SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { path } from "../session/request.ts"

/** The schema that the answer must fit, under the name Codex sends it by. Throws SkeinError in Codex's words. */
export function execSchema(flags: Flags, io: Io): { readonly name: string; readonly schema: unknown } | undefined {
  const file = flags.text("output-schema")
  if (file === undefined) return undefined
  const text = read(file, io)
  try {
    return { name: "codex_output_schema", schema: JSON.parse(text) }
  } catch (cause) {
    throw new SkeinError("op.invalid", `Output schema file ${file} is not valid JSON: ${reason(cause)}`, { cause })
  }
}

function read(file: string, io: Io): string {
  try {
    return readFileSync(path(file, io.cwd), "utf8")
  } catch (cause) {
    throw new SkeinError("op.invalid", `Failed to read output schema file ${file}: ${reason(cause)}`, { cause })
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
