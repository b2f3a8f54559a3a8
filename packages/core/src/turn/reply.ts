import {
  type CallId,
  type DurableDraft,
  type ItemId,
  type ProviderData,
  SkeinError,
  type TurnId,
  type Usage,
} from "@skein/protocol"
import { readCall } from "../calls/read.ts"
import { visible } from "../context/visible.ts"
import type { ModelChunk, Place, StopReason } from "../ports/index.ts"
import { usageOf } from "./counted.ts"
import { type HostedChunk, hostedCompleted, hostedStarted, type OpenSearch } from "./hosted.ts"
import type { TurnPorts } from "./ports.ts"

/** What collecting a reply takes of a turn's ports. */
type ReplyPorts = Pick<TurnPorts, "clock" | "random" | "tokens" | "tell"> & {
  readonly tools: Pick<TurnPorts["tools"], "describe" | "list" | "ready">
  emit(drafts: readonly DurableDraft[]): Promise<void>
}

interface ReplyFacts {
  readonly turnId: TurnId
  readonly step: number
  readonly place: Place
  /** See `readCall`. */
  readonly allows: (name: string) => boolean
  /** Our estimate, for providers that report no usage. */
  readonly inputTokens: number
}

interface OpenItem {
  readonly itemId: ItemId
  readonly kind: "agent_message" | "reasoning"
  text: string
  /** A carriage return at the end of a chunk: whether it ends a line, the next one tells. */
  held: string
  /** Characters of `text` already in the log. */
  loggedChars: number
  /** What came since the last delta was told. */
  fresh: string
}

interface OpenCall {
  readonly callId: CallId
  readonly index: number
  readonly name: string
  readonly providerCallId: string | undefined
  argumentsText: string
  isWhole: boolean
  providerData: ProviderData | undefined
}

/** Streamed text reaches the log at least this often, so that a crash loses no more. */
const LOG_EVERY_CHARS = 4_096
const LOG_EVERY_MS = 1_000

/** Collects one reply: tells deltas as they come, logs text in pieces, items when whole, calls at the end. */
export class Reply {
  readonly #facts: ReplyFacts
  readonly #ports: ReplyPorts
  readonly #items = new Map<number, OpenItem>()
  readonly #calls = new Map<number, OpenCall>()
  /** Searches of the provider, as far as they are known. */
  readonly #hosted = new Map<number, OpenSearch>()
  #usage: Partial<Usage> = {}
  #outputTokens = 0
  #stop: { reason: StopReason; requestId: string | undefined; storedAs: string | undefined } | undefined
  #startedAt: number
  #firstTokenMs: number | undefined
  #loggedAt: number

  constructor(facts: ReplyFacts, ports: ReplyPorts) {
    this.#facts = facts
    this.#ports = ports
    this.#startedAt = ports.clock.now()
    this.#loggedAt = this.#startedAt
  }

  /** One network read's worth of chunks: at most one delta an item, however many tokens it held. */
  async take(burst: readonly ModelChunk[]): Promise<void> {
    const whole: DurableDraft[] = []
    for (const chunk of burst) {
      const draft = this.#chunk(chunk)
      if (draft !== undefined) whole.push(draft)
    }
    this.#tellFresh()
    const appended = this.#appendable()
    if (appended.length + whole.length > 0) await this.#ports.emit([...appended, ...whole])
  }

  /** What ends the step. Throws SkeinError when the stream ended without saying that the reply is whole. */
  end() {
    if (this.#stop === undefined) {
      throw new SkeinError("provider.stream_cut", "The model's reply ended in the middle. It is asked again.")
    }
    const { reason, requestId, storedAs } = this.#stop
    const stop = this.#calls.size > 0 && reason === "end" ? "calls" : reason
    return {
      outcome: "completed",
      stop,
      usage: this.usage(),
      firstTokenMs: this.#firstTokenMs,
      requestId,
      storedAs,
    } as const
  }

