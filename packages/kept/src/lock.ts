import { closeSync, constants, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import type { TakeLock } from "@skein/core/ports"

const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
const WAIT_MS = 5_000
const LOOK_MS = 5

/** `held`: another process stayed at it. `unsupported`: the file system has no locks. */
export class LockRefused extends Error {
  override readonly name = "LockRefused"
  readonly kind: "held" | "unsupported"

  constructor(kind: "held" | "unsupported", message: string) {
    super(message)
    this.kind = kind
  }
}

/**
 * Does something to a file while no other process does, which it waits for at most `waitMs`. Rejects with LockRefused, with
 * what the operating system refused, and with whatever `act` throws.
 */
export async function whileLocked<T>(
  file: string,
  take: TakeLock,
  act: () => T | Promise<T>,
  waitMs = WAIT_MS,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fd = openSync(`${file}.lock`, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  try {
    await taken(take, fd, waitMs)
    return await act()
  } finally {
    // The file stays: who removes a lock's name lets two hold it.
    closeSync(fd)
  }
}

async function taken(take: TakeLock, fd: number, waitMs: number): Promise<void> {
  for (const endsAt = performance.now() + waitMs; ; await Bun.sleep(LOOK_MS)) {
    const result = take(fd)
    if (result.kind === "locked") return
    if (result.kind === "unsupported") throw new LockRefused(result.kind, `it cannot be locked: ${result.reason}`)
    if (performance.now() > endsAt)
      throw new LockRefused("held", `another skein has been changing it for ${waitMs / 1_000} s`)
  }
}
