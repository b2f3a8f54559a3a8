import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from "node:fs"
import { basename, dirname } from "node:path"
import { folderAt } from "./folder.ts"

/** What stands at a path. */
export type Version =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly kind: "link"; readonly bytes: Uint8Array }
  /** A folder, a device, a file behind a link: nothing that is merged. */
  | { readonly kind: "other"; readonly why: string }

const BYTES_MAX = 64_000_000

/** Reads one path below a root, through no link, whatever is swapped meanwhile. */
export function versionAt(root: string, path: string): Version {
  const folder = folderAt(root, dirname(path))
  if (folder.kind === "missing") return { kind: "none" }
  if (folder.kind === "strange") return { kind: "other", why: folder.why }
  try {
    return versionOf(folder.at(basename(path)))
  } finally {
    folder.close()
  }
}

function versionOf(at: string): Version {
  const stats = lstatSync(at, { throwIfNoEntry: false })
  if (stats === undefined) return { kind: "none" }
  if (stats.isSymbolicLink()) return { kind: "link", bytes: new TextEncoder().encode(readlinkSync(at)) }
  if (!stats.isFile())
    return { kind: "other", why: stats.isDirectory() ? "a folder stands there" : "it is no regular file" }
  const fd = openSync(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size, mode, ino } = fstatSync(fd)
    if (ino !== stats.ino) return { kind: "other", why: "it changes while it is read" }
    if (size > BYTES_MAX) return { kind: "other", why: `it is larger than ${BYTES_MAX / 1_000_000} MB` }
    return { kind: "file", bytes: new Uint8Array(readFileSync(fd)), isExecutable: (mode & 0o100) !== 0 }
  } finally {
    closeSync(fd)
  }
}

export function isAlike(a: Version, b: Version): boolean {
  if (a.kind === "none" || b.kind === "none" || a.kind === "other" || b.kind === "other")
    return a.kind === b.kind && a.kind !== "other"
  if (a.kind !== b.kind || Buffer.compare(a.bytes, b.bytes) !== 0) return false
  return a.kind !== "file" || b.kind !== "file" || a.isExecutable === b.isExecutable
}

/** SHA-256 in hex; null where there is no file. */
export function hashOf(version: Version): string | null {
  return version.kind === "file" || version.kind === "link"
    ? new Bun.CryptoHasher("sha256").update(version.bytes).digest("hex")
    : null
}
