import { chmodSync, lstatSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, dirname } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { type Folder, folderAt } from "./folder.ts"
import { isAlike, type Version, versionAt } from "./version.ts"

export interface Write {
  /** From the root. */
  readonly path: string
  readonly before: Version
  readonly after: Version
}

/** Writes all or none. Throws ToolFailure, having put back what it wrote, when one is not as it was or cannot be written. */
export async function applied(root: string, writes: readonly Write[]): Promise<void> {
  for (const { path, before } of writes) {
    if (isAlike(versionAt(root, path), before)) continue
    throw new ToolFailure(`${path} has changed since the merge was worked out. Nothing was merged; ask for it again.`)
  }
  const done: Write[] = []
  try {
    for (const write of writes) {
      done.push(write)
      put(root, write.path, write.after)
    }
  } catch (cause) {
    const left = putBack(root, done)
    const how = left.length === 0 ? "Nothing was merged." : `These stay as merged: ${left.join(", ")}.`
    throw new ToolFailure(`${done.at(-1)?.path} cannot be written: ${wordsOf(cause)}. ${how}`, { cause })
  }
}

/** Newest first. The paths that could not be put back. */
function putBack(root: string, done: readonly Write[]): readonly string[] {
  return done.toReversed().flatMap(({ path, before, after }) => {
    try {
      if (isAlike(versionAt(root, path), after)) put(root, path, before)
      return []
    } catch (error) {
      return [`${path} (${wordsOf(error)})`]
    }
  })
}

/** In the folder that its path led to through no link, whatever is swapped meanwhile. */
function put(root: string, path: string, version: Version): void {
  const folder = folderAt(root, dirname(path), version.kind !== "none")
  if (folder.kind === "missing") return
  if (folder.kind === "strange") throw new Error(folder.why)
  try {
    putIn(folder, basename(path), version)
  } finally {
    folder.close()
  }
}

/** One file is old or new, never in between. */
function putIn(folder: Folder, name: string, version: Version): void {
  const at = folder.at(name)
  if (version.kind === "none") return rmSync(at, { force: true })
  if (version.kind === "other") throw new Error("What cannot be merged is never written")
  const aside = folder.at(`.${name.slice(0, 100)}.skein-${Bun.randomUUIDv7()}.tmp`)
  try {
    if (version.kind === "link") symlinkSync(new TextDecoder().decode(version.bytes), aside)
    else {
      writeFileSync(aside, version.bytes, { flag: "wx" })
      const mode = (lstatSync(at, { throwIfNoEntry: false }) ?? lstatSync(aside)).mode & 0o777
      chmodSync(aside, version.isExecutable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111)
    }
    renameSync(aside, at)
  } finally {
    rmSync(aside, { force: true })
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
