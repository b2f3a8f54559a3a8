import { closeSync, openSync, writeSync } from "node:fs"
import { type DurableDraft, type DurableEvent, EVENT_VERSION, type SessionId } from "@skein/protocol"
import { fixtureTurn } from "./fixture-turn.ts"
import { LineWriter } from "./line.ts"
import { unwritable } from "./world.ts"

export interface FixtureOptions {
  /** How many events; at least one. */
  readonly events: number
  /** The same number gives the same bytes. */
  readonly seed: number
  /** `ses_fixture-<seed>` when not given. */
  readonly sessionId?: SessionId | undefined
  /** The folder it is said to have worked in; one that there is not when not given. */
  readonly cwd?: string | undefined
}

/**
 * Writes a made-up log that looks like a long real session: turns of several steps, calls of every outcome, approvals,
 * steering, retries, compactions. It ends between turns. The file must not be there yet.
 */
export function fixtureLog(path: string, options: FixtureOptions): void {
  let fd: number | undefined
  try {
    fd = openSync(path, "wx", 0o600)
    const lines = new LineWriter()
    let waiting: DurableEvent[] = []
    const write = () => {
      const piece = lines.encode(waiting)
      for (let done = 0; done < piece.length; ) done += writeSync(fd ?? -1, piece, done, piece.length - done)
      waiting = []
    }
    for (const event of fixtureEvents(options)) {
      waiting.push(event)
      if (waiting.length === EVENTS_AT_ONCE) write()
    }
    write()
  } catch (cause) {
    throw unwritable(path, cause)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

const EVENTS_AT_ONCE = 256
const FIRST_MS = Date.UTC(2025, 0, 1)
const EVENTS_BETWEEN_COMPACTIONS = 2500

/** The events of such a log. */
export function* fixtureEvents({ events, seed, sessionId = `ses_fixture-${seed}`, cwd }: FixtureOptions) {
  const chance = chanceFrom(seed)
  let seq = 0
  let at = FIRST_MS + seed * 60_000
  const stamped = (draft: DurableDraft): DurableEvent => {
    seq++
    at += 1 + Math.floor(chance() * 900)
    return { ...draft, v: EVENT_VERSION, seq, id: `evt_${seed}-${seq}`, at, sessionId }
  }
  yield stamped(created(seed, cwd))
  let compactedAt = 0
  for (let turn = 1; seq < events; turn++) {
    if (seq - compactedAt > EVENTS_BETWEEN_COMPACTIONS) {
      compactedAt = seq
      yield stamped(compaction(turn, chance))
      continue
    }
    const drafts = fixtureTurn(turn, chance)
    // What no whole turn fits into is filled, so that nothing is left open.
    if (seq + drafts.length > events) break
    for (const draft of drafts) yield stamped(draft)
  }
  while (seq < events) yield stamped({ type: "notice.posted", level: "info", text: `Notice ${seq + 1}` })
}

function created(seed: number, cwd = `/repo/${seed % 50}`): DurableDraft {
  return {
    type: "session.created",
    workspace: { path: cwd },
    settings: { model: "fixture/one", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} },
    versions: { skein: "0.0.0" },
    isInteractive: true,
  }
}

function compaction(turn: number, chance: () => number): DurableDraft {
  const tokensBefore = 100_000 + Math.floor(chance() * 50_000)
  const summary = `Summary of the turns before ${turn}. `.repeat(40)
  return { type: "context.compacted", kind: "auto", by: "rule", elided: [], summary, tokensBefore, tokensAfter: 9000 }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
