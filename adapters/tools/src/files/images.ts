/** An image as its first bytes describe it; the name of the file does not count. */
export interface ImageInfo {
  readonly mediaType: "image/png" | "image/jpeg" | "image/gif" | "image/webp"
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** Undefined for anything but a PNG, JPEG, GIF or WebP whose size can be read. */
export function imageInfo(bytes: Uint8Array): ImageInfo | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = png(view) ?? gif(view) ?? webp(view) ?? jpeg(view)
  return found !== undefined && found.width > 0 && found.height > 0 ? found : undefined
}

function startsWith(view: DataView, at: number, text: string): boolean {
  if (view.byteLength < at + text.length) return false
  return [...text].every((character, index) => view.getUint8(at + index) === character.charCodeAt(0))
}

/** Signature and IHDR; PNG specification §5.2, §11.2.1. */
function png(view: DataView): ImageInfo | undefined {
  if (!startsWith(view, 0, "\x89PNG\r\n\x1a\n") || view.byteLength < 45) return undefined
  return { mediaType: "image/png", width: view.getUint32(16), height: view.getUint32(20) }
}

/** Logical screen descriptor; GIF89a §18. */
function gif(view: DataView): ImageInfo | undefined {
  if (!(startsWith(view, 0, "GIF87a") || startsWith(view, 0, "GIF89a")) || view.byteLength < 14) return undefined
  return { mediaType: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** Lossy, lossless and extended form; RFC 9649 §2.5 to §2.7. */
function webp(view: DataView): ImageInfo | undefined {
  if (!startsWith(view, 0, "RIFF") || !startsWith(view, 8, "WEBP") || view.byteLength < 30) return undefined
  const mediaType = "image/webp"
  if (startsWith(view, 12, "VP8X")) {
    return { mediaType, width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) }
  }
  if (startsWith(view, 12, "VP8L")) {
    const bits = view.getUint32(21, true)
    return { mediaType, width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) }
  }
  return { mediaType, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

const uint24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)

/** The first start-of-frame segment; ITU-T T.81 §B.2.2. */
function jpeg(view: DataView): ImageInfo | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { mediaType: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}
