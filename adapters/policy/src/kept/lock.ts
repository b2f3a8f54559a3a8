import { closeSync, constants, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { unwritable } from "./files.ts"

/**
 * Takes the lock of an open file, at once or not at all. It belongs to the open file, so that the kernel frees it with its
 * process: nobody has to judge whether a holder still lives, which looks wrong from inside of a container.
 */
export type TakeLock = (
  fd: number,
) =>
  | { readonly kind: "locked"; release(): void }
  | { readonly kind: "held" }
  | { readonly kind: "unsupported"; readonly reason: string }

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
