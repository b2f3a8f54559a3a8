import { unwritable } from "./world.ts"

/** Takes the lock of an open file, at once or not at all. It belongs to the open file, so that the kernel frees it. */
export type TakeLock = (fd: number) => Locked

export type Locked =
  | { readonly kind: "locked"; release(): void }
  | { readonly kind: "held" }
  | { readonly kind: "unsupported"; readonly reason: string }

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
