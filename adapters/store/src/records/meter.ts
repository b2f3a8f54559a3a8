import { constants } from "node:fs"
import { appendFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { MeterPort } from "@skein/core/ports"
import type { DurableEvent, SessionId } from "@skein/protocol"
import { recordsFile } from "../paths.ts"
import { refusal } from "../world.ts"
import type { Hash } from "./keep.ts"

export interface MeterOptions {
  /** Absolute. */
  readonly dataDir: string
  /** Told once, in a sentence, when records cannot be written. */
  readonly onUnwritable?: ((sentence: string) => void) | undefined
}

export interface Meter extends MeterPort {
  /** Resolves when everything so far is written, or could not be. */
  close(): Promise<void>
}

/**
 * Records as files: `<dataDir>/records/<sessionId>.jsonl`, one line for each event. Taking events keeps references and no
 * more; they are written at the end of a turn, or when many have gathered, after whatever is going on then.
 * Hashes are keyed by `<dataDir>/records/key`, so that short texts cannot be guessed from them elsewhere.
 */
export function meter(options: MeterOptions): Meter {
  const { dataDir, onUnwritable } = options
  const waiting = new Map<SessionId, DurableEvent[]>()
  let hash: Promise<Hash> | undefined
  let writing: Promise<void> = Promise.resolve()
  let isTold = false
  const write = async (sessionId: SessionId, events: readonly DurableEvent[]) => {
    try {
      const path = recordsFile(dataDir, sessionId)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      hash ??= hashFor(join(dirname(path), "key"))
      const keyed = await hash
      const { recordOf } = await import("./record.ts")
      const lines = events.flatMap((event) => {
        const record = recordOf(event, keyed)
        return record === undefined ? [] : [`${JSON.stringify(record)}\n`]
      })
      await appendFile(path, lines.join(""), { mode: 0o600, flag: APPEND })
    } catch (error) {
      hash = undefined
      if (!isTold) onUnwritable?.(`Cannot keep records in ${dataDir}: ${String(error)}. Statistics will be incomplete.`)
      isTold = true
    }
  }
  const flush = (sessionId: SessionId) => {
    const events = waiting.get(sessionId)
    if (events === undefined) return
    waiting.delete(sessionId)
    writing = writing.then(() => write(sessionId, events))
  }
  return {
    record(events) {
      for (const event of events) {
        const own = waiting.get(event.sessionId) ?? []
        waiting.set(event.sessionId, own)
        own.push(event)
        if (event.type === "turn.ended" || own.length % EVENTS_MAX === 0) setImmediate(flush, event.sessionId)
      }
    },
    async close() {
      for (const sessionId of [...waiting.keys()]) flush(sessionId)
      await writing
    },
  }
}

/** About 64 kB of records. */
const EVENTS_MAX = 256
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK

async function hashFor(path: string): Promise<Hash> {
  const key = await keyAt(path)
  return (text) => new Bun.CryptoHasher("sha256", key).update(text).digest("hex").slice(0, 32)
}

/** Made once and kept. It gets its name when it is whole; of two that are made at once, the first counts. */
async function keyAt(path: string): Promise<string> {
  const kept = await readKey(path)
  if (kept?.length === KEY_CHARS) return kept
  const made = `${path}-${crypto.randomUUID()}`
  try {
    await writeFile(made, crypto.randomUUID() + crypto.randomUUID(), { flag: "wx", mode: 0o600, flush: true })
    // One that a power cut left empty hides nothing.
    if (kept !== undefined) await rename(made, path)
    else
      await link(made, path).catch((error: unknown) => {
        if (refusal(error) !== "EEXIST") throw error
      })
  } finally {
    await rm(made, { force: true })
  }
  return (await readKey(path)) ?? ""
}

const KEY_CHARS = 72

async function readKey(path: string): Promise<string | undefined> {
  const flag = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  return await readFile(path, { encoding: "utf8", flag }).catch(ifMissing)
}

function ifMissing(error: unknown): undefined {
  if (refusal(error) !== "ENOENT") throw error
}
