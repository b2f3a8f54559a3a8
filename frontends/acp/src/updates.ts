import {
  type CallId,
  type Event,
  type EventOf,
  type ModelInfo,
  type Settings,
  type ToolCall,
  withChanges,
} from "@skein/protocol"
import {
  type CallFacts,
  callAmended,
  callMoved,
  callProgressed,
  callReported,
  callSettled,
  hostedReported,
  shellReported,
  terminalContent,
} from "./calls.ts"
import { Children } from "./children.ts"
import type { ClientFacts } from "./client-facts.ts"
import { compaction, info, plan, planOf, usage } from "./notes.ts"
import { configOptions } from "./options.ts"
import { OwnTerminals } from "./own-terminals.ts"
import type { Json } from "./rpc.ts"
import { type Chunk, ToldText } from "./told-text.ts"

export interface UpdatesContext {
  readonly facts: ClientFacts
  readonly models: readonly ModelInfo[]
  readonly settings: Settings
  /** The session's folder, as the client names it. */
  readonly cwd: string
  /** Calls from before that are not settled. */
  readonly openCalls: readonly ToolCall[]
  /** What the person was told in this session before, also by another process. */
  readonly noticed: readonly string[]
}

/** Output of a running call is shown again at most this often. */
const PROGRESS_EVERY_MS = 200

/** A session's events as the `session/update`s of ACP, in order. Holds what later ones need of earlier ones. */
export class Updates {
  readonly #context: UpdatesContext
  readonly #text = new ToldText()
  readonly #calls = new Map<CallId, CallFacts>()
  readonly #children = new Children()
  /** The client's own, by the call that runs in them. */
  readonly #terminals = new Map<string, string>()
  readonly #own: OwnTerminals
  readonly #progressAt = new Map<CallId, number>()
  readonly #noticed: Set<string>
  #settings: Settings

  constructor(context: UpdatesContext) {
    this.#context = context
    this.#settings = context.settings
    this.#own = new OwnTerminals(context.cwd)
    this.#noticed = new Set(context.noticed)
    for (const call of context.openCalls) this.#calls.set(call.callId, { ...call, kind: call.toolKind })
  }

  /** A call that was reported and is not settled. */
  call(callId: CallId | undefined): CallFacts | undefined {
    return callId === undefined ? undefined : this.#calls.get(callId)
  }

