import { loadLibc } from "./libc.ts"

/**
 * Two names of one file system change places in one step of the kernel; a link itself, not what it leads to. False where
 * that cannot be: an old kernel, a file system without it, no permission. Throws ENOENT when one of the names is gone.
 */
export type Exchange = (a: string, b: string) => boolean

/** Undefined where the system has no such call. Costs half a millisecond, so it is asked for with the first write. */
export async function loadExchange(): Promise<Exchange | undefined> {
  return process.platform === "darwin" ? onDarwin() : onLinux()
}

async function onDarwin(): Promise<Exchange | undefined> {
  const c = await loadLibc({ renamex_np: { args: ["ptr", "ptr", "u32"], returns: "i32" } })
  return c && exchanging((a, b) => c.symbols.renamex_np(a, b, RENAME_SWAP) === 0, c.errno)
}

/** By number: not every C library in use has a name for it. */
async function onLinux(): Promise<Exchange | undefined> {
  const number = SYSCALLS[process.arch]
  if (process.platform !== "linux" || number === undefined) return undefined
  const c = await loadLibc({ syscall: SYSCALL })
  if (c === undefined) return undefined
  const { syscall } = c.symbols
  return exchanging((a, b) => Number(syscall(number, AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE)) === 0, c.errno)
}

/** renameat2(2), Linux 3.15. */
const SYSCALLS: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 316, arm64: 276 }
const SYSCALL = { args: ["i64", "i64", "ptr", "i64", "ptr", "u64"], returns: "i64" } as const
const AT_FDCWD = -100
const RENAME_EXCHANGE = 2
/** macOS 10.12, `sys/stdio.h`. */
const RENAME_SWAP = 2
const ENOENT = 2

function exchanging(swap: (a: Uint8Array, b: Uint8Array) => boolean, errno: () => number): Exchange {
  const text = (path: string) => new TextEncoder().encode(`${path}\0`)
  return (a, b) => {
    if (swap(text(a), text(b))) return true
    if (errno() !== ENOENT) return false
    throw Object.assign(new Error(`ENOENT: cannot exchange ${a} and ${b}`), { code: "ENOENT" })
  }
}
