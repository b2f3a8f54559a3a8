import { lstatSync, readFileSync, readlinkSync } from "node:fs"
import { dirname, join } from "node:path"

/** What stands at a path. */
export type Version =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly kind: "link"; readonly bytes: Uint8Array }
  /** A folder, a device, a file behind a link: nothing that is merged. */
  | { readonly kind: "other"; readonly why: string }

const BYTES_MAX = 64_000_000

/** Reads one path below a root, through no link. */
export function versionAt(root: string, path: string): Version {
  const strange = strangeFolder(root, path)
  if (strange !== undefined) return { kind: "other", why: strange }
  const at = join(root, path)
  const stats = lstatSync(at, { throwIfNoEntry: false })
  if (stats === undefined) return { kind: "none" }
  if (stats.isSymbolicLink()) return { kind: "link", bytes: new TextEncoder().encode(readlinkSync(at)) }
  if (!stats.isFile())
    return { kind: "other", why: stats.isDirectory() ? "a folder stands there" : "it is no regular file" }
  if (stats.size > BYTES_MAX) return { kind: "other", why: `it is larger than ${BYTES_MAX / 1_000_000} MB` }
  return { kind: "file", bytes: new Uint8Array(readFileSync(at)), isExecutable: (stats.mode & 0o100) !== 0 }
}

/** Why a folder on the way cannot be gone through: behind a link lies something else. */
function strangeFolder(root: string, path: string): string | undefined {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const stats = lstatSync(join(root, folder), { throwIfNoEntry: false })
    if (stats?.isSymbolicLink() === true) return `${folder} is a link`
    if (stats !== undefined && !stats.isDirectory()) return `${folder} is no folder`
  }
  return undefined
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
