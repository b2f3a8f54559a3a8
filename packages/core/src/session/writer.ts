import {
  type DurableDraft,
  type DurableEvent,
  EVENT_VERSION,
  type InputId,
  type LiveDraft,
  type LiveEvent,
  type OpId,
  type SessionId,
} from "@skein/protocol"
import { endEntry } from "../calls/record.ts"
import { shown } from "../context/visible.ts"
import type { AuditPort, ClockPort, LogPort, MeterPort, RandomPort } from "../ports/index.ts"
import { advance, rewind } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import { Hub } from "./hub.ts"
import { UnderWay } from "./live.ts"

interface WriterPorts {
  readonly clock: ClockPort
  readonly random: RandomPort
  readonly meter: MeterPort
  readonly audit: AuditPort
  /** Told of a record that could not be written, after what it is about was done. */
  readonly onDefect: (error: unknown) => void
}

interface EmitOptions {
  readonly flush?: boolean
  readonly causedBy?: OpId | undefined
  /** With a rewind: the session as it was where the conversation goes on. */
  readonly past?: SessionState | undefined
}

/**
 * The one way into a session's log: stamps, appends, folds, then publishes, in this order and in the order of the log,
 * so that no client and no provider ever sees what is not in the log. After a failed write nothing is acknowledged any
 * more. No text that passes here moves a cursor.
 */
export class SessionWriter {
  readonly hub = new Hub()
  readonly #state: SessionState
  readonly #log: LogPort
  readonly #ports: WriterPorts
  readonly #underWay = new UnderWay()
  #nextSeq: number
  #isWarned = false
  #nextLive = 1
  #flushing: Promise<void> = Promise.resolve()
  /** Everything before is folded and told: a write that waits for the disk holds back those after it. */
  #published: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(state: SessionState, log: LogPort, ports: WriterPorts) {
    this.#state = state
    this.#log = log
    this.#ports = ports
    this.#nextSeq = state.seq + 1
  }

  async emit(
    drafts: readonly DurableDraft[],
    { flush = false, causedBy, past }: EmitOptions = {},
  ): Promise<readonly DurableEvent[]> {
    if (this.#failure !== undefined) throw this.#failure.error
    if (drafts.length === 0) return []
    const events = drafts.map((draft) => this.#stamp(draft, causedBy))
    const published = this.#publish(events, flush, past)
    // Whoever emitted is told of a failure; those after it find it in the state.
    this.#published = published.catch(() => undefined)
    await published
    return events
  }

  async #publish(events: readonly DurableEvent[], flush: boolean, past: SessionState | undefined): Promise<void> {
    try {
      await Promise.all([this.#log.append(events, { flush }), this.#published])
    } catch (error) {
      this.#fail(error)
    }
    if (this.#failure !== undefined) throw this.#failure.error
    const queued = this.#queue()
    for (const event of events) {
      advance(this.#state, event)
      if (event.type === "session.rewound" && past !== undefined) rewind(this.#state, past)
      this.#underWay.note(event)
      this.hub.publish(event)
    }
    if (events.some((event) => event.type === "call.settled")) await this.#recorded(events)
    this.#ports.meter.record(events)
    const queue = this.#queue()
    if (queue.join() !== queued.join()) this.tell({ type: "queue.changed", queue })
  }

  /** What became of each call. It is done, so a record that cannot be written stops only what comes after. */
  async #recorded(events: readonly DurableEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type !== "call.settled") continue
      try {
        await this.#ports.audit.record(endEntry(this.#state, event))
      } catch (error) {
        this.#ports.onDefect(error)
        this.#warnOfAudit(error)
      }
    }
  }

  #warnOfAudit(error: unknown): void {
    if (this.#isWarned) return
    this.#isWarned = true
    const why = error instanceof Error ? error.message : String(error)
    const text = `What was done could not be recorded, and nothing more is run until it can: ${why}`
    // Not awaited: it comes after what is being written now. A log that fails is told to whoever writes next.
    this.emit([{ type: "notice.posted", level: "error", text, code: "audit.unwritable" }]).catch(this.#ports.onDefect)
  }

  tell(draft: LiveDraft): void {
    const event: LiveEvent = {
      v: EVENT_VERSION,
      after: this.#state.seq,
      live: this.#nextLive++,
      at: this.#ports.clock.now(),
      sessionId: this.#state.sessionId,
      ...shown(draft),
    }
    this.#underWay.note(event)
    this.hub.publish(event)
  }

  snapshot(): LiveEvent {
    return {
      v: EVENT_VERSION,
      after: this.#state.seq,
      live: 0,
      at: this.#ports.clock.now(),
      sessionId: this.#state.sessionId,
      ...this.#underWay.snapshot(this.#state),
    }
  }

  /** Starts putting all that was written on disk. Whoever must know awaits `settled`. */
  flushSoon(): void {
    this.#flushing = (async () => this.#log.append([], { flush: true }))()
    this.#flushing.catch((error: unknown) => this.#fail(error))
  }

  /** Whether a write failed, after which nothing more can be written. */
  get isFailed(): boolean {
    return this.#failure !== undefined
  }

  settled(): Promise<void> {
    return this.#flushing
  }

  #stamp(draft: DurableDraft, causedBy: OpId | undefined): DurableEvent {
    return stamp(shown(draft), {
      seq: this.#nextSeq++,
      sessionId: this.#state.sessionId,
      id: this.#ports.random.id("evt"),
      at: this.#ports.clock.now(),
      causedBy,
    })
  }

  #queue(): InputId[] {
    return this.#state.queue.map((queued) => queued.inputId)
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.hub.fail(error)
  }
}

interface Stamp {
  readonly seq: number
  readonly sessionId: SessionId
  readonly id: DurableEvent["id"]
  readonly at: number
  readonly causedBy: OpId | undefined
}

/** A draft with its envelope, in the order the log shows it. */
export function stamp(draft: DurableDraft, { seq, sessionId, id, at, causedBy }: Stamp): DurableEvent {
  const envelope = { v: EVENT_VERSION, seq, id, at, sessionId }
  return causedBy === undefined ? { ...envelope, ...draft } : { ...envelope, causedBy, ...draft }
}
