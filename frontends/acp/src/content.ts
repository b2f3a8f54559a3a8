import { fileURLToPath } from "node:url"
import type { ContentBlock, InputPart } from "@skein/protocol"
import type { Block } from "./params.ts"
import { type Json, RPC, RpcError } from "./rpc.ts"
import { fenced } from "./text.ts"

/** A prompt as input of a turn. Throws RpcError for what was not offered in `promptCapabilities`, and for nothing at all. */
export function readPrompt(blocks: readonly Block[]): readonly InputPart[] {
  const parts: InputPart[] = []
  for (const block of blocks) {
    const part = readBlock(block)
    const last = parts.at(-1)
    // A link stands inside the sentence that names it.
    if (part.type === "text" && last?.type === "text") {
      parts[parts.length - 1] = { type: "text", text: `${last.text}${part.text}` }
    } else parts.push(part)
  }
  const input = parts.filter((part) => part.type === "image" || part.text.trim() !== "")
  if (input.length === 0) throw new RpcError(RPC.invalidParams, "The prompt is empty.")
  return input
}

function readBlock(block: Block): InputPart {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text }
    case "image":
      return { type: "image", mediaType: block.mimeType, data: block.data }
    case "resource_link":
      return { type: "text", text: linkText(block.uri, block.name) }
    case "resource":
      return readResource(block.resource)
    case "audio":
      throw new RpcError(RPC.invalidParams, "Audio is not supported: promptCapabilities.audio is false.")
  }
}

/** A file is named by its path, as tools take it; anything else by its address. */
function linkText(uri: string, name: string): string {
  const path = pathOf(uri)
  return path === undefined ? `[${name}](${uri})` : path
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file://")) return undefined
  try {
    return fileURLToPath(uri)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}

type Resource = Extract<Block, { type: "resource" }>["resource"]

function readResource(resource: Resource): InputPart {
  const { uri, mimeType } = resource
  if (resource.text !== undefined) {
    return { type: "text", text: `\n\n${pathOf(uri) ?? uri}:\n${fenced(resource.text)}\n\n` }
  }
  if (resource.blob !== undefined && mimeType?.startsWith("image/")) {
    return { type: "image", mediaType: mimeType, data: resource.blob, name: uri }
  }
  throw new RpcError(
    RPC.invalidParams,
    `The resource ${uri} (${mimeType ?? "no type"}) is not supported: embedded resources are text or images.`,
  )
}

/** A part of ours as a content block of ACP. */
export function blockOf(part: ContentBlock): Json {
  return part.type === "text"
    ? { type: "text", text: part.text }
    : { type: "image", mimeType: part.mediaType, data: part.data }
}