  /** A call runs in a terminal of the client's, which shows what it says by itself. Of a sub-agent's calls nothing is told. */
  inTerminal(callId: string, terminalId: string): readonly Json[] {
    if (![...this.#calls.keys()].some((known) => known === callId)) return []
    this.#terminals.set(callId, terminalId)
    return [{ sessionUpdate: "tool_call_update", toolCallId: callId, content: [terminalContent(terminalId)] }]
  }

  of(event: Event): readonly Json[] {
    switch (event.type) {
      case "item.started":
        this.#text.started(event.itemId, event.kind)
        return []
      case "item.delta":
        return chunks(this.#text.said(event.itemId, event.text))
      case "item.completed":
        return chunks(this.#text.completed(event.itemId, event.kind, event.text, event.status === "interrupted"))
      case "step.discarded":
        this.#text.discarded()
        return []
      case "step.ended":
      case "turn.ended":
        this.#text.ended()
        return event.type === "turn.ended" ? this.#ended(event) : []
      case "hosted_call.completed":
        return [hostedReported(event.itemId, event)]
      case "call.requested":
        this.#calls.set(event.callId, event)
        return [this.#isShownAsTerminal(event) ? this.#own.reported(event) : callReported(event)]
      case "call.amended":
        return [callAmended(event)]
      case "call.started":
        return [this.#own.has(event.callId) ? this.#own.started(event.callId) : callMoved(event.callId, "executing")]
      case "call.progress":
        return this.#progressed(event)
      case "call.settled":
        this.#calls.delete(event.callId)
        this.#progressAt.delete(event.callId)
        this.#children.settled(event.callId)
        return [this.#settled(event)]
      case "shell.started":
        return [shellReported(event)]
      case "shell.ended":
        this.#progressAt.delete(event.callId)
        return [callSettled(event)]
      default:
        return this.#aside(event)
    }
  }

  /** What is not the turn's own story. */
  #aside(event: Event): readonly Json[] {
    const { notices } = this.#context.facts
    switch (event.type) {
      case "settings.changed":
        return this.#changed(event)
      case "session.changed":
        return event.title === undefined ? [] : [info({ title: event.title, at: event.at })]
      case "todo.changed":
        return [plan(event.todos)]
      case "plan.changed":
        return event.steps === undefined ? [] : [planOf(event.steps)]
      case "subagent.started":
        return this.#children.started(event)
      case "subagent.updated":
        return this.#children.updated(event)
      case "subagent.ended":
        return this.#children.ended(event)
      case "usage.updated":
        return usage(event)
      case "notice.posted":
        return this.#isToldAlready(event) ? [] : notices.told(event.level, event.text)
      case "retry.scheduled":
        return event.isReminder === true ? [] : notices.shown("warning", event.message)
      case "context.compacted":
        return notices.hasCompaction ? [compaction(event.id, event.summary)] : []
      default:
        return []
    }
  }

  #isShownAsTerminal({ kind }: EventOf<"call.requested">): boolean {
    return kind === "execute" && this.#context.facts.showsOutput
  }

  #settled(event: EventOf<"call.settled">): Json {
    const terminalId = this.#terminals.get(event.callId)
    if (terminalId === undefined && this.#own.has(event.callId)) return this.#own.settled(event)
    this.#terminals.delete(event.callId)
    const settled = callSettled(event)
    return terminalId === undefined ? settled : { ...settled, content: [terminalContent(terminalId)] }
  }

  /** A standing fact is said by every process that finds it; a session hears it once. What happens anew is told anew. */
  #isToldAlready({ code, text }: EventOf<"notice.posted">): boolean {
    if (code !== "model.window_unknown") return false
    const isKnown = this.#noticed.has(text)
    this.#noticed.add(text)
    return isKnown
  }

  #ended({ outcome, at }: EventOf<"turn.ended">): readonly Json[] {
    const why = outcome.kind === "exhausted" || isRefusal(outcome) ? outcome.message : undefined
    return [...(why === undefined ? [] : this.#context.facts.notices.ended(why)), info({ at })]
  }

  #progressed(event: EventOf<"call.progress">): readonly Json[] {
    const last = this.#progressAt.get(event.callId)
    if (last !== undefined && event.at - last < PROGRESS_EVERY_MS) return []
    this.#progressAt.set(event.callId, event.at)
    return this.#own.has(event.callId) ? this.#own.progressed(event) : [callProgressed(event)]
  }

  #changed({ changes }: EventOf<"settings.changed">): readonly Json[] {
    this.#settings = withChanges(this.#settings, changes)
    const mode =
      changes.mode === undefined ? [] : [{ sessionUpdate: "current_mode_update", currentModeId: changes.mode }]
    return [
      ...mode,
      { sessionUpdate: "config_option_update", configOptions: configOptions(this.#settings, this.#context.models) },
    ]
  }
}

/** A failed turn is told by the prompt's own answer; a refusal is an answer like any other, and has to say why. */
function isRefusal(outcome: EventOf<"turn.ended">["outcome"]): outcome is Extract<typeof outcome, { kind: "failed" }> {
  return outcome.kind === "failed" && outcome.code === "provider.refused"
}

function chunks(chunk: Chunk | undefined): readonly Json[] {
  if (chunk === undefined) return []
  const sessionUpdate = chunk.kind === "reasoning" ? "agent_thought_chunk" : "agent_message_chunk"
  return [{ sessionUpdate, content: { type: "text", text: chunk.text }, messageId: chunk.messageId }]
}
