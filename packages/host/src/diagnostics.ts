import { closeSync, copyFileSync, mkdirSync, openSync, readSync, statSync } from "node:fs"
import { join } from "node:path"
import { fold, freeze, resumedState } from "@skein/core"
import { type ReplaySeed, replaySeed, stateHashes } from "@skein/core/artifacts"
import type { LogsPort } from "@skein/core/ports"
import { type DurableEvent, isId, type SessionId, SkeinError } from "@skein/protocol"
import { temporaryData } from "./temporary.ts"

/** What can be found out about a log without going on with its session. A session is named by its id. */
export interface Diagnostics {
  /** The state that the whole log folds to: counts, what is open, hashes of its parts; nothing of what was said. */
  state(sessionId: SessionId): Promise<ReplaySeed>
  /** Opens it as resuming does, from its replay point, and compares with the fold of the whole log. */
  resumeReplay(sessionId: SessionId): Promise<ResumeReplay>
  /** Makes index and replay point anew. Throws SkeinError `session.in_use` where another process writes. */
  rebuild(sessionId: SessionId): Promise<void>
  /** How long reading, folding and opening take. Makes a replay point. */
  benchmark(sessionId: SessionId, rounds: number): Promise<Benchmark>
  /** The events, for what is made of them. */
  events(sessionId: SessionId): Promise<readonly DurableEvent[]>
}

export interface ResumeReplay {
  readonly events: number
  /** The newest event that the replay point had; absent when all was folded. */
  readonly pointSeq?: number | undefined
  readonly eventsFolded: number
  readonly resumedMs: number
  readonly wholeMs: number
  /** Parts of the state in which the two differ; none when resuming is right. */
  readonly differing: readonly string[]
}

/** Medians, milliseconds. */
export interface Benchmark {
  readonly rounds: number
  readonly events: number
  readonly bytes: number
  readonly readMs: number
  readonly foldMs: number
  /** Opened and folded from the start. */
  readonly openWholeMs: number
  /** Opened and folded from the replay point. */
  readonly openFromPointMs: number
}

interface DiagnosticsOptions {
  readonly logs: LogsPort
  /** Our version: a replay point of another is of no use. */
  readonly version: string
  /** Milliseconds on any scale. */
  readonly now: () => number
  readonly fileOf: (sessionId: SessionId) => string
}

export function diagnosticsOf({ logs, version, now, fileOf }: DiagnosticsOptions): Diagnostics {
  /** Opens, folds and closes as resuming does. */
  const opened = async (sessionId: SessionId, isKept: boolean) => {
    const startedAt = now()
    const log = await logs.open(sessionId)
    try {
      const state = resumedState(log, version)
      const whole = state ?? fold(await logs.read(sessionId))
      const ms = now() - startedAt
      if (isKept) await log.savePoint(freeze(whole, version))
      return { state: whole, ms, pointSeq: state === undefined ? undefined : log.point?.seq, folded: log.events.length }
    } finally {
      await log.close()
    }
  }
  return {
    state: async (sessionId) => replaySeed(await logs.read(sessionId), "state"),
    events: (sessionId) => logs.read(sessionId),
    async rebuild(sessionId) {
      await opened(sessionId, true)
    },
    async resumeReplay(sessionId) {
      const resumed = await opened(sessionId, false)
      const startedAt = now()
      const events = await logs.read(sessionId)
      const whole = fold(events)
      const wholeMs = now() - startedAt
      const [ours, theirs] = [stateHashes(resumed.state), stateHashes(whole)]
      const parts = new Set([...Object.keys(ours), ...Object.keys(theirs)])
      return {
        events: events.length,
        pointSeq: resumed.pointSeq,
        eventsFolded: resumed.pointSeq === undefined ? events.length : resumed.folded,
        resumedMs: resumed.ms,
        wholeMs,
        differing: [...parts].filter((part) => ours[part] !== theirs[part]),
      }
    },
    async benchmark(sessionId, rounds) {
      const [reads, folds, wholes, points]: [number[], number[], number[], number[]] = [[], [], [], []]
      await opened(sessionId, true)
      let events: readonly DurableEvent[] = []
      for (let round = 0; round < rounds; round++) {
        const startedAt = now()
        events = await logs.read(sessionId)
        const readAt = now()
        fold(events)
        const foldedAt = now()
        reads.push(readAt - startedAt)
        folds.push(foldedAt - readAt)
        wholes.push(foldedAt - startedAt)
        points.push((await opened(sessionId, false)).ms)
      }
      const bytes = statSync(fileOf(sessionId)).size
      const medians = { readMs: median(reads), foldMs: median(folds), openWholeMs: median(wholes) }
      return { rounds, events: events.length, bytes, ...medians, openFromPointMs: median(points) }
    },
  }
}

/** A log that lies anywhere, as a session of a data folder of its own, which goes with `remove`. Throws SkeinError. */
export function borrowedFile(file: string, fileIn: (dataDir: string, sessionId: SessionId) => string) {
  const sessionId = sessionIn(file)
  const data = temporaryData()
  const copy = fileIn(data.path, sessionId)
  mkdirSync(join(copy, ".."), { recursive: true, mode: 0o700 })
  copyFileSync(file, copy)
  return { sessionId, dataDir: data.path, remove: () => data.remove() }
}

const HEAD_BYTES = 64 * 1024

/** Whose log it is, by its first line. */
function sessionIn(file: string): SessionId {
  const fd = openSync(file, "r")
  const head = Buffer.alloc(HEAD_BYTES)
  const [first = ""] = head.toString("utf8", 0, readSync(fd, head)).split("\n", 1)
  closeSync(fd)
  const found = /"sessionId":"([^"]+)"/.exec(first)?.[1] ?? ""
  if (isId("ses", found)) return found
  throw new SkeinError("session.corrupt", `Cannot use ${file}: its first line does not say whose log it is.`)
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
