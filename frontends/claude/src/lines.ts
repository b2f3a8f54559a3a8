import {
  type ApprovalId,
  type CallId,
  type CommandOutcome,
  type Event,
  type EventOf,
  type ModelInfo,
  NO_USAGE,
} from "@skein/protocol"
import { given, type Json } from "@skein/protocol/json"
import { BesideLines } from "./beside.ts"
import { blockOf, hostedBlocks } from "./blocks.ts"
import { writeContent } from "./content.ts"
import type { HostCall } from "./host-call.ts"
import { DELTAS, isThought, PartialMessages } from "./partial.ts"
import { toolUseResult } from "./results.ts"
import { initFields, type SessionFacts } from "./system-lines.ts"
import { apiFailure, interruptionText, TurnAccount } from "./turn.ts"
import { messageUsage } from "./usage.ts"
import { claudeError, claudeInput, claudeModel, claudeStop, claudeTool, lineUuid } from "./words.ts"

export interface LineContext extends SessionFacts {
  /** The session's plain UUID. */
  readonly sessionId: string
  readonly models: readonly ModelInfo[]
  /** `provider/model` at the start; changes are followed. */
  readonly model: string
  readonly isPartial: boolean
  /** Whether a host is told of every hook that ran. */
  readonly hasHooks: boolean
  /** Whether a host shows what the person may want to say next. */
  readonly hasSuggestions?: boolean | undefined
  readonly hidesThinking?: boolean | undefined
  readonly isStructured: boolean
  readonly uuid: () => string
}

/** Tells a session's events in the contract's words: one content block for each assistant line. */
export class Translator {
  readonly #context: LineContext
  readonly #account: TurnAccount
  readonly #partial = new PartialMessages()
  readonly #calls = new Map<CallId, HostCall>()
  readonly #toolUseIds = new Map<string, string>()
  /** Of calls that others made: the host's id of the one that did. */
  readonly #parents = new Map<CallId, string>()
  readonly #asked = new Map<ApprovalId, CallId>()
  readonly #beside: BesideLines
  #model: string
  #messageId = ""

