import { randomBytes } from "node:crypto"
import { chmod, link, lstat, mkdir, rename, unlink } from "node:fs/promises"
import { createServer, type Server, type Socket } from "node:net"
import { dirname, isAbsolute } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { Listener } from "../http/listen.ts"
import type { EngineServer } from "../serving/serve.ts"
import { lineTransport } from "../transports/lines.ts"
import { answers } from "./answers.ts"

export interface UnixListening {
  /** Absolute. Its folder is made, for its owner alone, where it is not there. */
  readonly path: string
  readonly onDefect: (error: unknown) => void
  /** Open at once; a further one is closed unheard. 512 when left out. */
  readonly connectionsMax?: number | undefined
  /** Of one message; 32 MiB when left out. */
  readonly messageBytesMax?: number | undefined
  /** How long a client may take nothing of what it was sent, in milliseconds; a minute when left out. */
  readonly stallMs?: number | undefined
}

/**
 * Serves over a Unix socket that its owner alone can reach. A socket that a dead server left is replaced; one that somebody
 * answers, a link, and any other file are left alone. Throws SkeinError `config.invalid`, saying what to do.
 */
export async function listenUnix(engines: EngineServer, listening: UnixListening): Promise<Listener> {
  const { path, onDefect, connectionsMax = 512, messageBytesMax = 32 * 1024 * 1024, stallMs = 60_000 } = listening
  await ownFolder(path)
  // Bound under a name that nobody knows, and put in its place only once it is closed to others.
  const hidden = `${path}.${randomBytes(4).toString("hex")}`
  if (Buffer.byteLength(hidden) > PATH_BYTES_MAX) {
    throw refused(path, `a socket's path has at most ${PATH_BYTES_MAX - 9} bytes`)
  }
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined)
    engines.accept(lineTransport(socket, socket, { messageBytesMax, stallMs })).catch(onDefect)
  })
  server.maxConnections = connectionsMax
  await bound(server, hidden)
  try {
    await chmod(hidden, 0o600)
    await place(hidden, path)
  } catch (error) {
    server.close()
    throw error
  } finally {
    await unlink(hidden).catch(() => undefined)
  }
  const { ino } = await lstat(path)
  return {
    address: `unix:${path}`,
    async close() {
      const isOurs = await lstat(path).then(
        (stat) => stat.ino === ino,
        () => false,
      )
      if (isOurs) await unlink(path).catch(() => undefined)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** What the kernel takes, with its closing zero. */
const PATH_BYTES_MAX = 107

async function ownFolder(path: string): Promise<void> {
  if (!isAbsolute(path)) throw refused(path, "it is to be an absolute path")
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const stat = await lstat(folder)
  if (!stat.isDirectory()) throw refused(path, `${folder} is a link, or no folder`)
  if (stat.uid !== process.getuid?.()) throw refused(path, `${folder} is somebody else's`)
  if ((stat.mode & 0o077) !== 0)
    throw refused(path, `others can enter ${folder}: chmod 700 it, or take a folder of your own`)
}

/** Gives the socket its name, unless somebody serves there. Of two that begin at once, one does. */
async function place(hidden: string, path: string): Promise<void> {
  for (let left = 10; left > 0; left--) {
    const isPlaced = await link(hidden, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false
        throw error
      },
    )
    if (isPlaced) return
    await clear(path)
  }
  throw refused(path, "others take its place again and again")
}

/** Takes away what a dead server left. It is renamed before it is looked at, so that what is taken is what was judged. */
async function clear(path: string): Promise<void> {
  const stat = await lstat(path).catch(() => undefined)
  if (stat === undefined) return
  if (!stat.isSocket())
    throw refused(path, stat.isSymbolicLink() ? "it is a link" : "there is a file, which is no socket")
  if (await answers(path)) throw refused(path, "somebody serves there already")
  const stale = `${path}.${randomBytes(4).toString("hex")}`
  const isOurs = await rename(path, stale).then(
    () => true,
    () => false,
  )
  // Another one that begins was faster.
  if (!isOurs) return
  // It may have put its own there between the look and the renaming: that one goes back.
  if (await answers(stale)) await link(stale, path).catch(() => undefined)
  await unlink(stale).catch(() => undefined)
}

function bound(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => {
      server.off("error", reject)
      resolve()
    })
  })
}

function refused(path: string, why: string): SkeinError {
  return new SkeinError("config.invalid", `Cannot listen on ${path}: ${why}.`)
}
