import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { dirname } from "node:path"
import { loadFlock } from "@skein/host"
import { UsageError } from "../usage.ts"

/** A place for a Unix socket that nobody else listens at, until it is removed. */
export interface SocketPlace {
  /** Binds there, so that the file is its owner's alone from its first moment. */
  bind<T>(bound: (path: string) => T): T
  /** Takes the file away, and gives the place up. */
  remove(): void
}

const ITS_OWN = 0o077

/**
 * Makes the folder, its owner's alone, and clears away what a listener that is gone left. Two that begin at once never clear
 * away each other's: the place is locked, as long as it is held. Throws UsageError.
 */
export async function socketPlace(path: string): Promise<SocketPlace> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unlock = await locked(path)
  try {
    await clear(path)
  } catch (error) {
    unlock()
    throw error
  }
  return {
    bind(bound) {
      const before = process.umask(ITS_OWN)
      try {
        const made = bound(path)
        chmodSync(path, 0o600)
        return made
      } catch (error) {
        unlock()
        throw error
      } finally {
        process.umask(before)
      }
    },
    remove() {
      rmSync(path, { force: true })
      unlock()
    },
  }
}

/** The lock's file stays: who takes it away lets two hold it. */
async function locked(path: string): Promise<() => void> {
  const file = `${path}.lock`
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const fd = (() => {
    try {
      return openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
    } catch (error) {
      throw new UsageError(`Cannot listen on ${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })()
  const taken = (await loadFlock())(fd)
  if (taken.kind === "locked") return () => closeSync(fd)
  closeSync(fd)
  if (taken.kind === "held") throw new UsageError(held(path))
  throw new UsageError(`Cannot listen on ${path}: ${file} cannot be locked: ${taken.reason}. Name another place.`)
}

async function clear(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw new UsageError(`Cannot listen on ${path}: that is no socket. Name another place.`)
  // None of skein's own, as that holds the lock.
  if (await isAnswered(path)) throw new UsageError(held(path))
  rmSync(path)
}

function held(path: string): string {
  return `Cannot listen on ${path}: another server listens there. End it, or name another place.`
}

/** Only a refusal says that nobody is there: a listener that is busy does not answer either. */
function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.once("connect", () => resolve(true))
  socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"))
  return promise.finally(() => socket.destroy())
}
