import { ToolFailure } from "@skein/core/ports"
import { SECRET_MARK } from "@skein/protocol/secrets"

/**
 * Refuses a text with the mark of a secret that was not shown: it would be written where the secret is. A file that holds
 * the same words itself, say one about such marks, is edited like any other.
 */
export function refuseMarks(texts: readonly string[], before: Uint8Array | null, shown: string): void {
  const marks = texts.flatMap((text) => text.match(new RegExp(SECRET_MARK, "g")) ?? [])
  if (marks.length === 0) return
  const own = before === null ? "" : Buffer.from(before.buffer, before.byteOffset, before.length).toString("utf8")
  const mark = marks.find((one) => !own.includes(one))
  if (mark === undefined) return
  throw new ToolFailure(
    `${shown}: ${mark} stands for a secret that is not shown to you; written like this, it would be lost. Nothing was ` +
      "written. Edit the parts around it: leave the lines that hold it out of oldText and newText.",
  )
}
