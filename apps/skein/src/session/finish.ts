import { writeFileSync } from "node:fs"
import { SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { path } from "./request.ts"

/** Writes the last message to the file that was asked for, without a newline of our own. */
export function keepLastMessage(flags: Flags, io: Io, text: string): void {
  const file = flags.text("output-last-message")
  if (file === undefined) return
  try {
    writeFileSync(path(file, io.cwd), text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("log.unwritable", `Cannot write the last message to ${file}: ${why}`, { cause })
  }
}

/** What is wrong with an answer that had to fit a schema; undefined when it fits. */
export async function schemaViolation(text: string, schema: unknown): Promise<string | undefined> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    return `The answer is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`
  }
  const [{ fromJSONSchema }, { prettifyError }] = await Promise.all([
    import("@skein/protocol/json-schema"),
    import("@skein/protocol/schema"),
  ])
  const checked = fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]).safeParse(value)
  return checked.success ? undefined : `The answer does not fit the schema: ${prettifyError(checked.error)}`
}
