/**
 * Two names of one file system change places in one step of the kernel; a link itself, not what it leads to. False where
 * that cannot be: an old kernel, a file system without it, no permission. Throws ENOENT when one of the names is gone.
 */
export type Exchange = (a: string, b: string) => boolean

/** Undefined where the system has no such call. Costs half a millisecond, so it is asked for with the first write. */
export async function loadExchange(): Promise<Exchange | undefined> {
  const { dlopen, read } = await import("bun:ffi")
  const isDarwin = process.platform === "darwin"
  const number = SYSCALLS[process.arch]
  if (!isDarwin && (process.platform !== "linux" || number === undefined)) return undefined
  const musl = `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`
  for (const name of isDarwin ? ["libSystem.B.dylib"] : ["libc.so.6", musl]) {
    try {
      if (isDarwin) {
        const c = dlopen(name, { renamex_np: { args: ["ptr", "ptr", "u32"], returns: "i32" }, __error: ERRNO }).symbols
        return exchanging((a, b) => c.renamex_np(a, b, RENAME_SWAP) === 0 || isGone(c.__error()))
      }
      // By number: not every C library in use has a name for it.
      const c = dlopen(name, { syscall: SYSCALL, __errno_location: ERRNO }).symbols
      const call = (a: Uint8Array, b: Uint8Array) => c.syscall(number ?? 0, AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE)
      return exchanging((a, b) => Number(call(a, b)) === 0 || isGone(c.__errno_location()))
    } catch {
      // The next name. Without any, files are put in place by a rename alone.
    }
  }
  return undefined

  function isGone(errno: Parameters<typeof read.i32>[0] | null): undefined | false {
    return errno !== null && read.i32(errno, 0) === ENOENT ? undefined : false
  }
}

/** renameat2(2), Linux 3.15. */
const SYSCALLS: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 316, arm64: 276 }
const SYSCALL = { args: ["i64", "i64", "ptr", "i64", "ptr", "u64"], returns: "i64" } as const
const ERRNO = { args: [], returns: "ptr" } as const
const AT_FDCWD = -100
const RENAME_EXCHANGE = 2
/** macOS 10.12, `sys/stdio.h`. */
const RENAME_SWAP = 2
const ENOENT = 2

/** `swap` answers undefined when a name is gone. */
function exchanging(swap: (a: Uint8Array, b: Uint8Array) => boolean | undefined): Exchange {
  const text = (path: string) => new TextEncoder().encode(`${path}\0`)
  return (a, b) => {
    const done = swap(text(a), text(b))
    if (done !== undefined) return done
    throw Object.assign(new Error(`ENOENT: cannot exchange ${a} and ${b}`), { code: "ENOENT" })
  }
}
