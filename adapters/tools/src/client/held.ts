import { type FileBytes, type PlanContext, ToolFailure } from "@skein/core/ports"
import { FileTextAnswer, isWithin, SkeinError } from "@skein/protocol"
import { sha256Of } from "../files/open.ts"
import { decodeText, encodeText, type TextFile } from "../files/text.ts"

/** An editor answers from memory: what takes longer is a client that hangs. */
export const DEADLINE_MS = 30_000

/** A file as the client has it. */
export interface Held {
  /** In its own words: with its line ends, without a byte order mark. */
  readonly text: string
  /** What the file would hold if the client saved it now. */
  readonly bytes: Uint8Array
  /** Of the bytes. */
  readonly sha256: string
  /** The disk has another text, or no such file. */
  readonly isUnsaved: boolean
}

/** Whether the client is asked about a path at all: what lies outside of the session's folders is not its business. */
export function isAskedAbout(path: string, { roots, layer, hasClient }: PlanContext): boolean {
  return layer === undefined && hasClient?.("fs") === true && roots.some((root) => isWithin(path, root))
}

/**
 * What the client has of a file that is on disk as `disk` says. Undefined where it has nothing of its own to say of it: then
 * what is on disk is the truth. Rejects with SkeinError when it is gone, or does not answer.
 */
export async function heldOf(path: string, disk: FileBytes | null, context: PlanContext): Promise<Held | undefined> {
  if (!isAskedAbout(path, context)) return undefined
  const file = disk === null ? undefined : decodeText(disk.bytes)
  // A text that the client cannot carry byte for byte would come back damaged.
  if (disk !== null && (file === undefined || !CARRIED.has(file.encoding))) return undefined
  const said = await orRefused(context.askClient("fs", { kind: "read", path }, DEADLINE_MS))
  if (said === undefined) return undefined
  const text = textOf(said, path)
  if (text === undefined) return undefined
  // Editors show a path at which nothing is as an empty text.
  if (disk === null || file === undefined)
    return text === "" ? undefined : unsaved(text, new TextEncoder().encode(text))
  if (plain(text) === file.text) return { text, bytes: disk.bytes, sha256: disk.sha256, isUnsaved: false }
  return unsaved(text, savedBytes(text, disk.bytes, file))
}

const CARRIED: ReadonlySet<TextFile["encoding"]> = new Set(["utf8", "utf16le", "utf16be"] as const)

/** Undefined when the client refused. */
export async function orRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof SkeinError && error.code === "client.refused") return undefined
    throw error
  }
}

function textOf(said: unknown, path: string): string | undefined {
  const checked = FileTextAnswer().safeParse(said)
  if (!checked.success) throw new ToolFailure(`The editor's answer about ${path} is no text. Nothing was done.`)
  const { text } = checked.data
  return text?.startsWith("\uFEFF") ? text.slice(1) : text
}

/** As it is compared: an editor may have one kind of line end for all files. */
export const plain = (text: string) => text.replace(/\r\n?/g, "\n")

function unsaved(text: string, bytes: Uint8Array): Held {
  return { text, bytes, sha256: sha256Of(bytes), isUnsaved: true }
}

/** A client that has no line ends of its own writes those that the file has. */
function savedBytes(text: string, before: Uint8Array, { encoding, bomBytes, lineEnd }: TextFile): Uint8Array {
  const raw = lineEnd === "\n" || text.includes("\r") ? text : text.replaceAll("\n", lineEnd)
  return Buffer.concat([before.subarray(0, bomBytes), encodeText(encoding, raw)])
}
