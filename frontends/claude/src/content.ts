import type { ContentBlock, InputPart } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"

export interface ReadContent {
  readonly input: readonly InputPart[]
  /** Blocks that cannot be taken; sentences for stderr. */
  readonly unsupported: readonly string[]
}

/** The content of a host's user message: a text, or blocks of text and base64 images. */
export function readContent(content: unknown): ReadContent {
  if (typeof content === "string")
    return { input: content === "" ? [] : [{ type: "text", text: content }], unsupported: [] }
  const read = asList(content).map((block) => readBlock(asObject(block) ?? {}))
  return {
    input: read.filter((part) => typeof part !== "string"),
    unsupported: read.filter((part) => typeof part === "string"),
  }
}

function readBlock(block: Json): InputPart | string {
  const type = asText(block.type) ?? "nameless"
  const text = asText(block.text)
  if (type === "text" && text !== undefined) return { type: "text", text }
  const source = asObject(block.source)
  const data = asText(source?.data)
  const mediaType = asText(source?.media_type)
  if (type === "image" && source?.type === "base64" && data !== undefined && mediaType !== undefined) {
    return { type: "image", mediaType, data }
  }
  return `A ${type} block of a user message was left out: text and base64 images are supported.`
}

/** A tool's result for the contract: a plain text where it is one, else blocks. */
export function writeContent(blocks: readonly ContentBlock[]): unknown {
  const texts = textOf(blocks)
  return blocks.every((block) => block.type === "text") ? texts : blocks.map(writeBlock)
}

export function textOf(blocks: readonly ContentBlock[]): string {
  return blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
}

function writeBlock(block: ContentBlock): Json {
  return block.type === "text"
    ? { type: "text", text: block.text }
    : { type: "image", source: { type: "base64", media_type: block.mediaType, data: block.data } }
}
