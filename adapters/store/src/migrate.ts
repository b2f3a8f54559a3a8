import {
  closeSync,
  constants,
  copyFileSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { promisify } from "node:util"
import { syncFolder } from "./append.ts"
import type { Held } from "./held.ts"
import { LineWriter } from "./line.ts"
import { lock } from "./lock.ts"
import { LogIndex } from "./log-index.ts"
import { refusal, unwritable } from "./world.ts"

/**
 * A log of an older schema, before it is written to: its events are copied as this skein writes them, the copy is on disk,
 * and only then takes the name. The old bytes stay beside it as `<log>.v<version>`, so that an older skein can be given
 * them back. Killed anywhere in between, the log is the old one or the new one, whole. `onStep` is for tests.
 */
export async function migrated(
  held: Held,
  version: number,
  onStep: (step: (typeof MIGRATION_STEPS)[number]) => void = ignore,
): Promise<Held> {
  const { path, fd } = held.file
  const copy = `${path}.new`
  let made: number | undefined
  try {
    made = openSync(copy, FLAGS, 0o600)
    onStep("made")
    // Before it has the name, so that nobody finds it unlocked.
    await lock(made)
    const { index, bytes } = written(made, held)
    onStep("written")
    await promisify(fsync)(made)
    onStep("synced")
    keep(path, version)
    onStep("kept")
    await syncFolder(dirname(path))
    renameSync(copy, path)
    onStep("switched")
    await syncFolder(dirname(path))
    closeSync(fd)
    return { ...held, file: { ...held.file, fd: made, bytes }, index, keptSeq: 0, point: undefined }
  } catch (cause) {
    if (made !== undefined) closeSync(made)
    throw unwritable(copy, cause)
  }
}

/** Where a migration can be interrupted, in order. */
export const MIGRATION_STEPS = ["made", "written", "synced", "kept", "switched"] as const

const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
const EVENTS_AT_ONCE = 256

function written(fd: number, held: Held): { index: LogIndex; bytes: number } {
  const lines = new LineWriter()
  const index = new LogIndex()
  let bytes = 0
  for (let at = 0; at < held.events.length; at += EVENTS_AT_ONCE) {
    const events = held.events.slice(at, at + EVENTS_AT_ONCE)
    const piece = lines.encode(events)
    for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done, piece.length - done)
    for (const [which, event] of events.entries()) {
      const length = lines.lengths[which] ?? 0
      index.add(event, bytes, length, lines.sums[which] ?? 0)
      bytes += length
    }
  }
  return { index, bytes }
}

/** A second name for the old bytes. One that a killed migration gave them is theirs already. */
function keep(path: string, version: number): void {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${path}.v${version}` : `${path}.v${version}-${n}`
    if (lstatSync(name, { throwIfNoEntry: false })?.ino === lstatSync(path).ino) return
    try {
      linkSync(path, name)
      return
    } catch (cause) {
      if (refusal(cause) === "EEXIST") continue
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK"].includes(refusal(cause) ?? "")) throw cause
    }
    // A file system without second names.
    copyFileSync(path, name, constants.COPYFILE_EXCL)
    return
  }
}

function ignore(): void {}
