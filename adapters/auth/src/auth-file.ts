import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { SecretStore, StoreState } from "./store.ts"

export interface AuthFileOptions {
  /** Its folder, skein's own: made 0700 with the first key. */
  readonly folder: string
}

const BYTES_MAX = 1024 * 1024
const LOCK_TIMEOUT_MS = 5_000

/**
 * Keys in a plain file that only its owner can read: the last resort, chosen by a person and told of at each use. Written
 * whole or not at all, one writer at a time. A link, a file of somebody else, or one that others can read or replace, is
 * refused.
 */
export function authFile({ folder }: AuthFileOptions): SecretStore {
  const path = join(folder, "auth.json")
  const warning = `What signs requests is in a plain file, ${path}: every program of yours can read it. Where skein login status says that the keyring or Vault is open, log in again to keep it there`

  return {
    name: "file",
    async state(): Promise<StoreState> {
      try {
        const keys = read(path)
        if (keys === undefined) return { kind: "off", reason: `there is no ${path}` }
        return { kind: "ready", detail: `${path}, unencrypted` }
      } catch (error) {
        if (!(error instanceof SkeinError)) throw error
        return { kind: "unavailable", reason: error.message.replace(/\.$/, ""), cure: "" }
      }
    },
    async get(provider) {
      const value = read(path)?.[provider]
      return value === undefined ? undefined : { value, source: `file ${path}`, warning }
    },
    async set(provider, value) {
      await changed((keys) => ({ ...keys, [provider]: value }))
      return `file ${path}, unencrypted`
    },
    async delete(provider) {
      if (read(path)?.[provider] === undefined) return false
      await changed(({ [provider]: _, ...rest }) => rest)
      return true
    },
  }

  async function changed(change: (keys: Keys) => Keys): Promise<void> {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      refuseOpenFolder(folder)
      const unlock = await locked(join(folder, "auth.lock"))
      try {
        write(path, change(read(path) ?? {}))
      } finally {
        unlock()
      }
    } catch (cause) {
      if (cause instanceof SkeinError) throw cause
      throw refused(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
    }
  }
}

type Keys = Readonly<Record<string, string>>

/** Undefined when there is no file. */
function read(path: string): Keys | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    if (code === "ENOENT" || code === "ENOTDIR") return undefined
    if (code === "ELOOP") throw refused(`${path} is a link, so what it leads to is not used. Remove it`, cause)
    throw refused(`Cannot read ${path} (${String(code)}). Check its owner and permissions`, cause)
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > BYTES_MAX) throw refused(`${path} is no file of keys. Remove it`)
    if (stats.uid !== process.getuid?.()) throw refused(`${path} belongs to another user. Remove it`)
    if ((stats.mode & 0o077) !== 0)
      throw refused(`${path} can be read by others. Change its keys, then run: chmod 600 ${path}`)
    refuseOpenFolder(dirname(path))
    return parsed(readFileSync(fd, "utf8"), path)
  } finally {
    closeSync(fd)
  }
}

/** Who may write in its folder may put another file there. */
function refuseOpenFolder(folder: string): void {
  const stats = lstatSync(folder)
  const isOwn = stats.uid === process.getuid?.() && (stats.mode & 0o022) === 0
  if (!isOwn) throw refused(`Others may write in ${folder}, so no key is kept there. Run: chmod 700 ${folder}`)
}

function parsed(text: string, path: string): Keys {
  try {
    const value: unknown = JSON.parse(text)
    const keys = typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined
    if (typeof keys === "object" && keys !== null && Object.values(keys).every((key) => typeof key === "string"))
      return Object.assign(Object.create(null), keys)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw refused(`${path} is no file of keys as skein writes it. Remove it, and log in again`)
}

function write(path: string, keys: Keys): void {
  const beside = `${path}.${crypto.randomUUID()}.tmp`
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const fd = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeFileSync(fd, `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`)
    fsyncSync(fd)
  } catch (error) {
    unlinkSync(beside)
    throw error
  } finally {
    closeSync(fd)
  }
  renameSync(beside, path)
  const folder = openSync(dirname(path), constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** A lock that the kernel lets go of with its process: an empty database is one, on every system. */
async function locked(path: string): Promise<() => void> {
  const { Database } = await import("bun:sqlite")
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
  const database = new Database(path)
  try {
    database.run(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`)
    database.run("BEGIN EXCLUSIVE")
    return () => {
      database.run("ROLLBACK")
      database.close()
    }
  } catch (cause) {
    database.close()
    throw refused(`Another skein is changing ${path}. Try again`, cause)
  }
}

function refused(what: string, cause?: unknown): SkeinError {
  return new SkeinError("secret.unavailable", `${what}.`, { cause })
}
