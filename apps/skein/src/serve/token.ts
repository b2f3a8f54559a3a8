import { constants } from "node:fs"
import { link, mkdir, open, unlink } from "node:fs/promises"
import { dirname } from "node:path"
import { UsageError } from "../usage.ts"

/**
 * The token of a file, which nobody else may be able to read. `shown` is what a person calls the file. Throws UsageError for what
 * is no token, as nothing: a server without one is not begun.
 */
export async function tokenOf(path: string, shown: string): Promise<string> {
  const text = (await privateText(path, shown)).trim()
  if (/^[\x21-\x7e]{16,512}$/.test(text)) return text
  throw new UsageError(`${shown}: a token has 16 to 512 characters that can be seen, on one line.`)
}

/** The token that is kept at a path; made there, of 32 bytes by chance, where none is. */
export async function keptToken(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const made = `${path}.${crypto.randomUUID()}`
  const file = await open(made, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    await file.writeFile(`${crypto.getRandomValues(new Uint8Array(32)).toHex()}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    // Whole or not at all, and never in the place of one that clients know.
    await link(made, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  } finally {
    await unlink(made)
  }
  return tokenOf(path, `The token file ${path}`)
}

async function privateText(path: string, shown: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch((cause) => {
    throw new UsageError(`${shown}: it cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new UsageError(`${shown}: that is no file.`)
    if ((stat.mode & 0o077) !== 0) throw new UsageError(`${shown}: others can read it. chmod 600 ${path}`)
    if (stat.size > 10_000) throw new UsageError(`${shown}: that is no token: it has ${stat.size} bytes.`)
    return await file.readFile("utf8")
  } finally {
    await file.close()
  }
}
