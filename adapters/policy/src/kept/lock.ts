import { closeSync, constants, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import type { TakeLock } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { unwritable } from "./files.ts"

const WAIT_MS = 5_000
const LOOK_MS = 5
const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants

/** Does something while no other process does the same to this file. Rejects with SkeinError when another stays at it. */
export async function locked<T>(file: string, take: TakeLock, act: () => T): Promise<T> {
  const fd = opened(file)
  try {
    await taken(file, fd, take)
    return act()
  } finally {
    // The file stays: who removes a lock's name lets two hold it.
    closeSync(fd)
  }
}

function opened(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return openSync(`${file}.lock`, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

async function taken(file: string, fd: number, take: TakeLock): Promise<void> {
  for (const endsAt = performance.now() + WAIT_MS; ; await Bun.sleep(LOOK_MS)) {
    const result = take(fd)
    if (result.kind === "locked") return
    if (result.kind === "unsupported")
      throw refusal(file, `it cannot be locked: ${result.reason}`, "Put it on a file system that has locks.")
    if (performance.now() > endsAt) throw refusal(file, "another skein has been changing it for 5 s", "Try again.")
  }
}

function refusal(file: string, why: string, cure: string): SkeinError {
  return new SkeinError("config.invalid", `Cannot change ${file}: ${why}. ${cure}`)
}
