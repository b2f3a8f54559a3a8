import { shown, UnpackError } from "./bounds.ts"

/** Names that are already taken in an archive. */
export interface Names {
  /**
   * The path as it will be called below the folder, without `./`. Throws UnpackError `unsafe_path` for one that leads out,
   * that means another file on another system, or that two files share.
   */
  file(name: string): string
  /** The same for a folder; undefined for the folder itself. */
  folder(name: string): string | undefined
}

export function names(): Names {
  const files = new Set<string>()
  const folders = new Set<string>()
  return {
    file(name) {
      const segments = segmentsOf(name)
      const path = segments.join("/")
      if (path === "") throw unsafe(name, "is the name of no file")
      const key = folded(path)
      if (files.has(key) || folders.has(key)) throw unsafe(name, "is there twice, as some file systems see it")
      for (const parent of parentsOf(segments)) {
        if (files.has(parent)) throw unsafe(name, "lies below a file")
        folders.add(parent)
      }
      files.add(key)
      return path
    },
    folder(name) {
      const segments = segmentsOf(name.replace(/\/+$/, ""))
      if (segments.length === 0) return undefined
      for (const folder of [...parentsOf(segments), folded(segments.join("/"))]) {
        if (files.has(folder)) throw unsafe(name, "is a file as well")
        folders.add(folder)
      }
      return segments.join("/")
    },
  }
}

const SEGMENT_BYTES_MAX = 255
const PATH_CHARS_MAX = 1024
const DEPTH_MAX = 24

function segmentsOf(name: string): string[] {
  if (name.length > PATH_CHARS_MAX) throw unsafe(name, "is too long")
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) throw unsafe(name, "is an absolute path")
  if (name.includes("\\")) throw unsafe(name, "has a backslash, which parts folders on some systems")
  if (/[\u0000-\u001f\u007f-\u009f\ufffd]/.test(name)) throw unsafe(name, "has characters that no name has")
  const segments = name.split("/").filter((segment) => segment !== ".")
  if (segments.length > DEPTH_MAX) throw unsafe(name, `lies deeper than ${DEPTH_MAX} folders`)
  for (const segment of segments) {
    if (segment === "..") throw unsafe(name, "leads out of the folder")
    if (segment === "" && segments.length > 1) throw unsafe(name, "has an empty part")
    if (Buffer.byteLength(segment) > SEGMENT_BYTES_MAX) throw unsafe(name, "has a part that is too long")
  }
  return segments.filter((segment) => segment !== "")
}

function parentsOf(segments: readonly string[]): string[] {
  return segments.slice(0, -1).map((_, at) => folded(segments.slice(0, at + 1).join("/")))
}

/** As the most careless file system compares it. */
function folded(path: string): string {
  return path.normalize("NFKC").toLowerCase()
}

function unsafe(name: string, why: string): UnpackError {
  return new UnpackError("unsafe_path", `${shown(name)} ${why}.`)
}
