import { closeSync, fstatSync } from "node:fs"
import { openFull, openIfThere } from "./open.ts"
import { fullFile, fullNumbers } from "./paths.ts"
import { bytesAt } from "./tail.ts"

/** What stands between two newlines of the record. */
export interface Piece {
  readonly file: string
  /** Within its file, from 1. */
  readonly number: number
  readonly bytes: Buffer
  /** False for what comes after the last newline of a file. */
  readonly isEnded: boolean
}

/** All lines of a record, oldest first, as it stood when it was asked for. Appending goes on meanwhile. */
export function* piecesOf(file: string): Generator<Piece> {
  for (const path of filesOf(file)) {
    const fd = path === file ? openIfThere(path) : openFull(path)
    if (fd === undefined) continue
    try {
      yield* piecesIn(fd, path)
    } finally {
      closeSync(fd)
    }
  }
}

/** Full files first, oldest first; then the one that is written. */
export function filesOf(file: string): string[] {
  return [...fullNumbers(file).map((number) => fullFile(file, number)), file]
}

const CHUNK_BYTES = 1024 * 1024
const NEWLINE = 0x0a

function* piecesIn(fd: number, file: string): Generator<Piece> {
  const { size } = fstatSync(fd)
  let rest = Buffer.alloc(0)
  let number = 0
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    const chunk = Buffer.concat([rest, bytesAt(fd, at, Math.min(CHUNK_BYTES, size - at))])
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      number += 1
      yield { file, number, bytes: chunk.subarray(start, end), isEnded: true }
      start = end + 1
    }
    rest = chunk.subarray(start)
  }
  if (rest.length > 0) yield { file, number: number + 1, bytes: rest, isEnded: false }
}
