import type { InputPart } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import type { Ledger } from "../ledger.ts"

/** A picture written as `data:image/png;base64,…`; undefined for anything else. */
export function imageOfUrl(url: string, name?: string): InputPart | undefined {
  const [, mediaType, data] = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(url) ?? []
  if (mediaType === undefined || data === undefined) return undefined
  return { type: "image", mediaType, data, ...(name === undefined ? {} : { name }) }
}

/**
 * Content as the APIs write it, of either maker: a text, or a list of blocks of text and images. What is neither is
 * counted as lost.
 */
export function contentOf(content: unknown, ledger: Ledger, line: number): InputPart[] {
  const text = asText(content)
  if (text !== undefined) return [{ type: "text", text }]
  return asList(content).flatMap((entry): InputPart[] => {
    const part = partOf(asObject(entry) ?? {})
    if (part === undefined) ledger.lose("unreadable_content", line, asText(asObject(entry)?.type))
    return part === undefined ? [] : [part]
  })
}

const TEXTS: ReadonlySet<unknown> = new Set(["text", "input_text", "output_text", "Text", "inputText"])

function partOf(block: Json): InputPart | undefined {
  const text = asText(block.text)
  if (TEXTS.has(block.type) && text !== undefined) return { type: "text", text }
  const source = asObject(block.source)
  const data = asText(source?.data) ?? asText(block.data)
  const mediaType = asText(source?.media_type) ?? asText(block.mimeType) ?? asText(block.mediaType)
  if (block.type === "image" && data !== undefined && mediaType !== undefined) return { type: "image", mediaType, data }
  return imageOfUrl(asText(block.image_url) ?? asText(asObject(block.image_url)?.url) ?? asText(block.url) ?? "")
}

/** All texts of some content, a line each. */
export function textOf(parts: readonly InputPart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
}
