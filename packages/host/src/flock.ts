import type { TakeLock } from "@skein/core/ports"
import { loadLibc } from "./libc.ts"

/** flock(2): it belongs to the open file, so the kernel frees it when the process ends, however it ends. */
export async function loadFlock(): Promise<TakeLock> {
  const c = await loadLibc({ flock: { args: ["i32", "i32"], returns: "i32" } })
  if (c === undefined) return () => ({ kind: "unsupported", reason: "there is no flock in this system's C library" })
  const { flock } = c.symbols
  return (fd) => {
    if (flock(fd, LOCK_EX | LOCK_NB) === 0) return { kind: "locked", release: () => void flock(fd, LOCK_UN) }
    const errno = c.errno()
    if (errno === WOULD_BLOCK) return { kind: "held" }
    return { kind: "unsupported", reason: `its file system refuses locks (errno ${errno})` }
  }
}

const LOCK_EX = 2
const LOCK_NB = 4
const LOCK_UN = 8
const WOULD_BLOCK = process.platform === "darwin" ? 35 : 11
