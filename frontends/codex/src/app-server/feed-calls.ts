import type { CallId, EventOf, FileChange, PlannedAction } from "@skein/protocol"
import { isSameJson } from "@skein/protocol/json"
import { callWord, isDeclined, plainId } from "../words.ts"
import { gitDiff } from "./diffs.ts"
import { type CallFacts, callItem, outputOf } from "./items.ts"
import { fresh, type Said } from "./output.ts"
import type { Notification, Telling } from "./telling.ts"

interface OpenCall extends Said {
  readonly requested: EventOf<"call.requested">
  input: unknown
  actions?: readonly PlannedAction[]
  changes?: readonly FileChange[] | undefined
  startedAt?: number
  hasRun: boolean
}

/** The calls of a turn: each is told when it is asked about or begins, and once more when it is settled. */
export class CallFeed {
  readonly #telling: Telling
  readonly #cwd: string
  readonly #calls = new Map<CallId, OpenCall>()
  /** Of each change made in the turn, as git shows it. */
  readonly #diffs: string[] = []

  constructor(telling: Telling, cwd: string) {
    this.#telling = telling
    this.#cwd = cwd
  }

  /** What is known of a call that is not settled. */
  facts(callId: CallId): CallFacts | undefined {
    const call = this.#calls.get(callId)
    return call === undefined ? undefined : this.#factsOf(call)
  }

  /** The oldest that began with this name and these arguments. */
  named(name: string, input: unknown): string | undefined {
    const calls = [...this.#calls.values()].filter(({ requested }) => requested.name === name)
    const call = calls.find((one) => isSameJson(one.input, input)) ?? calls[0]
    return call === undefined ? undefined : plainId(call.requested.callId)
  }

  requested(event: EventOf<"call.requested">): readonly Notification[] {
    if (event.defect !== undefined) return []
    this.#calls.set(event.callId, { requested: event, input: event.input, hasRun: false, bytes: 0 })
    return []
  }

  amended({ callId, input }: EventOf<"call.amended">): readonly Notification[] {
    return this.#with(callId, (call) => {
      call.input = input
      return []
    })
  }

  asked({ callId, actions, at }: EventOf<"approval.requested">): readonly Notification[] {
    if (callId === undefined) return []
    return this.#with(callId, (call) => {
      call.actions = actions
      return this.#begun(call, at)
    })
  }

  started({ callId, at }: EventOf<"call.started">): readonly Notification[] {
    return this.#with(callId, (call) => {
      call.hasRun = true
      // What a change holds that nobody was asked about is only known when it is made, and is told then.
      const isUnknown = callWord(call.requested.name) === "file_change" && call.actions === undefined
      return isUnknown ? [] : this.#begun(call, at)
    })
  }

  progress({ callId, bytes, preview }: EventOf<"call.progress">): readonly Notification[] {
    return this.#with(callId, (call) => {
      const delta = fresh(call, bytes, preview)
      if (delta === "") return []
      return [this.#telling.inTurn("item/commandExecution/outputDelta", { itemId: plainId(callId), delta })]
    })
  }

  settled(event: EventOf<"call.settled">): readonly Notification[] {
    return this.#with(event.callId, (call) => {
      this.#calls.delete(event.callId)
      // A change that did not fit its file, or a call stopped before it ran, never became an item.
      if (call.startedAt === undefined && !call.hasRun && !isDeclined(event.code)) return []
      call.changes = event.changes
      const opening = this.#begun(call, event.at)
      const facts = this.#factsOf(call)
      const item = callItem(facts, { ...event, state: event.outcome })
      const delta = item.type === "commandExecution" && call.hasRun && call.bytes === 0 ? outputOf(event) : ""
      const output =
        delta === "" ? [] : [this.#telling.inTurn("item/commandExecution/outputDelta", { itemId: facts.id, delta })]
      return [...opening, ...output, this.#telling.completed(item, event.at), ...this.#changed(event)]
    })
  }

  /** The turn is over: what is open is closed. */
  over(at: number): readonly Notification[] {
    const open = [...this.#calls.values()].filter(({ startedAt }) => startedAt !== undefined)
    this.#calls.clear()
    this.#diffs.length = 0
    return open.map((call) => {
      const end = { state: "cancelled", forModel: [], durationMs: at - (call.startedAt ?? at) } as const
      return this.#telling.completed(callItem(this.#factsOf(call), end), at)
    })
  }

  #begun(call: OpenCall, at: number): readonly Notification[] {
    if (call.startedAt !== undefined) return []
    call.startedAt = at
    return [this.#telling.started(callItem(this.#factsOf(call)), at)]
  }

  #changed({ changes }: EventOf<"call.settled">): readonly Notification[] {
    const diffs = (changes ?? []).map((change) => gitDiff(change, this.#cwd)).filter((diff) => diff !== "")
    if (this.#telling.turnId === "" || diffs.length === 0) return []
    this.#diffs.push(...diffs)
    return [this.#telling.inTurn("turn/diff/updated", { diff: this.#diffs.join("") })]
  }

  #with(callId: CallId, tell: (call: OpenCall) => readonly Notification[]): readonly Notification[] {
    const call = this.#calls.get(callId)
    return call === undefined ? [] : tell(call)
  }

  #factsOf({ requested, input, actions, changes }: OpenCall): CallFacts {
    const { name, locations, callId } = requested
    return { id: plainId(callId), name, input, locations, cwd: this.#cwd, actions, changes }
  }
}
