import { chmod, mkdtemp, rm } from "node:fs/promises"
import { isAbsolute, join } from "node:path"
import { statsOf } from "./disk.ts"
import type { Machine } from "./machine.ts"

/**
 * A folder that nobody else may look into, for as long as `use` takes: in memory where the system has a place of the
 * person's for that. Throws what the system says when it makes none.
 */
export async function inPrivateFolder<T>(machine: Place, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await placeFor(machine), "skein-"))
  try {
    await chmod(folder, 0o700)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Place = Pick<Machine, "env" | "temporary">

async function placeFor({ env: { XDG_RUNTIME_DIR: own }, temporary }: Place): Promise<string> {
  return own !== undefined && isAbsolute(own) && (await statsOf(own))?.isDirectory() ? own : temporary
}
