import { constants, promises as fs, type Stats } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { errnoOf } from "./failure.ts"
import { libc } from "./libc.ts"
import type { PinnedFolder } from "./pinned.ts"

/**
 * Gives new content the owner, mode, extended attributes and access list of the file it replaces. Labels of the system
 * itself (`security.*`, `trusted.*`) are the system's to give. Extended attributes are kept on Linux only.
 */
export async function keepAttributes(
  folder: PinnedFolder,
  name: string,
  to: fs.FileHandle,
  before: Stats,
): Promise<void> {
  const own = await to.stat()
  const mode = before.mode & 0o7777
  // The owner first: changing it clears set-user-id bits. The access list last: it refines the mode.
  const isSame = own.uid === before.uid && own.gid === before.gid
  await to.chmod(isSame ? mode : await keepOwner(to, before, mode))
  await keepExtended(folder, name, to)
}

/**
 * Returns the mode that fits what could be kept. Where the owner cannot be kept the file becomes ours; where the group
 * cannot be kept either, the group gets no more than everybody, so that nobody new may read it.
 */
async function keepOwner(to: fs.FileHandle, before: Stats, mode: number): Promise<number> {
  if (await gives(to, before.uid, before.gid)) return mode
  const own = await to.stat()
  if (await gives(to, own.uid, before.gid)) return mode & 0o1777
  return (mode & 0o1707) | ((mode & 0o007) << 3)
}

async function gives(to: fs.FileHandle, uid: number, gid: number): Promise<boolean> {
  try {
    await to.chown(uid, gid)
    return true
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error
    return false
  }
}

async function keepExtended(folder: PinnedFolder, name: string, to: fs.FileHandle): Promise<void> {
  const c = await libc()
  if (c === undefined) return
  const from = await fs.open(folder.at(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const lost = c.copyAttributes(from.fd, to.fd).filter((attribute) => /^(user\.|system\.posix_acl)/.test(attribute))
    if (lost.length === 0) return
    throw new ToolFailure(`Cannot write ${join(folder.path, name)}: its attributes ${lost.join(", ")} cannot be kept.`)
  } finally {
    await from.close()
  }
}
