import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs"
import { dirname } from "node:path"
import { UsageError } from "../usage.ts"

/** A place for a Unix socket that nobody else listens at. */
export interface SocketPlace {
  /** Binds there, so that the file is its owner's alone from its first moment. */
  bind<T>(bound: (path: string) => T): T
  /** Takes the file away. */
  remove(): void
}

const ITS_OWN = 0o077

/** Makes the folder, its owner's alone, and clears away what a listener that is gone left. Throws UsageError. */
export async function socketPlace(path: string): Promise<SocketPlace> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined) {
    if (!found.isSocket()) throw new UsageError(`Cannot listen on ${path}: that is no socket. Name another place.`)
    if (await isAnswered(path)) {
      throw new UsageError(`Cannot listen on ${path}: another server listens there. End it, or name another place.`)
    }
    rmSync(path)
  }
  return {
    bind(bound) {
      const before = process.umask(ITS_OWN)
      try {
        const made = bound(path)
        chmodSync(path, 0o600)
        return made
      } finally {
        process.umask(before)
      }
    },
    remove: () => rmSync(path, { force: true }),
  }
}

async function isAnswered(unix: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix, socket: { data: () => undefined } })
    socket.end()
    return true
  } catch {
    // Nobody is there: what is told is that it can be listened at.
    return false
  }
}
