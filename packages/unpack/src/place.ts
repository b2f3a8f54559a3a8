import { constants } from "node:fs"
import { mkdir, open, rename, rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { PackedFile } from "./packed-file.ts"

/**
 * Writes files into a folder that is not there yet: all of them or none. They are written beside it first, and then
 * become it by one rename. `token`: a word that nobody has, for the name meanwhile. Rejects with what the system says.
 */
export async function place(files: readonly PackedFile[], folder: string, token: string): Promise<void> {
  const meanwhile = join(dirname(folder), `.${basename(folder)}.${token}`)
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(meanwhile, { mode: 0o700 })
  try {
    for (const { path, bytes, isExecutable } of files) {
      await mkdir(dirname(join(meanwhile, path)), { recursive: true })
      await writeNew(join(meanwhile, path), bytes, isExecutable)
    }
    await rename(meanwhile, folder)
  } catch (error) {
    await rm(meanwhile, { recursive: true, force: true })
    throw error
  }
}

/** A file that was not there, through no link. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

async function writeNew(path: string, bytes: Uint8Array, isExecutable: boolean): Promise<void> {
  const file = await open(path, NEW, isExecutable ? 0o755 : 0o644)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}
