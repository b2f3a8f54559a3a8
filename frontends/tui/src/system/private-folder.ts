import { chmod, mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import type { Env } from "./programs.ts"

/** A folder that nobody else may look into, for as long as `use` takes: in memory where the system has a place of the person's for that. */
export async function inPrivateFolder<T>(env: Env, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await placeFor(env), "skein-"))
  try {
    await chmod(folder, 0o700)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function placeFor({ XDG_RUNTIME_DIR, TMPDIR }: Env): Promise<string> {
  for (const named of [XDG_RUNTIME_DIR, TMPDIR]) {
    if (named !== undefined && isAbsolute(named) && (await isFolder(named))) return named
  }
  return tmpdir()
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}
