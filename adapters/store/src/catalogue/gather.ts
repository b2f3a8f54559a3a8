import type { CacheMiss, DurableEvent, EventOf, TurnId, Usage } from "@skein/protocol"
import { decodeLine } from "../line.ts"
import type { Mark } from "../recent-lines.ts"
import type { Upgrades } from "../versions.ts"
import { firstRow } from "./list.ts"
import { pieces } from "./log-files.ts"
import { addToRow, type Row, textOf, touch } from "./row.ts"

/** How far a log was read, and what reading on needs. JSON. */
export interface ReadState {
  readonly row: Row
  /** The last line that could be read: where to go on, if it is still there. */
  last: Mark
  turnId?: TurnId | undefined
  stepModel?: string | undefined
}

/** Something said in a session, to be searched. */
export interface Said {
  readonly turnId?: TurnId | undefined
  readonly seq: number
  readonly at: number
  readonly text: string
}

/** The input of one turn, or one that joined it. `isTyped`: by a person, in this session and no other. */
export interface Prompt extends Said {
  readonly isTyped: boolean
}

/** One request to a model. */
export interface Spent {
  readonly seq: number
  readonly at: number
  readonly turnId?: TurnId | undefined
  readonly model: string
  /** False for attempts that count for nothing, summaries and titles: their tokens count, they do not. */
  readonly isStep: boolean
  readonly usage: Usage
  readonly microUsd?: number | undefined
  readonly firstTokenMs?: number | undefined
  readonly durationMs: number
  readonly cacheMiss?: CacheMiss | undefined
}

export interface Gathered {
  readonly state: ReadState
  readonly said: readonly Said[]
  readonly prompts: readonly Prompt[]
  readonly spent: readonly Spent[]
}

/**
 * Reads an open log, from after `before.last` on when that is given, as far as it can be read: a damaged line hides no
 * other. Undefined when there is no whole line. Throws when the first line makes no session.
 */
export function gather(
  fd: number,
  file: { readonly sessionId: Row["sessionId"]; readonly size: number },
  before: ReadState | undefined,
  piece: Buffer,
  upgrades?: Upgrades,
): Gathered | undefined {
  const said: Said[] = []
  const prompts: Prompt[] = []
  const spent: Spent[] = []
  let state = before === undefined ? undefined : structuredClone(before)
  const from = before === undefined ? 0 : before.last.offset + before.last.bytes
  for (const { bytes, end, offset } of pieces(fd, from, file.size, piece)) {
    for (let start = 0; start < end; ) {
      const stop = bytes.indexOf(0x0a, start)
      const line = decodeLine(bytes, start, stop, undefined, upgrades)
      const mark = { offset: offset + start, bytes: stop + 1 - start }
      start = stop + 1
      state ??= { row: firstRow(file.sessionId, line), last: { ...mark, seq: 0, sum: 0 } }
      if (line.kind !== "event") continue
      state.last = { ...mark, seq: line.event.seq, sum: line.sum }
      touch(state.row, line.event.at)
      addToRow(state.row, line.event)
      collect(state, line.event, { said, prompts, spent })
    }
  }
  return state && { state, said, prompts, spent }
}

interface Collected {
  readonly said: Said[]
  readonly prompts: Prompt[]
  readonly spent: Spent[]
}

const SAID_CHARS_MAX = 8000
const CALL_CHARS_MAX = 1000

function collect(state: ReadState, event: DurableEvent, { said, prompts, spent }: Collected): void {
  const { seq, at } = event
  const say = (text: string, turnId = state.turnId) => {
    if (text !== "") said.push({ turnId, seq, at, text: text.slice(0, SAID_CHARS_MAX) })
  }
  const prompt = (text: string, isTyped: boolean) =>
    prompts.push({ turnId: state.turnId, seq, at, text, isTyped: isTyped && isOwn(state, event) })
  const spend = (one: Omit<Spent, "seq" | "at">) => {
    if (isOwn(state, event)) spent.push({ seq, at, ...one })
  }
  switch (event.type) {
    case "turn.started":
      state.turnId = event.turnId
      say(textOf(event.input))
      prompt(textOf(event.input), event.source !== "parent")
      return
    case "turn.steered":
      for (const { input } of event.inputs) {
        say(textOf(input))
        prompt(textOf(input), true)
      }
      return
    case "item.completed":
      if (event.kind === "agent_message") say(event.text, event.turnId)
      return
    case "call.requested":
      say(wordsOf(event).slice(0, CALL_CHARS_MAX), event.turnId)
      return
    case "session.changed":
      say(event.title ?? "")
      return
    case "turn.labelled":
      say(event.label, event.turnId)
      return
    case "goal.changed":
      say(event.goal ?? "")
      return
    case "step.started":
      state.stepModel = event.model
      return
    case "step.ended":
      spend({ ...event, model: state.stepModel ?? state.row.model, isStep: true })
      return
    case "step.discarded":
      if (event.usage === undefined) return
      spend({ ...event, usage: event.usage, model: state.stepModel ?? state.row.model, isStep: false, durationMs: 0 })
      return
    case "usage.recorded":
      spend({ ...event, turnId: state.turnId, isStep: false })
  }
}

/** A fork begins with what was said and spent in another session, at its time; there it is counted. */
function isOwn({ row }: ReadState, event: DurableEvent): boolean {
  return row.parent?.kind !== "fork" || event.at >= row.createdAt
}

/** What a person would remember of a call: its title, its files, and its command or other short words. */
function wordsOf(call: EventOf<"call.requested">): string {
  const input: unknown = call.input
  const words = typeof input === "object" && input !== null ? Object.values(input) : []
  const texts = words.filter((word): word is string => typeof word === "string" && word.length <= CALL_CHARS_MAX)
  return [...new Set([call.name, call.title, ...call.locations, ...texts])].join(" ")
}
