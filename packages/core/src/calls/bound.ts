import type { ContentBlock } from "@skein/protocol"
import { visible } from "../context/visible.ts"

/** What one call may add to the model's context, whatever its tool gives: half from the head, half from the tail. */
const CHARS_MAX = 64_000

/** A result as the model may read it: bounded, every character visible. The one place where results are cut. */
export function bounded(content: readonly ContentBlock[]): ContentBlock[] {
  let left = CHARS_MAX
  return content.map((block) => {
    if (block.type !== "text") return block
    const text = cut(visible(block.text), Math.max(left, 0))
    left -= text.length
    return { type: "text", text }
  })
}

/** A text within so many characters, its middle left out. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const half = Math.floor(charsMax / 2)
  const left = text.length - 2 * half
  return `${text.slice(0, half)}\n[… ${left} characters left out …]\n${text.slice(text.length - half)}`
}
