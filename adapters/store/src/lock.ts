import { fstatSync, readFileSync } from "node:fs"

/**
 * Takes the lock of an open file, or says who holds it. flock(2): it belongs to the open file, so the kernel frees it
 * when the process ends, however it ends. Two opens in one process exclude each other as well.
 */
export async function lock(fd: number): Promise<Locked> {
  try {
    libc ??= await load()
  } catch (cause) {
    return { kind: "unsupported", reason: String(cause) }
  }
  if (libc.flock(fd, LOCK_EX | LOCK_NB) === 0) return { kind: "locked" }
  const errno = libc.errno()
  if (errno === WOULD_BLOCK) return { kind: "held", pid: holder(fd) }
  return { kind: "unsupported", reason: `its file system refuses locks (errno ${errno})` }
}

export type Locked =
  | { readonly kind: "locked" }
  /** `pid` is unknown where the kernel does not tell, as across containers. */
  | { readonly kind: "held"; readonly pid: number | undefined }
  | { readonly kind: "unsupported"; readonly reason: string }

interface Libc {
  readonly flock: (fd: number, operation: number) => number
  readonly errno: () => number
}

const LOCK_EX = 2
const LOCK_NB = 4
const WOULD_BLOCK = process.platform === "darwin" ? 35 : 11
let libc: Libc | undefined

/** On first use: half a millisecond that a reader never pays. */
async function load(): Promise<Libc> {
  const { dlopen, read } = await import("bun:ffi")
  const isDarwin = process.platform === "darwin"
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64"
  const names = isDarwin ? ["libSystem.B.dylib"] : ["libc.so.6", `libc.musl-${arch}.so.1`]
  const flock = { args: ["i32", "i32"], returns: "i32" } as const
  const location = { args: [], returns: "ptr" } as const
  const failures: unknown[] = []
  for (const name of names) {
    try {
      if (isDarwin) {
        const { symbols } = dlopen(name, { flock, __error: location })
        return { flock: symbols.flock, errno: () => errnoAt(symbols.__error()) }
      }
      const { symbols } = dlopen(name, { flock, __errno_location: location })
      return { flock: symbols.flock, errno: () => errnoAt(symbols.__errno_location()) }
    } catch (failure) {
      failures.push(failure)
    }
  }
  throw new AggregateError(failures, `Cannot load flock from ${names.join(" or ")}`)

  function errnoAt(pointer: Parameters<typeof read.i32>[0] | null): number {
    return pointer === null ? 0 : read.i32(pointer, 0)
  }
}

/** Linux lists every lock with its holder. The device is not compared: some file systems show another one there. */
function holder(fd: number): number | undefined {
  if (process.platform !== "linux") return undefined
  const inode = fstatSync(fd, { bigint: true }).ino
  const pattern = new RegExp(`^\\d+: FLOCK +\\S+ +\\S+ +([1-9]\\d*) +[0-9a-f]+:[0-9a-f]+:${inode} `, "m")
  const pid = pattern.exec(readFileSync("/proc/locks", "utf8"))?.[1]
  return pid === undefined ? undefined : Number(pid)
}
