import { lstatSync, type Stats } from "node:fs"
import { relative } from "node:path"
import type { GatheredSection, SeenFile } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { readStart } from "./read.ts"
import { section } from "./sections.ts"
import { visibleLine } from "./visible.ts"

/** What is larger is not looked into: a note about it would cost more than it says. */
const BYTES_MAX = 16_000_000

/** More changed files than this are told in one note. */
const NOTES_MAX = 10

/** A time this recent may stand for two contents: clocks of file systems are coarse. Milliseconds. */
const FRESH_MS = 2_000

/** A file that was looked at so shortly ago is not looked at again: steps may follow each other within milliseconds. */
const LOOKED_AT_MS = 25

/** A step waits no longer for this; the files that were not come to are looked at before the next one. Milliseconds. */
const BUDGET_MS = 2

/** Content of a file, by what the file system says of it. */
interface Known {
  readonly stamp: string
  /** Undefined for what is no file, or too large. */
  readonly sha256: string | undefined
}

/**
 * Tells which files are not as they were seen. Looks at each with one call to the system, and into it only when time,
 * size or number say that it may be another; a change that keeps time and size still changes the time of change.
 */
export function changedFiles(now: () => number): (seen: readonly SeenFile[], cwd: string) => GatheredSection[] {
  const known = new Map<string, Known>()
  const lookedAt = new Map<string, number>()
  /** Where the last look ended for lack of time. */
  let next = 0

  const contentOf = (path: string): Known | undefined => {
    const stats = statsAt(path)
    if (stats === "hidden") return { stamp: "", sha256: undefined }
    if (stats === undefined) return undefined
    const stamp = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(" ")
    const before = known.get(path)
    if (before?.stamp === stamp) return before
    const content = { stamp, sha256: stats.isFile() && stats.size <= BYTES_MAX ? hashOf(path) : undefined }
    if (now() - stats.ctimeMs > FRESH_MS) known.set(path, content)
    return content
  }

  /** The files whose turn it is, in the order in which they were seen. */
  const due = (seen: readonly SeenFile[]): { file: SeenFile; content: Known | undefined }[] => {
    const startedAt = now()
    const looked = new Map<number, Known | undefined>()
    let count = 0
    for (; count < seen.length && (count === 0 || now() - startedAt < BUDGET_MS); count++) {
      const at = (next + count) % seen.length
      const path = seen[at]?.path ?? ""
      if (startedAt - (lookedAt.get(path) ?? Number.NEGATIVE_INFINITY) < LOOKED_AT_MS) continue
      lookedAt.set(path, startedAt)
      looked.set(at, contentOf(path))
    }
    next = count === seen.length ? 0 : (next + count) % seen.length
    return seen.flatMap((file, at) => (looked.has(at) ? [{ file, content: looked.get(at) }] : []))
  }

  return (seen, cwd) => {
    const notes = due(seen).flatMap(({ file: { path, sha256 }, content }) => {
      const shown = visibleLine(isWithin(path, cwd) ? relative(cwd, path) : path)
      if (content === undefined) return [{ shown, text: `${shown}, which you have seen, is gone.` }]
      if (content.sha256 === undefined || content.sha256 === sha256) return []
      // The hash makes a later change of what was read again another note.
      const text = `${shown} is not as you last saw it (${sha256.slice(0, 8)}): a command or someone else changed it. Read it again before you rely on it.`
      return [{ shown, text }]
    })
    if (notes.length <= NOTES_MAX) return notes.map(({ text }) => section("changed_file", text))
    const names = notes.slice(0, NOTES_MAX).map(({ shown }) => shown)
    const text = `${notes.length} files are not as you last saw them: ${names.join(", ")} and more. Read them again before you rely on them.`
    return [section("changed_file", text)]
  }
}

/** A command may have put a file, a link or a closed folder where the folder of a seen file was. */
function statsAt(path: string): Stats | "hidden" | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error
    return error.code === "ENOTDIR" || error.code === "ELOOP" ? undefined : "hidden"
  }
}

function hashOf(path: string): string | undefined {
  const reading = readStart(path, BYTES_MAX)
  if (reading?.kind !== "start" || reading.size > BYTES_MAX) return undefined
  return Bun.CryptoHasher.hash("sha256", reading.start, "hex")
}
