import type { ContentBlock } from "@skein/protocol"
import type { ImageInfo } from "./images.ts"

/** Providers refuse larger ones, and with them every later request that holds them: 5 MB of base64, 8,000 pixels a side. */
const IMAGE_BYTES_MAX = 3_750_000
const IMAGE_SIDE_MAX = 8_000

/** Why an image is not shown to a model, after "… is "; undefined when it can be. */
export function imageRefusal(bytes: Uint8Array, image: ImageInfo): string | undefined {
  if (bytes.length <= IMAGE_BYTES_MAX && Math.max(image.width, image.height) <= IMAGE_SIDE_MAX) return undefined
  return (
    `an image of ${image.width}×${image.height}, ${bytes.length} bytes: more than a model takes (${IMAGE_BYTES_MAX} bytes, ` +
    `${IMAGE_SIDE_MAX} pixels a side). Make a smaller copy and read that.`
  )
}

export function imageBlock(bytes: Uint8Array, mediaType: ImageInfo["mediaType"], name: string): ContentBlock {
  return { type: "image", mediaType, data: Buffer.from(bytes).toString("base64"), name }
}
