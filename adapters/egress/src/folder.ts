import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"

/** The name of a socket may be no longer than the system's own bound; some systems have less than Linux. */
const PATH_BYTES_MAX = 100
const NAME = /^skein-egress-(\d+)-[A-Za-z0-9]{6}$/

/** A new folder that nobody else may enter, in the first of these where that works. Throws the last one's error. */
export function folderIn(parents: readonly string[]): string {
  let refusal: unknown = new Error("No folder for a socket is known")
  for (const parent of parents) {
    const stem = join(parent, `skein-egress-${process.pid}-`)
    if (Buffer.byteLength(stem) + "XXXXXX/proxy".length > PATH_BYTES_MAX) continue
    try {
      removeOrphans(parent)
      const folder = mkdtempSync(stem)
      chmodSync(folder, 0o700)
      return folder
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/** Those of skeins that were killed. */
function removeOrphans(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN)
    const path = join(parent, name)
    if (!Number.isInteger(pid) || isAlive(pid)) continue
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory() === true && stats.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
