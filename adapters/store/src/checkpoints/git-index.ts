import { basename, dirname } from "node:path"
import type { FileVersion } from "@skein/protocol"
import type { Blobs } from "./blobs.ts"

/**
 * Whether two versions of git's index stage the same. Every `git status` (an editor runs one each few seconds) writes the
 * file times of the working tree into it; that is no change of anything a person did.
 */
export function isSameIndex(path: string, a: FileVersion | null, b: FileVersion | null, blobs: Blobs): boolean {
  if (!isIndexPath(path) || a?.kind !== "file" || b?.kind !== "file" || a.mode !== b.mode) return false
  const [left, right] = [blobs.read(a.sha256), blobs.read(b.sha256)]
  if (left === undefined || right === undefined) return false
  const staged = stagedIn(left)
  return staged !== undefined && staged === stagedIn(right)
}

function isIndexPath(path: string): boolean {
  return basename(path) === "index" && /(^|\/)\.git(\/(worktrees|modules)\/.+)?$/.test(dirname(path))
}

/**
 * Name, mode, object, stage and flags of each entry, and the extensions that are no cache. Undefined for a format we do not
 * know (version 4, SHA-256). Source: git's Documentation/gitformat-index.txt.
 */
function stagedIn(bytes: Uint8Array): string | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (data.length < 12 + 20 || data.toString("latin1", 0, 4) !== "DIRC") return undefined
  const version = data.readUInt32BE(4)
  if (version !== 2 && version !== 3) return undefined
  const parts: string[] = []
  let at = 12
  for (let left = data.readUInt32BE(8); left > 0; left--) {
    if (at + 62 > data.length) return undefined
    const isExtended = (data.readUInt16BE(at + 60) & 0x4000) !== 0
    const nameAt = at + (isExtended ? 64 : 62)
    const nameEnd = data.indexOf(0, nameAt)
    if (nameEnd < 0) return undefined
    parts.push(data.toString("latin1", at + 24, at + 28), data.toString("latin1", at + 40, nameEnd + 1))
    // Padded with one to eight NUL bytes to a multiple of eight.
    at += Math.floor((nameEnd - at + 8) / 8) * 8
  }
  for (const end = data.length - 20; at + 8 <= end; ) {
    const name = data.toString("latin1", at, at + 4)
    const next = at + 8 + data.readUInt32BE(at + 4)
    if (!CACHES.has(name)) parts.push(data.toString("latin1", at, next))
    at = next
  }
  return parts.join("")
}

/** Extensions that hold what git can work out again: trees, untracked files, the file monitor, offsets. */
const CACHES = new Set(["TREE", "UNTR", "FSMN", "EOIE", "IEOT"])
