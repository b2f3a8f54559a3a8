import { lazy } from "@skein/protocol"

/** The few calls that the runtime has no name for. Paths are taken as they are: a last link is not followed. */
export interface Libc {
  /** Names of extended attributes; none where the file system has none. */
  attributesOf(path: string): readonly string[]
  attribute(path: string, name: string): Uint8Array | undefined
  /** False when the system refuses. */
  setAttribute(path: string, name: string, value: Uint8Array): boolean
  /** Gives a name a new one. `never` throws EEXIST where something is; `exchange` lets both change places. */
  rename(from: string, to: string, over: "never" | "exchange"): void
  /** Puts overlayfs's mark that a name is gone where nothing is. */
  markGone(path: string): void
  /** Takes an open file for this process until it is closed or the process is gone, however. False when another has it. */
  lock(fd: number): boolean
  /** Everything written to the file system of an open file is on disk. */
  sync(fd: number): void
}

/** Undefined where there is no glibc or musl for Linux, or where foreign calls are forbidden. */
export const libc = lazy(async (): Promise<Libc | undefined> => {
  const numbers = NUMBERS[process.arch]
  if (process.platform !== "linux" || numbers === undefined) return undefined
  const { dlopen, read } = await import("bun:ffi")
  for (const name of ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`]) {
    try {
      const { symbols } = dlopen(name, SYMBOLS)
      const errno = () => {
        const at = symbols.__errno_location()
        return at === null ? 0 : read.i32(at, 0)
      }
      return bound(symbols, numbers, errno)
    } catch {
      // The next name. Without any there are no layers, and `available` says so.
    }
  }
  return undefined
})

const SYMBOLS = {
  llistxattr: { args: ["ptr", "ptr", "u64"], returns: "i64" },
  lgetxattr: { args: ["ptr", "ptr", "ptr", "u64"], returns: "i64" },
  lsetxattr: { args: ["ptr", "ptr", "ptr", "u64", "i32"], returns: "i32" },
  flock: { args: ["i32", "i32"], returns: "i32" },
  syncfs: { args: ["i32"], returns: "i32" },
  syscall: { args: ["i64", "i64", "ptr", "i64", "ptr", "u64"], returns: "i64" },
  __errno_location: { args: [], returns: "ptr" },
} as const

type Symbols = ReturnType<typeof import("bun:ffi").dlopen<typeof SYMBOLS>>["symbols"]

/** renameat2(2) and mknodat(2), by number: not every C library in use has a name for them. */
const NUMBERS: Readonly<Partial<Record<NodeJS.Architecture, SyscallNumbers>>> = {
  x64: { renameat2: 316, mknodat: 259 },
  arm64: { renameat2: 276, mknodat: 33 },
}
interface SyscallNumbers {
  readonly renameat2: number
  readonly mknodat: number
}
/** S_IFCHR; with device number 0 everybody may make one since Linux 5.8, where unprivileged layers are a little younger. */
const CHARACTER_DEVICE = 0o20000
const AT_FDCWD = -100
const RENAME_FLAGS = { never: 1, exchange: 2 } as const
/** Linux: XATTR_LIST_MAX and XATTR_SIZE_MAX. */
const ATTRIBUTE_BYTES_MAX = 65_536

/** flock(2): LOCK_EX | LOCK_NB. */
const LOCK_EXCLUSIVE_NOW = 6

const NAMES: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  5: "EIO",
  13: "EACCES",
  16: "EBUSY",
  17: "EEXIST",
  18: "EXDEV",
  20: "ENOTDIR",
  22: "EINVAL",
  28: "ENOSPC",
  30: "EROFS",
  36: "ENAMETOOLONG",
  39: "ENOTEMPTY",
  122: "EDQUOT",
}

function bound(c: Symbols, { renameat2, mknodat }: SyscallNumbers, errno: () => number): Libc {
  const room = new Uint8Array(ATTRIBUTE_BYTES_MAX)
  const refused = (call: string, path: string) => {
    const code = NAMES[errno()] ?? `errno ${errno()}`
    return Object.assign(new Error(`${code}: ${call} ${path}`), { code })
  }
  return {
    attributesOf(path) {
      const listed = Number(c.llistxattr(text(path), room, room.length))
      return listed <= 0 ? [] : new TextDecoder().decode(room.subarray(0, listed)).split("\0").filter(Boolean)
    },
    attribute(path, name) {
      const bytes = Number(c.lgetxattr(text(path), text(name), room, room.length))
      return bytes < 0 ? undefined : room.slice(0, bytes)
    },
    setAttribute(path, name, value) {
      // An empty value has no address of its own.
      const given = value.length === 0 ? new Uint8Array(1) : value
      return c.lsetxattr(text(path), text(name), given, value.length, 0) === 0
    },
    rename(from, to, over) {
      const flags = RENAME_FLAGS[over]
      if (Number(c.syscall(renameat2, AT_FDCWD, text(from), AT_FDCWD, text(to), flags)) !== 0)
        throw refused("rename", `${from} -> ${to}`)
    },
    markGone(path) {
      if (Number(c.syscall(mknodat, AT_FDCWD, text(path), CHARACTER_DEVICE, null, 0)) !== 0)
        throw refused("mknod", path)
    },
    lock: (fd) => c.flock(fd, LOCK_EXCLUSIVE_NOW) === 0,
    sync(fd) {
      if (c.syncfs(fd) !== 0) throw refused("syncfs", `descriptor ${fd}`)
    },
  }
}

const text = (value: string) => new TextEncoder().encode(`${value}\0`)
