import type { InputPart } from "@skein/protocol"
import type { PromptBlock } from "./block.ts"

/** Input as it is shown: the words, and the images that came with them. */
export function saidIn(input: readonly InputPart[]): Pick<PromptBlock, "text" | "images"> {
  const texts = input.flatMap((part) => (part.type === "text" ? [part.text] : []))
  return { text: texts.join("\n"), images: input.filter((part) => part.type === "image") }
}
