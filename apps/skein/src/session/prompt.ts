import { readFileSync } from "node:fs"
import { IMAGE_BYTES_MAX, type InputPart, imageType } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"
import { path } from "./request.ts"

/** The prompt of a run: words and piped input together, images first. Undefined when there is nothing to say. */
export async function promptOf(
  words: readonly string[],
  flags: Flags,
  io: Io,
): Promise<readonly InputPart[] | undefined> {
  const images = imagesOf(flags, io)
  const text = await promptText(words, io)
  if (text === undefined) return images.length > 0 ? images : undefined
  return [...images, { type: "text", text }]
}

/** The images that were named, one by one or with commas. Throws UsageError for what cannot be shown. */
export function imagesOf(flags: Flags, io: Io): readonly InputPart[] {
  return flags
    .list("image")
    .flatMap((list) => list.split(","))
    .map((file) => readImage(path(file, io.cwd)))
}

/** Programs that start others often leave a pipe open on stdin and never write to it. */
const SILENCE_MS = 3_000

/**
 * Words alone, stdin alone (also for `-`), or the words with what was piped in after them. With words, a stdin on which
 * nothing comes is not waited for; `-` waits for it.
 */
async function promptText(words: readonly string[], io: Io): Promise<string | undefined> {
  const said = words.filter((word) => word !== "-").join(" ")
  const mayBeSilent = said.trim() !== "" && !words.includes("-")
  const onSilence = () =>
    io.err("note    Nothing came on stdin for 3 s, so the prompt goes out without it; name - to wait for it.")
  const piped = await io.readInput(mayBeSilent ? { ms: SILENCE_MS, onSilence } : undefined)
  if (piped === undefined || piped.trim() === "") return said.trim() === "" ? undefined : said
  return said.trim() === "" ? piped : `${said}\n\n<stdin>\n${piped.replace(/\n$/, "")}\n</stdin>`
}

/** One image by its absolute path. Throws UsageError for what cannot be shown. */
export function readImage(file: string): InputPart {
  const bytes = bytesOf(file)
  const mediaType = imageType(bytes)
  if (mediaType === undefined) throw new UsageError(`Cannot show ${file}: it is not a PNG, JPEG, GIF or WebP image.`)
  if (bytes.length > IMAGE_BYTES_MAX) {
    throw new UsageError(`Cannot show ${file}: it is ${bytes.length} bytes, and providers take ${IMAGE_BYTES_MAX}.`)
  }
  return { type: "image", mediaType, data: bytes.toString("base64"), name: file }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`Cannot read the image ${file}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
