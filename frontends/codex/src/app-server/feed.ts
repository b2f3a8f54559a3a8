import type { CallId, Event, EventOf, OpId, TurnOutcome, Usage } from "@skein/protocol"
import { errorInfo, plainId, planSteps, reconnecting } from "../words.ts"
import { AgentFeed } from "./feed-agents.ts"
import { CallFeed } from "./feed-calls.ts"
import { hookNotes } from "./feed-hooks.ts"
import { MessageFeed } from "./feed-messages.ts"
import { ShellFeed } from "./feed-shells.ts"
import { UsageFeed } from "./feed-usage.ts"
import { goalOf } from "./goal.ts"
import { type CallFacts, compaction, userMessage, webSearchItem } from "./items.ts"
import { ACTIVE, IDLE, type Notification, Telling } from "./telling.ts"
import { endedTurn, errorOf, runningTurn, seconds } from "./turns.ts"

export interface FeedFacts {
  readonly threadId: string
  /** The thread's folder, absolute. */
  readonly cwd: string
  /** Tokens of the session before the feed began. */
  readonly usage: Usage
  readonly contextTokens: number | undefined
}

/** A session's events as app-server notifications, in the order Codex sends them. */
export class ThreadFeed {
  readonly #telling: Telling
  readonly #calls: CallFeed
  readonly #messages: MessageFeed
  readonly #shells: ShellFeed
  readonly #agents: AgentFeed
  readonly #usage: UsageFeed
  readonly #clientIds = new Set<string>()
  /** When the turn that runs began. */
  #startedAt = 0
  /** The compaction that is a turn by itself: what asked for it. */
  #compacting: OpId | undefined
  #isSumming = false

  constructor({ threadId, cwd, usage, contextTokens }: FeedFacts) {
    this.#telling = new Telling(threadId)
    this.#calls = new CallFeed(this.#telling, cwd)
    this.#messages = new MessageFeed(this.#telling)
    this.#shells = new ShellFeed(this.#telling)
    this.#agents = new AgentFeed(this.#telling)
    this.#usage = new UsageFeed(this.#telling, usage, contextTokens)
  }

  get turnId(): string | undefined {
    return this.#telling.turnId === "" ? undefined : this.#telling.turnId
  }

  /** A message that the client calls by an id of its own, which is also its input's. */
  expect(clientId: string): void {
    this.#clientIds.add(clientId)
  }

  /** What is known of a call that is not settled. */
  call(callId: CallId): CallFacts | undefined {
    return this.#calls.facts(callId)
  }

  /** The call under way with this name and these arguments; its own id where it cannot be told from another. */
  callNamed(name: string, input: unknown): string {
    return this.#calls.named(name, input) ?? name
  }

