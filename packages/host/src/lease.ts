import { closeSync, constants, openSync } from "node:fs"
import { loadLibc } from "./libc.ts"

/** While it is held nobody begins to write the file in place: whoever tries waits until it is released, and breaks it. */
export interface Lease {
  isUnbroken(): boolean
  release(): void
}

/** "busy" while somebody has the file open for writing. Undefined where there are no leases, or not for us. */
export type TakeLease = (path: string) => Lease | "busy" | undefined

/** fcntl(2), "Leases". Linux only; undefined elsewhere. */
export async function loadLease(): Promise<TakeLease | undefined> {
  const number = FCNTL[process.arch]
  if (process.platform !== "linux" || number === undefined) return undefined
  const c = await loadLibc(SYMBOLS)
  return c && leasing((fd, command, value) => Number(c.symbols.syscall(number, fd, command, value)), c.errno)
}

const FCNTL: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 72, arm64: 25 }
const SYMBOLS = {
  syscall: { args: ["i64", "i64", "i64", "i64"], returns: "i64" },
} as const

const F_SETSIG = 10
const F_SETLEASE = 1024
const F_GETLEASE = 1025
const F_RDLCK = 0
const F_UNLCK = 2
/** Ignored unless somebody asks for it; what is sent otherwise, SIGIO, ends the process. */
const SIGURG = 23
const EAGAIN = 11

function leasing(fcntl: (fd: number, command: number, value: number) => number, errno: () => number): TakeLease {
  return (path) => {
    const fd = opened(path)
    if (fd === undefined) return undefined
    if (fcntl(fd, F_SETSIG, SIGURG) !== 0 || fcntl(fd, F_SETLEASE, F_RDLCK) !== 0) {
      const isBusy = errno() === EAGAIN
      closeSync(fd)
      return isBusy ? "busy" : undefined
    }
    return {
      isUnbroken: () => fcntl(fd, F_GETLEASE, 0) === F_RDLCK,
      release() {
        fcntl(fd, F_SETLEASE, F_UNLCK)
        closeSync(fd)
      },
    }
  }
}

/** Undefined for what is no file, or not ours to read. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
