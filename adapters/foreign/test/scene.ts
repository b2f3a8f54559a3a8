import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { buildMessages, fold, type SessionState } from "@skein/core"
import type { DurableEvent } from "@skein/protocol"
import { assertAcceptable, TEST_SETTINGS, transcript } from "@skein/testkit"
import { type FoundSession, importers, type LossReport, stamped } from "../src/index.ts"

export const FIXTURES = join(import.meta.dir, "fixtures")

export const FIXTURE = {
  codex: join(FIXTURES, "codex/rollout-2026-03-01T09-00-00-0195aaaa-bbbb-7ccc-8ddd-000000000001.jsonl"),
  legacy: join(FIXTURES, "codex/rollout-2025-05-07-legacy.jsonl"),
  claude: join(FIXTURES, "claude/11111111-2222-4333-8444-555555555555.jsonl"),
  pi: join(FIXTURES, "pi/2026-01-05T10-00-00-000Z_0194pi.jsonl"),
  opencode: join(FIXTURES, "opencode/storage/session/p1/ses_hand1.json"),
} as const

export const nowhere = importers({ home: "/nowhere", env: {} })
export const CHOICES = { settings: TEST_SETTINGS, version: "0.0.0" }

export interface Imported {
  readonly found: FoundSession
  readonly events: readonly DurableEvent[]
  readonly state: SessionState
  readonly report: LossReport
  /** The transcript, a line an event. */
  readonly lines: readonly string[]
}

/** A file, imported and folded; what every provider must accept of it is checked. */
export async function imported(path: string): Promise<Imported> {
  const [found] = await nowhere.detect(path)
  if (found === undefined) throw new Error(`${path} holds no session`)
  return importedFrom(found)
}

export async function importedFrom(found: FoundSession): Promise<Imported> {
  const reading = await nowhere.read(found, CHOICES)
  if (reading.kind !== "new") throw new Error("It was imported before")
  let ids = 0
  const events: DurableEvent[] = []
  for await (const event of stamped(reading.drafts, { sessionId: reading.sessionId, newId: () => `evt_${++ids}` })) {
    events.push(event)
  }
  checkLog(events, fold(events))
  const whole = fold(events, { keepsPast: true })
  const state = { ...whole, items: [...(whole.past ?? []), ...whole.items] }
  return { found, events, state, report: reading.report(), lines: transcript(events).split("\n") }
}

/** What holds of every imported log, whatever it was made of. */
export function checkLog(events: readonly DurableEvent[], state: SessionState): void {
  const asked = events.flatMap((event) => (event.type === "call.requested" ? [event.callId] : []))
  const settled = events.flatMap((event) => (event.type === "call.settled" ? [event.callId] : []))
  if (asked.toSorted().join() !== settled.toSorted().join()) throw new Error("A call does not settle exactly once")
  if (state.turn !== undefined) throw new Error("A turn is open")
  const times = events.map(({ at }) => at)
  if (times.some((at, index) => at < (times[index - 1] ?? 0))) throw new Error("Time runs backwards")
  const next = { kind: "user_message", turnId: "trn_n", inputId: "inp_n", isSteer: false } as const
  assertAcceptable(buildMessages([...state.items, { ...next, input: [{ type: "text", text: "Go on." }] }]))
}

export function lossesOf({ lost }: LossReport): Record<string, number> {
  return Object.fromEntries(lost.map(({ kind, count }) => [kind, count]))
}

export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
