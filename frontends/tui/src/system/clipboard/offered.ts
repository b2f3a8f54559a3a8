import { IMAGE_BYTES_MAX } from "@skein/protocol"
import { imageOf } from "../images.ts"
import type { Pasted } from "../system.ts"
import { pngOfBitmap } from "./bitmap.ts"

/** What a clipboard holds, by its type. */
export interface Offer {
  /** Media types and the older names of text. */
  readonly types: readonly string[]
  take(type: string): Promise<Uint8Array | undefined>
}

/** The best of what a clipboard offers in several forms: files, else text, else an image. */
export async function bestOf({ types, take }: Offer): Promise<Pasted> {
  const files = FILES.find((type) => types.includes(type))
  if (files !== undefined) {
    const paths = pathsOf(textOf(await take(files)))
    if (paths.length > 0) return { kind: "files", paths }
  }
  const written = TEXTS.find((type) => types.includes(type))
  if (written !== undefined) {
    const text = textOf(await take(written))
    if (text !== "") return { kind: "text", text }
  }
  const shown = [...IMAGES, ...BITMAPS].find((type) => types.includes(type))
  if (shown !== undefined) return pastedImage(await take(shown))
  return { kind: "nothing", why: "The clipboard holds nothing that can be pasted." }
}

const FILES = ["x-special/gnome-copied-files", "text/uri-list"]
const TEXTS = ["text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT"]
const IMAGES = ["image/png", "image/jpeg", "image/webp", "image/gif"]
const BITMAPS = ["image/bmp", "image/x-bmp", "image/x-ms-bmp", "image/x-MS-bmp", "image/x-win-bitmap"]

/** An image as it is, or a bitmap, which no model is shown, as PNG. */
export async function pastedImage(bytes: Uint8Array | undefined): Promise<Pasted> {
  if (bytes === undefined || bytes.length === 0) return nothing("The image in the clipboard could not be read.")
  const image = imageOf(bytes) ?? imageOf((await pngOfBitmap(bytes)) ?? new Uint8Array())
  if (image === undefined) return nothing("The clipboard holds an image of a kind that models are not shown.")
  if (image.bytes <= IMAGE_BYTES_MAX) return { kind: "image", ...image }
  return nothing(`The image in the clipboard is ${image.bytes} bytes, and providers take ${IMAGE_BYTES_MAX}.`)
}

function nothing(why: string): Pasted {
  return { kind: "nothing", why }
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes)
}

/** RFC 2483; file managers put `copy` or `cut` before it. */
function pathsOf(list: string): readonly string[] {
  return list.split(/\r?\n/).flatMap((line) => {
    const path = line.startsWith("file://") && URL.canParse(line) ? new URL(line).pathname : undefined
    return path === undefined ? [] : [decoded(path)]
  })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    // A name that is no UTF-8.
    if (error instanceof URIError) return path
    throw error
  }
}
