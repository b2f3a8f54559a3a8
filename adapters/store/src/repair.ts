import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs"
import type { Held } from "./held.ts"
import type { Scan } from "./scan.ts"
import { refusal, unwritable } from "./world.ts"

/** Moves what is after the last whole line into a file beside it, so that no line is ever glued onto it. */
export function repaired(
  fd: number,
  path: string,
  found: Scan,
  folders: readonly string[],
  known: Pick<Held, "index" | "keptSeq" | "point">,
): Held {
  const held = { ...known, file: { fd, path, lines: found.lines, bytes: found.bytes, folders }, events: found.events }
  if (found.bytesTorn === 0) return { ...held, repaired: undefined }
  try {
    const keptAt = setAside(fd, path, found.bytes)
    ftruncateSync(fd, found.bytes)
    return { ...held, repaired: { bytesDropped: found.bytesTorn, keptAt } }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function setAside(fd: number, path: string, from: number): string {
  const [aside, keptAt] = openAside(path)
  try {
    const piece = Buffer.allocUnsafe(64 * 1024)
    for (let at = from, read = readSync(fd, piece, 0, piece.length, at); read > 0; ) {
      for (let done = 0; done < read; ) done += writeSync(aside, piece, done, read - done)
      at += read
      read = readSync(fd, piece, 0, piece.length, at)
    }
    fsyncSync(aside)
  } finally {
    closeSync(aside)
  }
  return keptAt
}

function openAside(path: string): [number, string] {
  for (let n = 1; ; n++) {
    const keptAt = `${path}.torn-${n}`
    try {
      return [
        openSync(keptAt, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600),
        keptAt,
      ]
    } catch (cause) {
      if (refusal(cause) !== "EEXIST") throw cause
    }
  }
}
