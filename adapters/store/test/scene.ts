import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DurableEvent, SessionId } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { catalogue, logs } from "../src/index.ts"

/** A data folder of its own, removed at the end of the scope. */
export function scene() {
  const dataDir = mkdtempSync(join(tmpdir(), "skein-store-"))
  return {
    dataDir,
    logs: logs({ dataDir }),
    catalogue: catalogue({ dataDir }),
    path: (sessionId: SessionId) => join(dataDir, "sessions", `${sessionId}.jsonl`),
    /** Writes a log of these bytes, whatever they are. */
    place(sessionId: SessionId, bytes: string | Uint8Array) {
      mkdirSync(join(dataDir, "sessions"), { recursive: true, mode: 0o700 })
      writeFileSync(join(dataDir, "sessions", `${sessionId}.jsonl`), bytes, { mode: 0o600 })
    },
    [Symbol.dispose]() {
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The bytes of a log of these events, as the store writes them. */
export async function bytesOf(events: readonly DurableEvent[]): Promise<Buffer> {
  using own = scene()
  const log = await own.logs.create("ses_a")
  await log.append(events, { flush: false })
  await log.close()
  return readFileSync(own.path("ses_a"))
}

/** The first `count` events of a session. */
export function events(count: number, sessionId: SessionId = "ses_a"): DurableEvent[] {
  return sessionEvents(sessionId, count, "a")
}

/** Code and message of the error a promise rejects with. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "it did not reject",
    (error: unknown) =>
      error instanceof Error && "code" in error ? `${String(error.code)}: ${error.message}` : String(error),
  )
}

/** `SKEIN_SOAK=1` asks for the long run, a larger number for that many rounds. */
export function rounds(normal: number, soak: number): number {
  const asked = Number(process.env.SKEIN_SOAK ?? 0)
  if (asked > 1) return asked
  return asked === 1 ? soak : normal
}
