import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs"
import type { FileChange } from "@skein/protocol"
import { reach } from "../paths.ts"
import type { Pinned } from "./pinned.ts"

/** What stands at one path, as far as it can be shown. */
export interface Content {
  readonly kind: "file" | "folder" | "link"
  readonly mode: number
  readonly bytes: number
  /** Of the bytes, or of what a link says. Null for a folder. */
  readonly sha256: string | null
  /** Undefined for what is no text, too long to compare, or not ours to read. */
  readonly text: string | undefined
}

const TEXT_BYTES_MAX = 500_000
const PART_BYTES = 262_144

export async function contentOf(folder: Pinned, name: string): Promise<Content> {
  const path = folder.at(name)
  const stats = lstatSync(path)
  const mode = stats.mode & 0o7777
  if (stats.isDirectory()) return { kind: "folder", mode, bytes: 0, sha256: null, text: "" }
  if (stats.isSymbolicLink()) {
    const text = readlinkSync(path)
    return { kind: "link", mode: 0, bytes: text.length, sha256: sha256Of(text), text }
  }
  const fd = reach(() => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK))
  if (fd === undefined) return { kind: "file", mode, bytes: stats.size, sha256: sha256Of(""), text: undefined }
  try {
    return { kind: "file", mode, bytes: fstatSync(fd).size, ...(await read(fd)) }
  } finally {
    closeSync(fd)
  }
}

async function read(fd: number): Promise<Pick<Content, "sha256" | "text">> {
  const hash = new Bun.CryptoHasher("sha256")
  const parts: Buffer[] = []
  for (let offset = 0; ; ) {
    const part = Buffer.alloc(PART_BYTES)
    const size = readSync(fd, part, 0, PART_BYTES, offset)
    if (size === 0) break
    const bytes = part.subarray(0, size)
    hash.update(bytes)
    if (offset <= TEXT_BYTES_MAX) parts.push(bytes)
    offset += size
    if (offset % 16_777_216 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return { sha256: hash.digest("hex"), text: textOf(Buffer.concat(parts)) }
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes.length > TEXT_BYTES_MAX || bytes.subarray(0, 8_000).includes(0)) return undefined
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined // the one way to ask whether bytes are UTF-8
    throw error
  }
}

function sha256Of(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex")
}

/** Lines that differ; beyond, comparing costs their square, and a file counts as rewritten. */
const EDITS_MAX = 1_000
const DIFF_MAX = 30_000

/** At most `charactersLeft` characters of diff. Permissions and kinds are told in git's words, sizes of what is no text. */
export async function describe(
  path: string,
  before: Content | undefined,
  after: Content | undefined,
  charactersLeft: number,
): Promise<FileChange> {
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update"
  const lines = [...modeLines(before, after), await body(path, before, after)].filter(Boolean)
  const diff = cut(lines.join("\n"), Math.min(charactersLeft, DIFF_MAX))
  const hashes = { before: before?.sha256 ?? null, after: after?.sha256 ?? null }
  return { path, kind, ...hashes, ...(diff === "" ? {} : { diff }) }
}

function modeLines(before: Content | undefined, after: Content | undefined): readonly string[] {
  const [old, next] = [before, after].map((content) => content && gitMode(content))
  if (old === undefined) return next === undefined || next === "100644" ? [] : [`new file mode ${next}`]
  if (next === undefined) return [`deleted file mode ${old}`]
  return old === next ? [] : [`old mode ${old}`, `new mode ${next}`]
}

const GIT_KINDS = { file: "100", folder: "40", link: "120" } as const

function gitMode({ kind, mode }: Content): string {
  return `${GIT_KINDS[kind]}${mode.toString(8).padStart(3, "0")}`
}

async function body(path: string, before: Content | undefined, after: Content | undefined): Promise<string> {
  if (before?.sha256 === after?.sha256) return ""
  const [old, next] = [before, after].map((content) => (content === undefined ? "" : content.text))
  if (old === undefined || next === undefined) return `Binary: ${sizeOf(before)} -> ${sizeOf(after)}`
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff")
  const [from, to] = [before, after].map((content) => (content === undefined ? "/dev/null" : path))
  const options = { context: 3, maxEditLength: EDITS_MAX, headerOptions: FILE_HEADERS_ONLY }
  const patch = createTwoFilesPatch(from ?? "", to ?? "", old, next, undefined, undefined, options)
  return patch ?? `Rewritten: ${sizeOf(before)} -> ${sizeOf(after)}`
}

function sizeOf(content: Content | undefined): string {
  return content === undefined ? "nothing" : `${content.bytes} bytes`
}

function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  return `${text.slice(0, Math.max(charactersMax, 0))}\n… (${text.length - Math.max(charactersMax, 0)} more characters of diff)\n`
}
