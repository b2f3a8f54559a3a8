/** The programs under which nothing built this way can go, compiled exactly as skein is. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { compile } from "../tools/build/src/flags.ts"

export async function buildFloor(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const sources = join(import.meta.dir, "floor")
  for (const name of ["hello", "bare"]) {
    await compile(join(sources, `${name}.ts`), join(folder, name), { root: sources })
  }
}