  /** Text so far of items that never became whole, kept as interrupted. */
  cut(): DurableDraft[] {
    this.#tellFresh()
    return [...this.#items]
      .filter(([, item]) => item.text !== "")
      .map(([index, item]) => this.#completed(index, item, "interrupted"))
  }

  /** Resolves when the calls can be described. Awaited before `rest`. */
  async readied(): Promise<void> {
    for (const { name } of this.#calls.values()) await this.#ports.tools.ready?.(name, this.#facts.place)
  }

  /**
   * What a whole reply still owes the log: items and searches that the wire never closed, then the calls in order. A call whose
   * arguments were cut off is marked, and never run.
   */
  rest(): DurableDraft[] {
    this.#tellFresh()
    const items = [...this.#items].map(([index, item]) => this.#completed(index, item, "complete"))
    // Whatever the provider found is in the reply already: a search without an end has been made all the same.
    const hosted = [...this.#hosted.values()].map((each) => this.#searched(each, undefined))
    this.#hosted.clear()
    return [...items, ...hosted, ...this.#requests()]
  }

  #requests(): EventDraft<"call.requested">[] {
    // What a reply asked for that the provider then withdrew is not asked for.
    if (this.#stop?.reason === "refusal") return []
    const { turnId, step, place, allows } = this.#facts
    return [...this.#calls.values()].map((call) => {
      const { callId, index, name, providerCallId, providerData } = call
      const read = readCall(call, { place, allows, tools: this.#ports.tools })
      return { type: "call.requested", turnId, step, callId, index, name, providerCallId, providerData, ...read }
    })
  }

  /** Whether the provider did anything that it may charge for. */
  get hasBegun(): boolean {
    return this.#firstTokenMs !== undefined || Object.keys(this.#usage).length > 0
  }

  /** As the provider counted, else as we estimate. */
  usage(): Usage {
    return usageOf(this.#usage, { input: this.#facts.inputTokens, output: this.#outputTokens })
  }

  #chunk(chunk: ModelChunk): DurableDraft | undefined {
    switch (chunk.type) {
      case "text":
        return this.#text(chunk.index, "agent_message", chunk.text)
      case "reasoning":
        return this.#text(chunk.index, "reasoning", chunk.text)
      case "call": {
        const { index, name, providerCallId } = chunk
        const callId = this.#ports.random.id("cal")
        this.#mark()
        this.#calls.set(index, {
          callId,
          index,
          name,
          providerCallId,
          argumentsText: "",
          isWhole: false,
          providerData: undefined,
        })
        return undefined
      }
      case "hosted":
        return this.#searches(chunk)
      case "arguments": {
        const call = this.#calls.get(chunk.index)
        if (call !== undefined) call.argumentsText += chunk.text
        this.#outputTokens += this.#ports.tokens.estimate(chunk.text)
        return undefined
      }
      case "item_end":
        return this.#itemEnd(chunk)
      case "notice":
        return { type: "notice.posted", level: "info", text: visible(chunk.text), code: chunk.code }
      case "usage":
        this.#usage = { ...this.#usage, ...chunk.usage }
        return undefined
      case "stop":
        this.#stop = { reason: chunk.reason, requestId: chunk.requestId, storedAs: chunk.storedAs }
        return undefined
    }
  }

  #searches(chunk: HostedChunk): undefined {
    this.#mark()
    const itemId = this.#hosted.get(chunk.index)?.itemId ?? this.#ports.random.id("itm")
    this.#hosted.set(chunk.index, { itemId, chunk })
    const { turnId, step } = this.#facts
    this.#ports.tell({ ...hostedStarted(chunk, itemId), turnId, step })
  }

  #text(index: number, kind: OpenItem["kind"], text: string): undefined {
    this.#mark()
    const item = this.#items.get(index) ?? this.#open(index, kind)
    const whole = item.held + text
    item.held = whole.endsWith("\r") ? "\r" : ""
    const shown = visible(item.held === "" ? whole : whole.slice(0, -1))
    item.text += shown
    item.fresh += shown
    this.#outputTokens += this.#ports.tokens.estimate(text)
  }

  #open(index: number, kind: OpenItem["kind"]): OpenItem {
    const item = { itemId: this.#ports.random.id("itm"), kind, text: "", held: "", loggedChars: 0, fresh: "" }
    this.#items.set(index, item)
    const { turnId, step } = this.#facts
    this.#ports.tell({ type: "item.started", turnId, step, itemId: item.itemId, kind })
    return item
  }

  #itemEnd(chunk: Extract<ModelChunk, { type: "item_end" }>): DurableDraft | undefined {
    const call = this.#calls.get(chunk.index)
    if (call !== undefined) {
      call.isWhole = true
      call.argumentsText = chunk.argumentsText ?? call.argumentsText
      call.providerData = chunk.providerData
      return undefined
    }
    const hosted = this.#hosted.get(chunk.index)
    if (hosted !== undefined) {
      this.#hosted.delete(chunk.index)
      return this.#searched(hosted, chunk.providerData)
    }
    // A thought may have no text and yet a signature that must go back.
    const hasOnlyData = chunk.providerData !== undefined && !this.#items.has(chunk.index)
    const item = hasOnlyData ? this.#open(chunk.index, "reasoning") : this.#items.get(chunk.index)
    if (item === undefined) return undefined
    this.#tellFresh()
    this.#items.delete(chunk.index)
    if (chunk.text !== undefined) item.text = visible(chunk.text)
    return { ...this.#completed(chunk.index, item, "complete"), providerData: chunk.providerData }
  }

  #searched({ chunk, itemId }: OpenSearch, providerData: ProviderData | undefined): DurableDraft {
    const { turnId, step } = this.#facts
    return { ...hostedCompleted(chunk, itemId, providerData), turnId, step }
  }

  #completed(index: number, item: OpenItem, status: "complete" | "interrupted"): EventDraft<"item.completed"> {
    const { turnId, step } = this.#facts
    const { itemId, kind, text } = item
    return { type: "item.completed", turnId, step, itemId, index, kind, text, status }
  }

  #tellFresh(): void {
    for (const item of this.#items.values()) {
      if (item.fresh === "") continue
      const channel = item.kind === "reasoning" ? "reasoning" : "text"
      this.#ports.tell({ type: "item.delta", itemId: item.itemId, channel, text: item.fresh })
      item.fresh = ""
    }
  }

  #appendable(): DurableDraft[] {
    const now = this.#ports.clock.now()
    const isDue = now - this.#loggedAt >= LOG_EVERY_MS
    const { turnId, step } = this.#facts
    const due = [...this.#items.values()].filter(
      (item) => item.text.length - item.loggedChars >= (isDue ? 1 : LOG_EVERY_CHARS),
    )
    if (due.length > 0) this.#loggedAt = now
    return due.map((item) => {
      const text = item.text.slice(item.loggedChars)
      item.loggedChars = item.text.length
      return { type: "item.appended", turnId, step, itemId: item.itemId, kind: item.kind, text }
    })
  }

  #mark(): void {
    this.#firstTokenMs ??= this.#ports.clock.now() - this.#startedAt
  }
}

type EventDraft<T extends DurableDraft["type"]> = Extract<DurableDraft, { type: T }>
