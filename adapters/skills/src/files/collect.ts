import { realpathSync } from "node:fs"
import { basename, dirname, relative, resolve } from "node:path"
import { isWithin } from "@skein/protocol"
import { linesIn, linesText, withoutComments } from "./comments.ts"
import { decode } from "./decode.ts"
import { hiddenRefusal, importRefusal, importsIn } from "./imports.ts"
import { isThere, readStart } from "./read.ts"
import type { BodyOf } from "./rules.ts"

/** Bytes of instruction files that a session starts with, headings and all. */
export const BYTES_MAX = 32_000
/** Files read for one gathering. */
const FILES_MAX = 64
const DEPTH_MAX = 5

/** A file of instructions that was read. */
export interface InstructionFile {
  /** As it was looked for; links are not resolved in it. */
  readonly path: string
  /** Why it belongs here, in a few words. */
  readonly why: string
  readonly text: string
  /** Where comments stood that were taken out: lines of the file, from 1. */
  readonly commentLines: readonly number[]
  /** Bytes after those that were read. */
  readonly bytesUnread: number
  /** How it counts against the others when room is short. */
  readonly rank: "global" | "near"
  /** It stands here for the sake of the file before it. */
  readonly isImport: boolean
}

/** A file that was there, or was asked for, and is not before the model. */
export interface RefusedFile {
  readonly path: string
  readonly reason: string
}

/** Where a file may be. */
export interface Place {
  readonly why: string
  readonly rank: InstructionFile["rank"]
  /** Folders, without links, that files and their imports must lie in. */
  readonly within: readonly string[]
  /** The file itself was named by its person, who may keep it behind a link that leads anywhere. */
  readonly isOwn?: boolean
  /** What of it is read; undefined where it does not belong here now. Absent: all. */
  readonly bodyOf?: BodyOf | undefined
}

/** Files in reading order, each with its imports behind it, none of them twice. */
export class Collection {
  readonly files: InstructionFile[] = []
  readonly refused: RefusedFile[] = []
  readonly #seen = new Set<string>()

  /** Takes the first of these paths that says something. False when there is none. Of the others it is said what they gave way to. */
  first(paths: readonly string[], place: Place): boolean {
    const at = paths.findIndex((path) => this.#take(path, place, 0))
    const taken = paths[at]
    if (taken === undefined) return false
    for (const path of paths.slice(at + 1)) {
      const isTold = this.refused.some((refused) => refused.path === path)
      if (!isTold && isThere(path) && !this.#seen.has(realOr(path)))
        this.refuse(path, `${basename(taken)} is read in its place`)
    }
    return true
  }

  refuse(path: string, reason: string): void {
    this.refused.push({ path, reason })
  }

  /** True when the path settles the question: it was read now, or before under another name. */
  #take(path: string, place: Place, depth: number): boolean {
    const reading = readStart(path, BYTES_MAX, place.isOwn === true ? undefined : place.within)
    if (reading === undefined) return false
    if (reading.kind === "refused") {
      this.refuse(path, reading.reason)
      return false
    }
    const reason = place.isOwn === true ? undefined : hiddenRefusal(belowOf(reading.path, place.within))
    if (reason !== undefined) {
      this.refuse(path, reason)
      return false
    }
    if (this.#seen.has(reading.path)) return true
    if (this.files.length >= FILES_MAX) {
      this.refuse(path, `there are more than ${FILES_MAX} files`)
      return false
    }
    const whole = decode(reading.start)
    if (whole === undefined) this.refuse(path, "it is no text")
    const body = whole === undefined || place.bodyOf === undefined ? whole : place.bodyOf(whole)
    if (whole === undefined || body === undefined) return false
    const { text: shown, lines } = withoutComments(body)
    const text = shown.trimEnd()
    // What of it is no instruction, as front matter, stands before the rest.
    const unix = whole.replaceAll("\r\n", "\n")
    const above = linesIn(unix.slice(0, Math.max(0, unix.lastIndexOf(body))))
    const commentLines = lines.map((line) => above + line)
    if (lines.length > 0)
      this.refuse(path, `its comments, which a rendered page does not show (${linesText(commentLines)})`)
    if (text.trim() === "") return false
    this.#seen.add(reading.path)
    const bytesUnread = reading.size - reading.start.length
    this.files.push({ path, why: place.why, text, commentLines, bytesUnread, rank: place.rank, isImport: depth > 0 })
    const within = place.isOwn === true ? [...place.within, dirname(reading.path)] : place.within
    this.#import(text, path, dirname(reading.path), { rank: place.rank, within, why: `imported by ${path}` }, depth + 1)
    return true
  }

  /** An import starts at the folder its file was found in; for a file behind a link, else where the link leads. */
  #import(text: string, importer: string, realFolder: string, place: Place, depth: number): void {
    for (const { path, isAlone } of importsIn(text)) {
      const reason = importRefusal(path) ?? (depth > DEPTH_MAX ? `imports go no deeper than ${DEPTH_MAX}` : undefined)
      const [target = "", other = ""] = [dirname(importer), realFolder].map((folder) => resolve(folder, path))
      if (reason !== undefined) this.refuse(/^[/~]/.test(path) ? path : target, `${reason} (${importer})`)
      else if (isThere(target)) this.#take(target, place, depth)
      else if (isThere(other)) this.#take(other, place, depth)
      else if (isAlone) this.#missing(path, target, importer)
    }
  }

  /** A word after an @ alone on its line may be a person; with a slash or an extension it was meant as a path. */
  #missing(path: string, target: string, importer: string): void {
    if (/[/.]/.test(path)) this.refuse(target, `there is no such file (imported by ${importer})`)
  }
}

/** Where a file lies, seen from the innermost of the folders it may lie in: what is hidden above them is nobody's trick. */
function belowOf(path: string, folders: readonly string[]): string {
  const below = folders.filter((folder) => isWithin(path, folder)).map((folder) => relative(folder, path))
  return below.toSorted((a, b) => a.length - b.length)[0] ?? path
}

/** Where a path leads; itself where that is nowhere. */
function realOr(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (error instanceof Error && "code" in error) return path
    throw error
  }
}
