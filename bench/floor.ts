/** The programs under which nothing built this way can go: compiled with the flags that skein is compiled with. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"

/** Splitting keeps lazy modules lazy, bytecode saves parsing, and the folder it starts in must not steer the program. */
export const COMPILE_FLAGS = [
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-dotenv",
] as const

export function buildFloor(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of ["hello", "bare"]) compile(join(import.meta.dir, "floor", `${name}.ts`), join(folder, name))
}

export function compile(source: string, program: string): void {
  const built = Bun.spawnSync([process.execPath, "build", ...COMPILE_FLAGS, source, "--outfile", program])
  if (!built.success) throw new Error(`Could not compile ${source}: ${built.stderr.toString()}`)
}
