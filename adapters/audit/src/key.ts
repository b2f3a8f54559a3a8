import { closeSync, constants, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import type { HashName } from "./entry.ts"
import { refusal } from "./world.ts"

/** Hashes names with the key of this file, which is made when there is none. Throws what the operating system refuses. */
export function hashFor(path: string): HashName {
  return hashWith(keyAt(path) ?? madeKey(path))
}

/** The same for who only reads. Undefined when there is no key: then nothing was recorded with it. */
export function knownHash(path: string): HashName | undefined {
  const key = keyAt(path)
  return key === undefined ? undefined : hashWith(key)
}

function hashWith(key: string): HashName {
  return (name) => new Bun.CryptoHasher("sha256", key).update(name).digest("hex")
}

const KEY_CHARS = 64
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants

function keyAt(path: string): string | undefined {
  try {
    const key = readFileSync(path, { encoding: "utf8", flag: O_RDONLY | O_NOFOLLOW | O_NONBLOCK })
    if (key.length === KEY_CHARS) return key
  } catch (error) {
    if (refusal(error) === "ENOENT") return undefined
    throw error
  }
  throw new Error(`the key ${path} is damaged; bring it back, or move it and the record away to begin anew`)
}

/** It gets its name when it is whole and on disk; of two that are made at once, the first counts. */
function madeKey(path: string): string {
  const made = `${path}-${crypto.randomUUID()}`
  const fd = openSync(made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeSync(fd, Buffer.from(crypto.getRandomValues(new Uint8Array(KEY_CHARS / 2))).toString("hex"))
    fsyncSync(fd)
    linkSync(made, path)
  } catch (error) {
    if (refusal(error) !== "EEXIST") throw error
  } finally {
    closeSync(fd)
    rmSync(made, { force: true })
  }
  const key = keyAt(path)
  if (key === undefined) throw new Error(`the key ${path} went away while it was made`)
  return key
}
