import type { ContentBlock } from "@skein/protocol"
import { asList, asObject, asText, parseObject } from "@skein/protocol/json"

const TEXT_CHARS_MAX = 60_000
const IMAGE_BYTES_MAX = 4 * 1024 * 1024

/** How an image begins. */
const IMAGES: readonly (readonly [mediaType: string, bytes: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
]

/** What a script printed, as a model reads it: an image, blocks as tools of MCP servers give them, or text. Pure. */
export function contentOf(bytes: Uint8Array): readonly ContentBlock[] {
  const mediaType = IMAGES.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0]
  if (mediaType !== undefined) {
    if (bytes.length > IMAGE_BYTES_MAX) return [text(`(an image of ${bytes.length} bytes, which is too large)`)]
    return [{ type: "image", mediaType, data: Buffer.from(bytes).toString("base64") }]
  }
  const printed = new TextDecoder().decode(bytes)
  const blocks = printed.startsWith("{") ? asList(parseObject(printed)?.content).flatMap(blockOf) : []
  return blocks.length > 0 ? blocks : [text(printed.trimEnd())]
}

function blockOf(value: unknown): readonly ContentBlock[] {
  const given = asObject(value)
  const own = asText(given?.text)
  if (given?.type === "text" && own !== undefined) return [text(own)]
  const [data, mediaType] = [asText(given?.data), asText(given?.mimeType)]
  const isImage = given?.type === "image" && data !== undefined && mediaType !== undefined
  return isImage && data.length <= IMAGE_BYTES_MAX * 1.4 ? [{ type: "image", mediaType, data }] : []
}

function text(whole: string): ContentBlock {
  const left = whole.length - TEXT_CHARS_MAX
  return {
    type: "text",
    text: left <= 0 ? whole : `${whole.slice(0, TEXT_CHARS_MAX)}\n[… ${left} characters left out …]`,
  }
}
