import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"

/** The folder that `--out` names, absolute. Throws UsageError when it names none. */
export function outOf(flags: Flags, io: Io): string {
  const out = flags.text("out")
  if (out === undefined || out === "") throw new UsageError("Where should the files go? Name a folder: --out <dir>")
  return resolve(io.cwd, out)
}

/** Writes each file below the folder, which is made, and tells their paths. Throws UsageError when it cannot. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): readonly string[] {
  try {
    return [...files].map(([name, text]) => {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    })
  } catch (error) {
    throw new UsageError(`--out ${folder}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
