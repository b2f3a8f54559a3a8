import { ToolFailure } from "@skein/core/ports"
import { chunkLine } from "./envelope.ts"
import type { Chunk, ChunkLine, FileOperation, Patch } from "./operations.ts"

/**
 * A unified diff, with or without git's headers. Its counts are not gone by: models miscount. Source: GNU diffutils,
 * "Detailed Description of Unified Format"; git-diff, "Generating patch text with -p".
 */
export function parseUnified(lines: readonly string[]): Patch {
  const operations: FileOperation[] = []
  let git: GitHeader = {}
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ""
    if (isFileHeader(lines, at)) {
      const chunks = readChunks(lines, at + 2)
      operations.push(operationOf(nameOf(line), nameOf(lines[at + 1] ?? ""), chunks.read, git))
      git = {}
      at = chunks.next
      continue
    }
    if (line.startsWith("diff --git ")) {
      pushBare(git, operations)
      git = {}
    } else git = { ...git, ...gitHeader(line) }
    at += 1
  }
  pushBare(git, operations)
  if (operations.length === 0) throw new ToolFailure("The diff changes no file. Nothing was written.")
  return { operations, isInOrder: false }
}

interface GitHeader {
  readonly from?: string
  readonly to?: string
  readonly mode?: number
}

const UNABLE: readonly (readonly [RegExp, string])[] = [
  [/^(?:GIT binary patch|Binary files )/, "it holds binary content"],
  [/^copy from /, "it copies a file: add the new one instead"],
  [/^old mode /, "it changes a file's mode: use bash for that"],
]

function gitHeader(line: string): GitHeader {
  const unable = UNABLE.find(([pattern]) => pattern.test(line))?.[1]
  if (unable !== undefined) throw new ToolFailure(`The diff cannot be applied: ${unable}. Nothing was written.`)
  const [, key, value = ""] = /^(rename from|rename to|new file mode) (.+)$/.exec(line) ?? []
  if (key === "rename from") return { from: unquoted(value) }
  if (key === "rename to") return { to: unquoted(value) }
  return key === undefined ? {} : { mode: Number.parseInt(value, 8) & 0o777 }
}

/** A file that only gets another name has no lines. */
function pushBare({ from, to }: GitHeader, operations: FileOperation[]): void {
  if (from !== undefined && to !== undefined) operations.push({ kind: "update", path: from, to, chunks: [] })
}

/** The line after tells a header from a removed line that begins with "-- ". */
function isFileHeader(lines: readonly string[], at: number): boolean {
  return lines[at]?.startsWith("--- ") === true && lines[at + 1]?.startsWith("+++ ") === true
}

const NOTHING = "/dev/null"

function operationOf(old: string, next: string, chunks: readonly Chunk[], git: GitHeader): FileOperation {
  const [oldPath, newPath] = [withoutPrefix(old, "a/", next), withoutPrefix(next, "b/", old)]
  if (oldPath === NOTHING) {
    const content = chunks.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n")
    const end = content === "" || chunks.at(-1)?.hasNoNewEnd === true ? "" : "\n"
    return { kind: "add", path: newPath, content: `${content}${end}`, mayReplace: false, mode: git.mode }
  }
  if (newPath === NOTHING) return { kind: "delete", path: oldPath }
  const to = newPath === oldPath ? undefined : newPath
  if (chunks.length === 0) throw new ToolFailure(`The diff of ${oldPath} has no chunk. Nothing was written.`)
  return { kind: "update", path: oldPath, to, chunks }
}

/** git puts "a/" and "b/" before both names; a plain diff has the names as they are. */
function withoutPrefix(name: string, prefix: "a/" | "b/", other: string): string {
  const otherPrefix = prefix === "a/" ? "b/" : "a/"
  const isGits = name.startsWith(prefix) && (other === NOTHING || other.startsWith(otherPrefix))
  return isGits ? name.slice(2) : name
}

/** Behind a tab stands a time, which nobody goes by. */
function nameOf(line: string): string {
  return unquoted(line.slice(4).split("\t")[0]?.trimEnd() ?? "")
}

/** git writes unusual names as C strings, bytes in octal. */
function unquoted(name: string): string {
  if (!/^".*"$/.test(name)) return name
  const bytes: number[] = []
  for (const [piece, octal, escaped] of name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]/gu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8))
    else bytes.push(...new TextEncoder().encode(escaped === undefined ? piece : (ESCAPES[escaped] ?? escaped)))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" }

const HUNK = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@/

function readChunks(
  lines: readonly string[],
  from: number,
): { readonly read: readonly Chunk[]; readonly next: number } {
  const read: Chunk[] = []
  let at = from
  while (lines[at]?.startsWith("@@") === true) {
    const line = HUNK.exec(lines[at] ?? "")?.[1]
    const body = readBody(lines, at + 1)
    if (body.lines.length === 0)
      throw new ToolFailure(`Line ${at + 1} of the diff begins a chunk without lines. Nothing was written.`)
    read.push({ heads: [], isAtEnd: false, line: line === undefined ? undefined : Number(line), ...body })
    at = body.next
  }
  return { read, next: at }
}

interface Body extends Pick<Chunk, "lines" | "hasNoOldEnd" | "hasNoNewEnd"> {
  readonly next: number
}

function readBody(lines: readonly string[], from: number): Body {
  const body: ChunkLine[] = []
  let [hasNoOldEnd, hasNoNewEnd] = [false, false]
  let at = from
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ""
    if (isFileHeader(lines, at) || isBlankBeforeHeader(lines, at)) break
    if (line.startsWith("\\")) {
      const kind = body.at(-1)?.kind
      if (kind !== "new") hasNoOldEnd = true
      if (kind !== "old") hasNoNewEnd = true
      continue
    }
    const read = chunkLine(line)
    if (read === undefined) break
    body.push(read)
  }
  return { lines: body, next: at, hasNoOldEnd, hasNoNewEnd }
}

/** A blank line that parts two files is none of the first. */
function isBlankBeforeHeader(lines: readonly string[], at: number): boolean {
  if (lines[at] !== "") return false
  const next = lines.findIndex((line, index) => index > at && line !== "")
  return next === -1 || lines[next]?.startsWith("diff --git ") === true || isFileHeader(lines, next)
}
