import type { CallId, Event, EventOf, ItemId, PlannedAction, Usage } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { errorInfo, isDeclined, plainId, planSteps, reconnecting } from "../words.ts"
import { gitDiff } from "./diffs.ts"
import {
  agentMessage,
  type CallFacts,
  callItem,
  compaction,
  outputOf,
  reasoning,
  userMessage,
  webSearchItem,
} from "./items.ts"
import { endedTurn, errorOf, type OpenTurn, runningTurn, seconds } from "./turns.ts"
import { tokenUsage } from "./usage.ts"

export interface Notification {
  readonly method: string
  readonly params: Json
}

export interface FeedFacts {
  readonly threadId: string
  /** The thread's folder, absolute. */
  readonly cwd: string
  /** Tokens of the session before the feed began. */
  readonly usage: Usage
  readonly contextTokens: number | undefined
}

interface OpenCall {
  readonly requested: EventOf<"call.requested">
  input: unknown
  actions?: readonly PlannedAction[]
  startedAt?: number
  hasRun: boolean
  /** Bytes of output told so far. */
  bytes: number
}

/** A session's events as app-server notifications, in the order Codex sends them. */
export class ThreadFeed {
  readonly #facts: FeedFacts
  readonly #calls = new Map<CallId, OpenCall>()
  readonly #items = new Map<ItemId, { readonly kind: "agent_message" | "reasoning"; isTold: boolean; text: string }>()
  readonly #clientIds = new Set<string>()
  #turn: OpenTurn | undefined
  #total: Usage
  #compactions = 0

  constructor(facts: FeedFacts) {
    this.#facts = facts
    this.#total = facts.usage
  }

  get turnId(): string | undefined {
    return this.#turn?.id
  }

  /** A message that the client calls by an id of its own, which is also its input's. */
  expect(clientId: string): void {
    this.#clientIds.add(clientId)
  }

  /** What is known of a call that is not settled. */
  call(callId: CallId): CallFacts | undefined {
    const call = this.#calls.get(callId)
    return call === undefined ? undefined : this.#factsOf(call)
  }

