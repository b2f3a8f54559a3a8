import {
  type ApprovalId,
  type CallId,
  type DurableEvent,
  EVENT_VERSION,
  type EventType,
  type InputId,
  type TurnId,
} from "@skein/protocol"
import { type Mark, RecentLines } from "./recent-lines.ts"

/** What the events so far leave open. Ids, tool names and numbers only: an index holds nothing of what was said. */
export interface Unsettled {
  readonly turnId?: TurnId | undefined
  readonly step?: { readonly step: number; readonly attempt: number } | undefined
  readonly calls: readonly OpenCall[]
  readonly approvals: readonly { readonly approvalId: ApprovalId; readonly callId?: CallId | undefined }[]
  readonly queued: readonly InputId[]
}

export interface OpenCall {
  readonly callId: CallId
  /** Empty for what no tool is called: then it is the model's own word. */
  readonly name: string
  /** `running`: a crash now means that it may have run. */
  readonly state: "requested" | "awaiting_approval" | "approved" | "running"
}

/** Events between two marks. */
export const MARK_EVERY = 256

/** An index as it is kept beside its log, up to the event of `last`. */
export interface KeptIndex {
  readonly v: number
  readonly schema: number
  readonly inode: number
  readonly last: Mark
  /** The lines of events 1, 257, 513 … */
  readonly marks: readonly Mark[]
  readonly counts: { readonly [T in EventType]?: number }
  readonly unsettled: Unsettled
  /** `seq` of the newest compaction. */
  readonly compaction?: number | undefined
}

export const INDEX_VERSION = 1

/** What is known of a log besides its events, kept up as they are added: one look at each, no copy of any. */
export class LogIndex {
  readonly #counts: Map<EventType, number>
  readonly #marks: Mark[]
  readonly #recent = new RecentLines()
  readonly #calls: Map<CallId, OpenCall>
  readonly #approvals: Map<ApprovalId, { readonly approvalId: ApprovalId; readonly callId?: CallId | undefined }>
  readonly #queued: Set<InputId>
  #turnId: TurnId | undefined
  #step: Unsettled["step"]
  #compaction: number | undefined
  /** What was kept; what has been added since is among the recent lines. */
  readonly #last: Mark | undefined
  #seq: number

  constructor(kept?: KeptIndex) {
    this.#counts = new Map(Object.entries(kept?.counts ?? {}) as [EventType, number][])
    this.#marks = [...(kept?.marks ?? [])]
    this.#calls = new Map(kept?.unsettled.calls.map((call) => [call.callId, call]))
    this.#approvals = new Map(kept?.unsettled.approvals.map((approval) => [approval.approvalId, approval]))
    this.#queued = new Set(kept?.unsettled.queued)
    this.#turnId = kept?.unsettled.turnId
    this.#step = kept?.unsettled.step
    this.#compaction = kept?.compaction
    this.#last = kept?.last
    this.#seq = kept?.last.seq ?? 0
  }

  /** The newest event in it; 0 when there is none. */
  get seq(): number {
    return this.#seq
  }

  /** An event that is in the index already only tells where its line is. */
  add(event: DurableEvent, offset: number, bytes: number, sum: number): void {
    this.#recent.add(event.seq, offset, bytes, sum)
    if (event.seq <= this.#seq) return
    this.#seq = event.seq
    this.#counts.set(event.type, (this.#counts.get(event.type) ?? 0) + 1)
    if (event.seq % MARK_EVERY === 1) this.#marks.push({ seq: event.seq, offset, bytes, sum })
    this.#settle(event)
  }

  /** Undefined when it was too long ago. */
  mark(seq: number): Mark | undefined {
    return this.#recent.mark(seq)
  }

  /** Undefined while it is empty. */
  kept(inode: number): KeptIndex | undefined {
    const last = this.#recent.mark(this.#seq) ?? this.#last
    if (last === undefined) return undefined
    return {
      v: INDEX_VERSION,
      schema: EVENT_VERSION,
      inode,
      last,
      marks: this.#marks,
      counts: Object.fromEntries(this.#counts),
      unsettled: {
        turnId: this.#turnId,
        step: this.#step,
        calls: [...this.#calls.values()],
        approvals: [...this.#approvals.values()],
        queued: [...this.#queued],
      },
      compaction: this.#compaction,
    }
  }

  #settle(event: DurableEvent): void {
    switch (event.type) {
      case "turn.started":
        this.#turnId = event.turnId
        this.#queued.delete(event.inputId)
        return
      case "turn.steered":
        for (const { inputId } of event.inputs) this.#queued.delete(inputId)
        return
      case "turn.ended":
        this.#turnId = undefined
        return
      case "input.queued":
        this.#queued.add(event.inputId)
        return
      case "hook.ran":
        if (event.effect === "blocked" && event.inputId !== undefined) this.#queued.delete(event.inputId)
        return
      case "input.cancelled":
        this.#queued.delete(event.inputId)
        return
      case "step.started":
        this.#step = { step: event.step, attempt: event.attempt }
        return
      case "step.ended":
      case "step.discarded":
        this.#step = undefined
        return
      case "call.requested":
        this.#calls.set(event.callId, { callId: event.callId, name: toolName(event.name), state: "requested" })
        return
      case "call.started":
        this.#move(event.callId, "running")
        return
      case "call.settled":
        this.#calls.delete(event.callId)
        return
      case "approval.requested":
        this.#approvals.set(event.approvalId, {
          approvalId: event.approvalId,
          ...(event.callId === undefined ? {} : { callId: event.callId }),
        })
        this.#move(event.callId, "awaiting_approval")
        return
      case "approval.resolved":
        this.#move(this.#approvals.get(event.approvalId)?.callId, "approved")
        this.#approvals.delete(event.approvalId)
        return
      case "context.compacted":
        this.#compaction = event.seq
    }
  }

  #move(callId: CallId | undefined, state: OpenCall["state"]): void {
    const call = callId === undefined ? undefined : this.#calls.get(callId)
    if (call !== undefined) this.#calls.set(call.callId, { ...call, state })
  }
}

function toolName(name: string): string {
  return /^[A-Za-z0-9_.:-]{1,64}$/.test(name) ? name : ""
}
