import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs"
import { dirname } from "node:path"

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** Old or new, never mixed: written beside, flushed, put in its place, and the place flushed. For its owner's eyes only. */
export function replaceFile(file: string, text: string): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const beside = `${file}.${crypto.randomUUID()}`
  try {
    written(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, Buffer.from(text))
    renameSync(beside, file)
  } finally {
    rmSync(beside, { force: true })
  }
  written(folder, O_RDONLY, Buffer.of())
}

/** Puts bytes into what is opened so, and all of it on disk. */
function written(path: string, flags: number, bytes: Buffer): void {
  const fd = openSync(path, flags, 0o600)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
