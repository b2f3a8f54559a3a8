import type { FileVersion } from "@skein/protocol"
import { sizeText } from "./bounds.ts"

export interface Side {
  readonly version: FileVersion | null
  /** Of a file; undefined when they are not at hand. */
  readonly bytes: Uint8Array | undefined
}

/** A unified diff; a sentence for what is no text. */
export async function unified(path: string, was: Side, is: Side): Promise<string> {
  const notes = noteOfMode(was.version, is.version)
  const [old, next] = [textOf(was), textOf(is)]
  if (old === undefined || next === undefined) return `${notes}${path}: ${described(was)} became ${described(is)}.\n`
  if (old === next) return notes === "" ? `${path}: ${described(was)} became ${described(is)}.\n` : notes
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff")
  const nameOf = (side: Side) => (side.version === null ? "/dev/null" : path)
  const options = { context: 3, maxEditLength: EDITS_MAX, headerOptions: FILE_HEADERS_ONLY }
  const patch = createTwoFilesPatch(nameOf(was), nameOf(is), old, next, undefined, undefined, options)
  if (patch === undefined) return `${notes}${path}: ${described(was)} was rewritten: ${described(is)}.\n`
  return `${notes}${patch}`
}

const EDITS_MAX = 2_000

/** Nothing counts as an empty text; a folder, a link or a binary file is none. */
function textOf({ version, bytes }: Side): string | undefined {
  if (version === null) return ""
  if (version.kind !== "file" || bytes === undefined || bytes.subarray(0, 8_000).includes(0)) return undefined
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined // the one way to ask whether bytes are UTF-8
    throw error
  }
}

function described({ version, bytes }: Side): string {
  if (version === null) return "nothing"
  if (version.kind === "link") return `a link to ${version.target}`
  if (version.kind === "folder") return "a folder"
  const size = sizeText(version.bytes)
  if (bytes === undefined) return `a file of ${size} that is not kept`
  return version.bytes === 0 ? "an empty file" : `a file of ${size}`
}

function noteOfMode(was: FileVersion | null, is: FileVersion | null): string {
  if (was === null || is === null || was.kind === "link" || is.kind === "link" || was.mode === is.mode) return ""
  return `old mode ${was.mode.toString(8)}\nnew mode ${is.mode.toString(8)}\n`
}
