import type { InputPart } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { RpcError } from "./peer.ts"

/** Reads a client's input. `readImage` reads a file; it throws with a sentence for the client. */
export function readInput(value: unknown, readImage: (path: string) => InputPart): readonly InputPart[] {
  const parts = asList(value).map((part) => inputPart(asObject(part) ?? {}, readImage))
  if (parts.length === 0) throw new RpcError("Invalid request: input must not be empty")
  return parts
}

function inputPart(part: Json, readImage: (path: string) => InputPart): InputPart {
  switch (part.type) {
    case "text":
      return { type: "text", text: asText(part.text) ?? "" }
    case "image":
      return imageOf(asText(part.url) ?? "")
    case "localImage":
      return fileOf(asText(part.path) ?? "", readImage)
    case "mention":
      return { type: "text", text: `@${asText(part.path) ?? ""}` }
    default:
      throw new RpcError(`Input of type ${String(part.type)} is not available in this version of skein`)
  }
}

function imageOf(url: string): InputPart {
  const [, mediaType, data] = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s.exec(url) ?? []
  if (mediaType !== undefined && data !== undefined) return { type: "image", mediaType, data }
  throw new RpcError("Images by address are not available in this version of skein: send a data: URL or a localImage")
}

function fileOf(path: string, readImage: (path: string) => InputPart): InputPart {
  try {
    return readImage(path)
  } catch (error) {
    throw new RpcError(error instanceof Error ? error.message : String(error))
  }
}
