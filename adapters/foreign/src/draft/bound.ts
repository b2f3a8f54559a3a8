import type { InputPart } from "@skein/protocol"
import type { Ledger } from "../ledger.ts"

/** What one result may hold, as our own calls: half from the head, half from the tail. */
const RESULT_CHARS_MAX = 64_000

export function boundedContent(content: readonly InputPart[], ledger: Ledger, line: number | undefined): InputPart[] {
  return content.map((part) => {
    if (part.type !== "text" || part.text.length <= RESULT_CHARS_MAX) return part
    ledger.lose("shortened", line)
    const half = RESULT_CHARS_MAX / 2
    const { text } = part
    const left = text.length - 2 * half
    return { type: "text", text: `${text.slice(0, half)}\n[… ${left} characters left out …]\n${text.slice(-half)}` }
  })
}
