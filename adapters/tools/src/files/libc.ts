import type { Library, Pointer } from "bun:ffi"
import { lazy } from "@skein/protocol"

/** The few calls that the runtime has no name for. None of them throws. */
export interface Libc {
  /** Gives an open file without a name one. Returns undefined, or why not: `EEXIST` … */
  linkDescriptor(fd: number, folderFd: number, name: string): string | undefined
  /** Copies extended attributes, access lists among them. Returns the names that could not be set. */
  copyAttributes(fromFd: number, toFd: number): readonly string[]
}

/** Undefined where there is no glibc or musl for Linux, or where foreign calls are forbidden. Loads in 0.4 ms. */
export const libc = lazy(async (): Promise<Libc | undefined> => {
  if (process.platform !== "linux") return undefined
  const { dlopen, read } = await import("bun:ffi")
  for (const name of ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`]) {
    try {
      return bound(dlopen(name, SYMBOLS).symbols, (pointer) => read.i32(Number(pointer) as Pointer))
    } catch {
      // The next name. Without any, files are written under a temporary name and attributes are not kept.
    }
  }
  return undefined
})

const SYMBOLS = {
  linkat: { args: ["i32", "ptr", "i32", "ptr", "i32"], returns: "i32" },
  flistxattr: { args: ["i32", "ptr", "u64"], returns: "i64" },
  fgetxattr: { args: ["i32", "ptr", "ptr", "u64"], returns: "i64" },
  fsetxattr: { args: ["i32", "ptr", "ptr", "u64", "i32"], returns: "i32" },
  __errno_location: { args: [], returns: "ptr" },
} as const

type Symbols = Library<typeof SYMBOLS>["symbols"]

/** Linux errno values that `linkat` is documented to give. */
const NAMES: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  12: "ENOMEM",
  13: "EACCES",
  17: "EEXIST",
  18: "EXDEV",
  28: "ENOSPC",
  30: "EROFS",
  36: "ENAMETOOLONG",
  122: "EDQUOT",
}

const AT_FDCWD = -100
const AT_SYMLINK_FOLLOW = 0x400
/** Linux: XATTR_LIST_MAX and XATTR_SIZE_MAX. */
const ATTRIBUTE_BYTES_MAX = 65_536

function bound(c: Symbols, int32At: (pointer: bigint | Pointer) => number): Libc {
  return {
    linkDescriptor(fd, folderFd, name) {
      const result = c.linkat(AT_FDCWD, text(`/proc/self/fd/${fd}`), folderFd, text(name), AT_SYMLINK_FOLLOW)
      if (result === 0) return undefined
      const errno = c.__errno_location()
      return errno === null ? "EIO" : (NAMES[int32At(errno)] ?? "EIO")
    },
    copyAttributes(fromFd, toFd) {
      const list = new Uint8Array(ATTRIBUTE_BYTES_MAX)
      const listed = Number(c.flistxattr(fromFd, list, list.length))
      if (listed <= 0) return []
      const names = new TextDecoder().decode(list.subarray(0, listed)).split("\0").filter(Boolean)
      const value = new Uint8Array(ATTRIBUTE_BYTES_MAX)
      return names.filter((name) => {
        const bytes = Number(c.fgetxattr(fromFd, text(name), value, value.length))
        return bytes < 0 || c.fsetxattr(toFd, text(name), value, bytes, 0) !== 0
      })
    },
  }
}

const text = (value: string) => new TextEncoder().encode(`${value}\0`)