  /** The notifications an event makes, in order. */
  notifications(event: Event): readonly Notification[] {
    switch (event.type) {
      case "turn.started":
        return this.#started(event)
      case "turn.steered":
        return event.inputs.flatMap((input) => this.#said(input, event.at))
      case "turn.ended":
        return this.#ended(event)
      case "item.started":
        this.#items.set(event.itemId, { kind: event.kind, isTold: false, text: "" })
        return []
      case "item.delta":
        return this.#delta(event)
      case "item.completed":
        return this.#completed(event)
      case "hosted_call.completed":
        return this.#whole(webSearchItem(plainId(event.itemId), event), event.at)
      case "call.requested":
        if (event.defect !== undefined) return []
        this.#calls.set(event.callId, { requested: event, input: event.input, hasRun: false, bytes: 0 })
        return []
      case "call.amended":
        return this.#with(event.callId, (call) => {
          call.input = event.input
          return []
        })
      case "approval.requested":
        if (event.callId === undefined) return []
        return this.#with(event.callId, (call) => {
          call.actions = event.actions
          return this.#begun(call, event.at)
        })
      case "call.started":
        return this.#with(event.callId, (call) => {
          call.hasRun = true
          return this.#begun(call, event.at)
        })
      case "call.progress":
        return this.#with(event.callId, (call) => this.#output(call, event.bytes, event.preview))
      case "call.settled":
        return this.#with(event.callId, (call) => this.#settled(call, event))
      case "todo.changed":
        return [this.#inTurn("turn/plan/updated", { explanation: null, plan: planSteps(event.todos) })]
      case "step.ended":
        return this.#used(event.usage)
      case "step.discarded":
        return [
          ...(event.usage === undefined ? [] : this.#used(event.usage)),
          ...(event.retryInMs === undefined ? [] : [this.#retried(event)]),
        ]
      case "context.compacted":
        return event.summary === undefined ? [] : this.#whole(compaction(`compaction-${++this.#compactions}`), event.at)
      case "notice.posted":
        return event.level === "info" ? [] : [this.#note("warning", { message: event.text })]
      case "session.changed":
        return event.title === undefined ? [] : [this.#note("thread/name/updated", { threadName: event.title })]
      default:
        return []
    }
  }

  #started(event: EventOf<"turn.started">): readonly Notification[] {
    const id = plainId(event.turnId)
    this.#turn = { id, startedAt: event.at, lastMessage: undefined, diffs: [] }
    return [
      this.#note("thread/status/changed", { status: { type: "active", activeFlags: [] } }),
      this.#note("turn/started", { turn: { ...runningTurn(id), startedAt: seconds(event.at) } }),
      ...this.#said(event, event.at),
    ]
  }

  #said({ inputId, input }: Pick<EventOf<"turn.started">, "inputId" | "input">, at: number): readonly Notification[] {
    const id = plainId(inputId)
    return this.#whole(userMessage(id, input, this.#clientIds.has(id) ? id : null), at)
  }

  #ended({ at, outcome }: EventOf<"turn.ended">): readonly Notification[] {
    const open = [...this.#calls.values()].filter(({ startedAt }) => startedAt !== undefined)
    const closing = open.map((call) => {
      const end = { state: "cancelled", forModel: [], durationMs: at - (call.startedAt ?? at) } as const
      return this.#inTurn("item/completed", { item: callItem(this.#factsOf(call), end), completedAtMs: at })
    })
    const turn = this.#turn
    this.#calls.clear()
    this.#items.clear()
    if (turn === undefined) return closing
    const error = errorOf(outcome)
    const failing =
      error === null
        ? [this.#note("thread/status/changed", { status: { type: "idle" } })]
        : [
            this.#note("thread/status/changed", { status: { type: "systemError" } }),
            this.#inTurn("error", { error, willRetry: false }),
          ]
    const completed = this.#note("turn/completed", { turn: { ...endedTurn(turn, outcome, at), error } })
    this.#turn = undefined
    return [...closing, ...failing, completed]
  }

  #delta(event: EventOf<"item.delta">): readonly Notification[] {
    const item = this.#items.get(event.itemId)
    if (item === undefined) return []
    item.text += event.text
    const itemId = plainId(event.itemId)
    const opening = this.#opened(item, itemId, event.at)
    if (item.kind === "agent_message") {
      return [...opening, this.#inTurn("item/agentMessage/delta", { itemId, delta: event.text })]
    }
    const delta = { itemId, delta: event.text, summaryIndex: 0 }
    return [...opening, this.#inTurn("item/reasoning/summaryTextDelta", delta)]
  }

  #opened(item: { readonly kind: string; isTold: boolean }, itemId: string, at: number): readonly Notification[] {
    if (item.isTold) return []
    item.isTold = true
    const started = (content: Json) => this.#inTurn("item/started", { item: content, startedAtMs: at })
    if (item.kind === "agent_message") return [started(agentMessage(itemId, ""))]
    return [
      started(reasoning(itemId, "")),
      this.#inTurn("item/reasoning/summaryPartAdded", { itemId, summaryIndex: 0 }),
    ]
  }

  #completed(event: EventOf<"item.completed">): readonly Notification[] {
    const item = this.#items.get(event.itemId) ?? { kind: event.kind, isTold: false }
    this.#items.delete(event.itemId)
    if (event.text.trim() === "" && !item.isTold) return []
    const itemId = plainId(event.itemId)
    const content = event.kind === "agent_message" ? agentMessage(itemId, event.text) : reasoning(itemId, event.text)
    if (this.#turn && event.kind === "agent_message" && event.status === "complete") this.#turn.lastMessage = content
    return [
      ...this.#opened(item, itemId, event.at),
      this.#inTurn("item/completed", { item: content, completedAtMs: event.at }),
    ]
  }

  #begun(call: OpenCall, at: number): readonly Notification[] {
    if (call.startedAt !== undefined) return []
    call.startedAt = at
    return [this.#inTurn("item/started", { item: callItem(this.#factsOf(call)), startedAtMs: at })]
  }

  /** `preview` ends where the output ends; what is new of it is told, and what was lost before is not. */
  #output(call: OpenCall, bytes: number, preview: string): readonly Notification[] {
    const fresh = Buffer.from(preview)
      .subarray(-Math.max(bytes - call.bytes, 0))
      .toString()
    if (bytes <= call.bytes || fresh === "") return []
    call.bytes = bytes
    const itemId = plainId(call.requested.callId)
    return [this.#inTurn("item/commandExecution/outputDelta", { itemId, delta: fresh })]
  }

  #settled(call: OpenCall, event: EventOf<"call.settled">): readonly Notification[] {
    this.#calls.delete(event.callId)
    // A change that did not fit its file, or a call stopped before it ran, never became an item.
    if (call.startedAt === undefined && !isDeclined(event.code)) return []
    const opening = this.#begun(call, event.at)
    const facts = this.#factsOf(call)
    const item = callItem(facts, { ...event, state: event.outcome })
    const missed = item.type === "commandExecution" && call.hasRun && call.bytes === 0 ? outputOf(event) : ""
    const output =
      missed === "" ? [] : [this.#inTurn("item/commandExecution/outputDelta", { itemId: facts.id, delta: missed })]
    const completed = this.#inTurn("item/completed", { item, completedAtMs: event.at })
    return [...opening, ...output, completed, ...this.#changed(event)]
  }

  #changed({ changes }: EventOf<"call.settled">): readonly Notification[] {
    const diffs = (changes ?? []).map((change) => gitDiff(change, this.#facts.cwd)).filter((diff) => diff !== "")
    if (this.#turn === undefined || diffs.length === 0) return []
    this.#turn.diffs.push(...diffs)
    return [this.#inTurn("turn/diff/updated", { diff: this.#turn.diffs.join("") })]
  }

  #used(last: Usage): readonly Notification[] {
    const total = this.#total
    this.#total = {
      input: total.input + last.input,
      cacheRead: total.cacheRead + last.cacheRead,
      cacheWrite: total.cacheWrite + last.cacheWrite,
      output: total.output + last.output,
      reasoning: total.reasoning + last.reasoning,
    }
    return [
      this.#inTurn("thread/tokenUsage/updated", {
        tokenUsage: {
          total: tokenUsage(this.#total),
          last: tokenUsage(last),
          modelContextWindow: this.#facts.contextTokens ?? null,
        },
      }),
    ]
  }

  #retried(event: EventOf<"step.discarded">): Notification {
    const message = reconnecting(event.attempt, event.message)
    const error = { message, codexErrorInfo: errorInfo(event.code), additionalDetails: event.message }
    return this.#inTurn("error", { error, willRetry: true })
  }

  #with(callId: CallId, tell: (call: OpenCall) => readonly Notification[]): readonly Notification[] {
    const call = this.#calls.get(callId)
    return call === undefined ? [] : tell(call)
  }

  #factsOf({ requested, input, actions }: OpenCall): CallFacts {
    const { name, locations, callId } = requested
    return { id: plainId(callId), name, input, locations, cwd: this.#facts.cwd, actions }
  }

  #whole(item: Json, at: number): readonly Notification[] {
    return [
      this.#inTurn("item/started", { item, startedAtMs: at }),
      this.#inTurn("item/completed", { item, completedAtMs: at }),
    ]
  }

  #inTurn(method: string, params: Json): Notification {
    return { method, params: { ...params, threadId: this.#facts.threadId, turnId: this.#turn?.id ?? "" } }
  }

  #note(method: string, params: Json): Notification {
    return { method, params: { threadId: this.#facts.threadId, ...params } }
  }
}