  constructor(context: LineContext) {
    this.#context = context
    this.#account = new TurnAccount(context)
    this.#beside = new BesideLines({
      ...{ hasHooks: context.hasHooks, hasSuggestions: context.hasSuggestions === true },
      ...{ call: (id) => this.#calls.get(id), toolUseId: (id) => this.#toolUseIds.get(id) },
    })
    this.#model = context.model
  }

  /** A call that has not settled. */
  call(id: CallId): HostCall | undefined {
    return this.#calls.get(id)
  }

  /** The host's id of any call of the session, settled or not. */
  toolUseId(callId: string): string | undefined {
    return this.#toolUseIds.get(callId)
  }

  /** Calls that have not settled: all of them, or the one that the host knows by an id. */
  openCalls(toolUseId?: string): readonly CallId[] {
    const all = [...this.#calls]
    return all.flatMap(([id, call]) => (toolUseId === undefined || call.toolUseId === toolUseId ? [id] : []))
  }

  /** The lines that an event makes, in order; none for many. */
  lines(event: Event): readonly Json[] {
    if (this.#context.hidesThinking === true && isThought(event)) return []
    // Found out first: a call that settles is known only until its own lines are made.
    const beside = this.#beside.lines(event)
    return [...this.#conversation(event), ...beside.map((fields) => this.#line(fields))]
  }

  #conversation(event: Event): readonly Json[] {
    switch (event.type) {
      case "settings.changed":
        return this.#settingsChanged(event)
      case "turn.started":
        this.#account.started(event)
        return [this.#init()]
      case "step.started":
        return this.#stepStarted(event)
      case "item.started":
        return this.#streamed(this.#partial.open(event.itemId, blockOf(event.kind, "")))
      case "item.delta":
        return this.#streamed(this.#partial.add(event.itemId, DELTAS[event.channel], event.text))
      case "item.completed":
        return this.#itemCompleted(event)
      case "hosted_call.completed":
        return hostedBlocks(event).map((block) => this.#assistant(event.at, block))
      case "call.requested":
        return this.#callRequested(event)
      case "call.amended":
        return this.#callAmended(event)
      case "call.settled":
        return this.#callSettled(event)
      case "approval.requested":
        if (event.callId !== undefined) this.#asked.set(event.approvalId, event.callId)
        return this.#streamed(this.#partial.end("tool_use"))
      case "approval.resolved":
        if (event.answer.startsWith("reject")) this.#deny(this.#asked.get(event.approvalId))
        this.#asked.delete(event.approvalId)
        return []
      case "step.ended":
        this.#account.stepEnded(event)
        return this.#streamed(this.#partial.end(claudeStop(event.stop), event.usage))
      case "step.discarded":
        this.#account.stepDiscarded(event)
        return this.#streamed(this.#partial.end(null))
      case "turn.ended":
        return this.#turnEnded(event)
      default:
        return []
    }
  }

  /** What came of a slash command: no turn, but told as one that asked no model. No event made it, so it has no time. */
  commanded({ text, isRefused }: Pick<CommandOutcome, "text" | "isRefused">): readonly Json[] {
    const message = { id: this.#context.uuid(), model: "<synthetic>", stop_reason: "stop_sequence" }
    const said = text === "" ? [] : [this.#assistant(undefined, { type: "text", text }, {}, message)]
    return [this.#init(), ...said, this.#line(this.#account.commanded(text, isRefused))]
  }

  #init(): Json {
    return this.#system("init", initFields(this.#context, this.#model))
  }

  #settingsChanged({ changes }: EventOf<"settings.changed">): readonly Json[] {
    this.#model = changes.model ?? this.#model
    if (changes.mode === undefined) return []
    return [this.#system("status", { status: null, permissionMode: this.#context.mode() })]
  }

  #stepStarted(event: EventOf<"step.started">): readonly Json[] {
    const left = this.#partial.end(null)
    this.#model = event.model
    this.#messageId = `msg_${event.turnId.slice("trn_".length)}_${event.step}_${event.attempt}`
    this.#account.stepStarted(event)
    return [
      ...this.#streamed(left),
      ...(this.#context.isPartial ? [this.#system("status", { status: "requesting" })] : []),
      ...this.#streamed(this.#partial.begin(this.#messageId, claudeModel(event.model))),
    ]
  }

  #itemCompleted({ itemId, kind, text, status, at }: EventOf<"item.completed">): readonly Json[] {
    if (text === "") return this.#streamed(this.#partial.close(itemId))
    if (kind === "agent_message") this.#account.said(text)
    return [
      ...this.#streamed(this.#partial.open(itemId, blockOf(kind, ""))),
      ...this.#streamed(this.#partial.complete(itemId, DELTAS[kind], text)),
      this.#assistant(at, blockOf(kind, text), {
        ...given("uuid", lineUuid(itemId)),
        ...(status === "interrupted" ? { aborted: true } : {}),
      }),
      ...this.#streamed(this.#partial.close(itemId)),
    ]
  }

  #callRequested(event: EventOf<"call.requested">): readonly Json[] {
    const { callId, parentCallId, name, title, input, providerCallId, at } = event
    const call: HostCall = {
      toolUseId: providerCallId ?? callId,
      tool: name,
      name: claudeTool(name),
      input: claudeInput(name, input, this.#context.cwd),
      title,
    }
    this.#calls.set(callId, call)
    this.#toolUseIds.set(callId, call.toolUseId)
    const block = { type: "tool_use", id: call.toolUseId, name: call.name }
    // What another call makes is no part of what the model said.
    if (parentCallId !== undefined) {
      this.#parents.set(callId, this.#calls.get(parentCallId)?.toolUseId ?? parentCallId)
      const below = { parent_tool_use_id: this.#parents.get(callId) }
      return [this.#assistant(at, { ...block, input: call.input }, { uuid: lineUuid(callId), ...below })]
    }
    return [
      ...this.#streamed(this.#partial.open(callId, { ...block, input: {} })),
      ...this.#streamed(this.#partial.add(callId, "input_json_delta", JSON.stringify(call.input))),
      this.#assistant(at, { ...block, input: call.input }, given("uuid", lineUuid(callId))),
      ...this.#streamed(this.#partial.close(callId)),
    ]
  }

  #callAmended({ callId, input }: EventOf<"call.amended">): readonly Json[] {
    const call = this.#calls.get(callId)
    if (call) this.#calls.set(callId, { ...call, input: claudeInput(call.tool, input, this.#context.cwd) })
    return []
  }

  #callSettled(event: EventOf<"call.settled">): readonly Json[] {
    const call = this.#calls.get(event.callId)
    if (!call) return []
    if (event.code === "call.denied" || event.code === "call.unattended") this.#deny(event.callId)
    this.#calls.delete(event.callId)
    const block = {
      type: "tool_result",
      tool_use_id: call.toolUseId,
      content: writeContent(event.forModel),
      is_error: event.outcome !== "success",
    }
    const parent = this.#parents.get(event.callId)
    const below = parent === undefined ? {} : { parent_tool_use_id: parent }
    const more = { tool_use_result: toolUseResult(call.name, call.input, event), ...below }
    const result = this.#user(event.at, block, more)
    if (parent !== undefined) return [result]
    return [...this.#streamed(this.#partial.end("tool_use")), result]
  }

  #deny(callId: CallId | undefined): void {
    const call = callId === undefined ? undefined : this.#calls.get(callId)
    if (!callId || !call) return
    this.#account.denied(callId, { tool_name: call.name, tool_use_id: call.toolUseId, tool_input: call.input })
  }

  #turnEnded(event: EventOf<"turn.ended">): readonly Json[] {
    return [
      ...this.#streamed(this.#partial.end(null)),
      ...this.#endingOf(event),
      this.#line(this.#account.ended(event)),
    ]
  }

  /** What the person reads of a turn that did not end by itself. */
  #endingOf({ outcome, at }: EventOf<"turn.ended">): readonly Json[] {
    const failed = apiFailure(outcome)
    if (failed) {
      const more = { error: claudeError(failed.code), is_api_error_message: true }
      const message = { id: this.#context.uuid(), model: "<synthetic>", stop_reason: "stop_sequence" }
      return [this.#assistant(at, { type: "text", text: failed.text }, more, message)]
    }
    if (outcome.kind !== "interrupted") return []
    return [this.#user(at, { type: "text", text: interruptionText(this.#account.hasRunCalls) })]
  }

  #assistant(at: number | undefined, block: Json, more: Json = {}, ofMessage: Json = {}): Json {
    const message = {
      id: this.#messageId,
      type: "message",
      role: "assistant",
      model: claudeModel(this.#model),
      content: [block],
      stop_reason: null,
      stop_sequence: null,
      // The provider's counts come with the step's end; the result has them.
      usage: messageUsage(NO_USAGE),
      ...ofMessage,
    }
    const time = at === undefined ? {} : { timestamp: timestamp(at) }
    return this.#line({ type: "assistant", message, parent_tool_use_id: null, ...time, ...more })
  }

  #user(at: number, block: Json, more: Json = {}): Json {
    const message = { role: "user", content: [block] }
    return this.#line({ type: "user", message, parent_tool_use_id: null, timestamp: timestamp(at), ...more })
  }

  #streamed(events: readonly Json[]): readonly Json[] {
    if (!this.#context.isPartial) return []
    return events.map((event) => this.#line({ type: "stream_event", event, parent_tool_use_id: null }))
  }

  #system(subtype: string, fields: Json): Json {
    return this.#line({ type: "system", subtype, ...fields })
  }

  #line(fields: Json): Json {
    return { ...fields, session_id: this.#context.sessionId, uuid: fields.uuid ?? this.#context.uuid() }
  }
}

function timestamp(at: number): string {
  return new Date(at).toISOString()
}
