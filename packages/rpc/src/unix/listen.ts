import { randomBytes } from "node:crypto"
import { constants } from "node:fs"
import { chmod, type FileHandle, lstat, mkdir, open, rename, rm, unlink } from "node:fs/promises"
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
  /** Locks an open file, without waiting. */
  readonly lock: (fd: number) => Locked
  /** Open at once; a further one is closed unheard. 512 when left out. */
  readonly connectionsMax?: number | undefined
  /** Of one message; 32 MiB when left out. */
  readonly messageBytesMax?: number | undefined
  /** How long a client may take nothing of what it was sent, in milliseconds; a minute when left out. */
  readonly stallMs?: number | undefined
}

/** What became of trying to lock an open file, which its process then holds until it closes it or ends, however it ends. */
export type Locked =
  | { readonly kind: "locked" }
  | { readonly kind: "held" }
  | { readonly kind: "unsupported"; readonly reason: string }

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
  const held = await locked(path, listening.lock)
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined)
    engines.accept(lineTransport(socket, socket, { messageBytesMax, stallMs })).catch(onDefect)
  })
  server.maxConnections = connectionsMax
  try {
    await clear(path)
    await bound(server, hidden)
    await chmod(hidden, 0o600)
    await rename(hidden, path)
  } catch (error) {
    server.close()
    await rm(hidden, { force: true })
    await held.close()
    throw error
  }
  return {
    address: `unix:${path}`,
    async close() {
      await rm(path, { force: true })
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await held.close()
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
    throw refused(
      path,
      `others can enter ${folder}. Take a folder that is yours alone, below $XDG_RUNTIME_DIR or your home: one that is not there yet is made so`,
    )
}

/** For as long as the server lives: whoever else begins knows that it does. The lock's name stays, as who removes it lets two hold it. */
async function locked(path: string, lock: UnixListening["lock"]): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(`${path}.lock`, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  const result = lock(file.fd)
  if (result.kind === "locked") return file
  await file.close()
  throw refused(
    path,
    result.kind === "held" ? "somebody serves there already" : `it cannot be locked: ${result.reason}`,
  )
}

/** Takes away what a dead server left. Nobody else does so meanwhile. */
async function clear(path: string): Promise<void> {
  const stat = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
  if (stat === undefined) return
  if (!stat.isSocket())
    throw refused(path, stat.isSymbolicLink() ? "it is a link" : "there is a file, which is no socket")
  // No server of skein's, as that would hold the lock.
  if (await answers(path)) throw refused(path, "another program serves there already")
  await unlink(path)
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
