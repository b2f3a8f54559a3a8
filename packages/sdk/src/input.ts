import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import { IMAGE_BYTES_MAX, type InputPart, imageType, SkeinError } from "@skein/protocol"

/** An image for the model: a file of this machine, or its bytes. PNG, JPEG, GIF or WebP, of at most 3.75 MB. */
export type ImageInput =
  | { readonly type: "image"; readonly path: string }
  | { readonly type: "image"; readonly bytes: Uint8Array; readonly name?: string | undefined }

/** What is said to the model: text, or text and images in their order. */
export type Input = string | readonly (string | ImageInput | InputPart)[]

/** The parts of an input as the engine takes them. Throws SkeinError `op.invalid` for what is no image. */
export async function partsOf(input: Input): Promise<readonly InputPart[]> {
  if (typeof input === "string") return [{ type: "text", text: input }]
  return Promise.all(input.map(partOf))
}

async function partOf(part: string | ImageInput | InputPart): Promise<InputPart> {
  if (typeof part === "string") return { type: "text", text: part }
  if ("path" in part) return image(await readFile(part.path), basename(part.path))
  return "bytes" in part ? image(part.bytes, part.name) : part
}

function image(bytes: Uint8Array, name: string | undefined): InputPart {
  const shown = name ?? "The image"
  const mediaType = imageType(bytes)
  if (mediaType === undefined) throw new SkeinError("op.invalid", `${shown} is no PNG, JPEG, GIF or WebP.`)
  if (bytes.length > IMAGE_BYTES_MAX) {
    throw new SkeinError(
      "op.invalid",
      `${shown} has ${bytes.length} bytes; models are shown at most ${IMAGE_BYTES_MAX}.`,
    )
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")
  return { type: "image", mediaType, data, ...(name === undefined ? {} : { name }) }
}
