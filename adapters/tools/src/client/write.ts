import { type FileBytes, type PlanContext, ToolFailure } from "@skein/core/ports"
import { FileWriteAnswer, SkeinError } from "@skein/protocol"
import { sha256Of } from "../files/open.ts"
import { decodeText } from "../files/text.ts"
import { DEADLINE_MS, type Held } from "./held.ts"

/**
 * Has the client put a text in the place of what it has, and save it. False where it says that the file is not its own.
 * Rejects with SkeinError when it refuses, is gone, or does not answer.
 */
export async function writeThrough(
  path: string,
  text: string,
  held: Held | undefined,
  context: PlanContext,
): Promise<boolean> {
  const expected = held === undefined ? null : sha256Of(new TextEncoder().encode(held.text))
  const said = await context.askClient("fs", { kind: "write", path, text, expected }, DEADLINE_MS)
  const checked = FileWriteAnswer().safeParse(said)
  if (checked.success) return checked.data.isWritten
  throw new ToolFailure(`The editor did not say whether it wrote ${path}: look at it before you go on.`)
}

/** Bytes as a text for the client, with line ends as it has them; undefined for what it cannot carry. */
export function textFor(bytes: Uint8Array, held: Held | undefined): string | undefined {
  const file = decodeText(bytes)
  if (file === undefined || file.encoding === "utf8-damaged" || file.encoding === "windows-1252") return undefined
  return held?.text.includes("\r") === false ? file.text : file.raw
}

/** What the client would not do, for the model. */
export function refusedBy(error: unknown, what: string): ToolFailure {
  if (!(error instanceof SkeinError) || error.code !== "client.refused") throw error
  const why = error.message.trim() === "" ? "" : `: ${error.message}`
  return new ToolFailure(`The editor did not ${what}${why}. Nothing was written.`, { cause: error })
}

/** The text that nobody saved yet is saved as it is, so that the disk and the client have the same. */
export async function saveHeld(path: string, held: Held, context: PlanContext): Promise<void> {
  const isWritten = await writeThrough(path, held.text, held, context).catch((error: unknown) => {
    throw refusedBy(error, `save ${path} first`)
  })
  if (isWritten) return
  throw new ToolFailure(`The editor has changes of ${path} that it did not save. Nothing was written.`)
}

/** What two readings of one file have in common for a reader: the text, whatever its bytes. */
export function isSameText(a: FileBytes, b: Uint8Array): boolean {
  return Buffer.compare(a.bytes, b) === 0 || decodeText(a.bytes)?.text === decodeText(b)?.text
}
