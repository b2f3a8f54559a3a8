/** Of an image as it is: providers take 5 MB as it is sent, and base64 makes it a third larger. */
export const IMAGE_BYTES_MAX = 3_750_000

/** The kind of an image that models are shown, by its first bytes; the name of a file does not count. Undefined for any other. */
export function imageType(bytes: Uint8Array): string | undefined {
  const has = (at: number, magic: readonly number[]) => magic.every((byte, index) => bytes[at + index] === byte)
  if (has(0, [0x89, 0x50, 0x4e, 0x47])) return "image/png"
  if (has(0, [0xff, 0xd8, 0xff])) return "image/jpeg"
  if (has(0, [0x47, 0x49, 0x46, 0x38])) return "image/gif"
  if (has(0, [0x52, 0x49, 0x46, 0x46]) && has(8, [0x57, 0x45, 0x42, 0x50])) return "image/webp"
  return undefined
}
