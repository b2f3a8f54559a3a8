import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { IMAGE_BYTES_MAX, imageType } from "@skein/protocol"
import { smallFile } from "./disk.ts"
import { isInsideWindows, type Machine } from "./machine.ts"
import { windowsPath } from "./windows-path.ts"

/** An image as a prompt carries it. */
export interface Image {
  readonly mediaType: string
  readonly data: string
  readonly bytes: number
}

/** An image that models are shown, by its path as a person or a terminal writes it. Undefined for anything else. */
export async function readImage(path: string, machine: Machine): Promise<Image | undefined> {
  const bytes = await smallFile(absolute(path, machine), IMAGE_BYTES_MAX)
  return bytes === undefined ? undefined : imageOf(bytes)
}

/** Undefined where the bytes are no image that models take. */
export function imageOf(bytes: Uint8Array): Image | undefined {
  const mediaType = imageType(bytes)
  if (mediaType === undefined) return undefined
  return { mediaType, data: Buffer.from(bytes).toString("base64"), bytes: bytes.length }
}

function absolute(path: string, machine: Machine): string {
  if (path.startsWith("file://") && URL.canParse(path) && new URL(path).host === "") return fileURLToPath(path)
  if (path.startsWith("~/")) return `${machine.home}${path.slice(1)}`
  const own = isInsideWindows(machine) ? windowsPath(path) : undefined
  return resolve(machine.cwd, own ?? path)
}
