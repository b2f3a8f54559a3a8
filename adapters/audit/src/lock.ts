import type { TakeLock } from "@skein/core/ports"
import { unwritable } from "./world.ts"

/** An append takes microseconds. Who holds the lock for this long was stopped in the middle of one. */
const WAIT_MS = 10_000

/** Waits for whoever appends just now. Rejects with SkeinError `audit.unwritable`. */
export async function locked(take: TakeLock, fd: number, path: string): Promise<() => void> {
  const endsAt = performance.now() + WAIT_MS
  for (let waitMs = 0.2; ; waitMs = Math.min(waitMs * 2, 20)) {
    const taken = take(fd)
    if (taken.kind === "locked") return () => taken.release()
    if (taken.kind === "unsupported") throw unwritable(path, new Error(`it cannot be locked: ${taken.reason}`))
    if (performance.now() > endsAt) throw unwritable(path, new Error("another process has held it for 10 s"))
    await Bun.sleep(waitMs)
  }
}
