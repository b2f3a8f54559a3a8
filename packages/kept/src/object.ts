import { constants, readFileSync } from "node:fs"
import type { TakeLock } from "@skein/core/ports"
import { type Json, parseObject } from "@skein/protocol/json"
import { whileLocked } from "./lock.ts"
import { replaceFile } from "./replace.ts"

/** Undefined where there is none, or what is there is no object. */
export function readObject(file: string): Json | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    return parseObject(readFileSync(file, { encoding: "utf8", flag: O_RDONLY | O_NOFOLLOW | O_NONBLOCK }))
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

/** Reads, changes and writes an object while nobody else does. Rejects as `whileLocked` does. */
export async function changeObject(
  file: string,
  lock: () => Promise<TakeLock>,
  change: (before: Json) => Json,
): Promise<void> {
  const put = () => replaceFile(file, `${JSON.stringify(change(readObject(file) ?? {}))}\n`)
  await whileLocked(file, await lock(), put)
}
