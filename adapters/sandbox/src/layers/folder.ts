import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { lstat, reach } from "../paths.ts"
import { startOf } from "../processes.ts"

/** `layer-<process>-<when it began>-<chance>`: a number alone could by now be another process. */
const NAME = /^layer-(\d+)-(\d+)-/

/** A folder of one layer that nobody else may enter. */
export function makeLayerFolder(parent: string): string {
  return mkdtempSync(join(parent, `layer-${process.pid}-${startOf(process.pid)}-`))
}

/** Folders of layers whose process is gone. */
export function orphansIn(parent: string): readonly string[] {
  return (reach(() => readdirSync(parent)) ?? []).filter(isOrphan).map((name) => join(parent, name))
}

function isOrphan(name: string): boolean {
  const [, pid, start] = NAME.exec(name) ?? []
  return pid !== undefined && startOf(Number(pid)) !== Number(start)
}

/** Makes the folder that holds layers, if need be. False when it is not ours alone. */
export function isOwnFolder(parent: string): boolean {
  const made = reach(() => mkdirSync(parent, { recursive: true, mode: 0o700 }) ?? true)
  const found = lstat(parent)
  return made !== undefined && found?.isDirectory() === true && found.uid === process.getuid?.() && isClosed(found.mode)
}

const isClosed = (mode: number) => (mode & 0o077) === 0

/** All of it, also folders whose owner may not enter them any more. Follows no link. */
export function removeTree(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isDirectory()) open(path, found.mode)
  rmSync(path, { recursive: true, force: true })
}

function open(folder: string, mode: number): void {
  if (process.getuid?.() === 0) return
  if ((mode & 0o700) !== 0o700) chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    open(path, lstatSync(path).mode)
  }
}