  /** The notifications an event makes, in order. */
  notifications(event: Event): readonly Notification[] {
    switch (event.type) {
      case "turn.started":
        return [...this.#begun(plainId(event.turnId), event.at), ...this.#said(event, event.at)]
      case "turn.steered":
        return [...this.#usage.due(), ...event.inputs.flatMap((input) => this.#said(input, event.at))]
      case "turn.ended":
        return this.#ended(event.outcome, event.at)
      case "step.started":
        return this.#usage.due()
      case "item.started":
        return this.#messages.started(event)
      case "item.delta":
        return this.#messages.delta(event)
      case "item.completed":
        return this.#messages.completed(event)
      case "hosted_call.completed":
        return this.#telling.whole(webSearchItem(plainId(event.itemId), event), event.at)
      case "call.requested":
        return this.#calls.requested(event)
      case "call.amended":
        return this.#calls.amended(event)
      case "approval.requested":
        return this.#calls.asked(event)
      case "call.started":
        return this.#calls.started(event)
      case "call.progress":
        return [...this.#calls.progress(event), ...this.#shells.progress(event)]
      case "call.settled":
        return this.#calls.settled(event)
      case "shell.started":
      case "shell.ended":
        return this.#shell(event)
      case "subagent.started":
        return this.#agents.started(event)
      case "subagent.ended":
        return this.#agents.ended(event)
      case "step.ended":
        return this.#usage.used(event.usage)
      case "step.discarded":
        return [
          ...(event.usage === undefined ? [] : this.#usage.used(event.usage)),
          ...(event.retryInMs === undefined ? [] : [this.#retried(event)]),
        ]
      case "usage.recorded":
        return this.#compacting === undefined ? [] : [...this.#summing(event.at), ...this.#usage.used(event.usage)]
      case "context.compacted":
        return this.#compacted(event)
      default:
        return this.#noted(event)
    }
  }

  /** A compaction that is asked for is a turn by itself, called as its op is. */
  compacting(opId: OpId, at: number): readonly Notification[] {
    this.#compacting = opId
    return this.#begun(plainId(opId), at)
  }

  /** It is over, or did not come about. */
  compactionOver(outcome: TurnOutcome, at: number): readonly Notification[] {
    const open = this.#isSumming && outcome.kind !== "completed" ? this.#compacting : undefined
    const closing = open === undefined ? [] : [this.#telling.completed(compaction(plainId(open)), at)]
    this.#compacting = undefined
    this.#isSumming = false
    return [...closing, ...this.#ended(outcome, at)]
  }

  /** What is told of the thread itself. */
  #noted(event: Event): readonly Notification[] {
    switch (event.type) {
      case "todo.changed":
        return [this.#telling.inTurn("turn/plan/updated", { explanation: null, plan: planSteps(event.todos) })]
      case "notice.posted":
        return event.level === "info" ? [] : [this.#telling.note("warning", { message: event.text })]
      case "session.changed":
        return event.title === undefined ? [] : [this.#telling.note("thread/name/updated", { threadName: event.title })]
      case "hook.ran":
        return hookNotes(event, this.#telling)
      case "goal.changed":
        return event.goal === null
          ? [this.#telling.note("thread/goal/cleared", {})]
          : [
              this.#telling.note("thread/goal/updated", {
                turnId: this.turnId ?? null,
                goal: goalOf(this.#telling.threadId, event.goal, event.at),
              }),
            ]
      default:
        return []
    }
  }

  #begun(id: string, at: number): readonly Notification[] {
    this.#telling.turnId = id
    this.#startedAt = at
    const turn = { ...runningTurn(id), startedAt: seconds(at) }
    return [this.#telling.status(ACTIVE), this.#telling.note("turn/started", { turn })]
  }

  #said({ inputId, input }: Pick<EventOf<"turn.started">, "inputId" | "input">, at: number): readonly Notification[] {
    const id = plainId(inputId)
    return this.#telling.whole(userMessage(id, input, this.#clientIds.has(id) ? id : null), at)
  }

  #ended(outcome: TurnOutcome, at: number): readonly Notification[] {
    const closing = [...this.#calls.over(at), ...this.#usage.due()]
    const { last: lastMessage } = this.#messages
    this.#messages.over()
    const id = this.turnId
    if (id === undefined) return closing
    const error = errorOf(outcome)
    const failing =
      error === null
        ? [this.#telling.status(IDLE)]
        : [this.#telling.status({ type: "systemError" }), this.#telling.inTurn("error", { error, willRetry: false })]
    const turn = { ...endedTurn({ id, startedAt: this.#startedAt, lastMessage }, outcome, at), error }
    this.#telling.turnId = ""
    return [...closing, ...failing, this.#telling.note("turn/completed", { turn })]
  }

  /** While no turn runs, a person's command is one by itself. */
  #shell(event: EventOf<"shell.started" | "shell.ended">): readonly Notification[] {
    if (event.type === "shell.started") {
      const begun = this.turnId === undefined ? this.#begun(plainId(event.callId), event.at) : []
      return [...begun, ...this.#shells.started(event)]
    }
    const told = this.#shells.ended(event)
    if (!this.#shells.isTurn(event.callId)) return told
    const kind = event.outcome === "cancelled" ? "interrupted" : "completed"
    return [...told, ...this.#ended({ kind }, event.at)]
  }

  #compacted(event: EventOf<"context.compacted">): readonly Notification[] {
    if (event.summary === undefined) return []
    if (this.#compacting === undefined) return this.#telling.whole(compaction(plainId(event.id)), event.at)
    const item = compaction(plainId(this.#compacting))
    return [...this.#summing(event.at), ...this.#usage.due(), this.#telling.completed(item, event.at)]
  }

  /** The item of a compaction is there once there is something to sum up. */
  #summing(at: number): readonly Notification[] {
    if (this.#compacting === undefined || this.#isSumming) return []
    this.#isSumming = true
    return [this.#telling.started(compaction(plainId(this.#compacting)), at)]
  }

  #retried(event: EventOf<"step.discarded">): Notification {
    const message = reconnecting(event.attempt, event.message)
    const error = { message, codexErrorInfo: errorInfo(event.code), additionalDetails: event.message }
    return this.#telling.inTurn("error", { error, willRetry: true })
  }
}
