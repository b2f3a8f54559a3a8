import {
  type ApprovalId,
  addUsage,
  type Event,
  type EventOf,
  type QueuedInput,
  type SessionId,
  type SessionView,
  type Settings,
  type Todo,
  type Usage,
  withChanges,
} from "@skein/protocol"

export type Asked = EventOf<"approval.requested">

/** What is known of a session beside its transcript, as the newest events say. */
export interface SessionFacts {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly title?: string | undefined
  readonly settings: Settings
  readonly isRunning: boolean
  readonly approvals: readonly Asked[]
  readonly queue: readonly QueuedInput[]
  readonly usage: Usage
  readonly microUsd?: number | undefined
  readonly contextTokens?: number | undefined
  readonly contextTokensMax?: number | undefined
  /** Of the newest step that sent anything. */
  readonly stepUsage?: Usage | undefined
  /** Something was said before it was opened. */
  readonly hasPast: boolean
  /** Of the newest turn; 0 before the first. */
  readonly step: number
  readonly todos: readonly Todo[]
  /** What may be said next: the first of what is still to be done, if the newest turn touched that, or it was opened again. */
  readonly suggestion?: string | undefined
  readonly plan?: string | undefined
  readonly goal?: string | undefined
  /** When a request is asked again, in milliseconds since 1970, and for the how many-th time it is asked then. */
  readonly retry?: { readonly attempt: number; readonly atMs: number } | undefined
  /** The point at which hooks have been running for a while. */
  readonly hooksAt?: string | undefined
  /** Changes whenever something is heard of a sub-agent. */
  readonly agentsHeard?: Event | undefined
  /** The newest step: until its first token, in milliseconds. */
  readonly firstTokenMs?: number | undefined
}

/** What a session is when it is opened; events change it from there. */
export function factsOf(view: SessionView): SessionFacts {
  const { sessionId, cwd, title, settings, approvals, queue, usage, microUsd, todos = [], plan, goal } = view
  const { contextTokens, contextTokensMax, retry } = view
  const isRunning = view.runningTurn !== undefined
  const hasPast = view.items.length > 0
  const known = { sessionId, cwd, title, settings, isRunning, approvals, queue, todos, plan, goal, hasPast, step: 0 }
  const sums = { usage, microUsd, contextTokens, contextTokensMax }
  return { ...known, suggestion: suggestionOf(todos), ...sums, ...(retry === undefined ? {} : { retry }) }
}

/** Pure. */
export function factsAfter(facts: SessionFacts, event: Event): SessionFacts {
  switch (event.type) {
    case "turn.started":
      return { ...facts, ...BEGUN, queue: withoutInputs(facts.queue, [event.inputId]) }
    case "turn.steered": {
      const taken = event.inputs.map(({ inputId }) => inputId)
      return { ...facts, queue: withoutInputs(facts.queue, taken) }
    }
    case "turn.ended":
      return { ...facts, isRunning: false, retry: undefined, hooksAt: undefined }
    case "step.started":
      return { ...facts, step: event.step, retry: undefined, contextTokens: event.tokens }
    case "step.ended": {
      const { usage, microUsd, firstTokenMs } = event
      const stepUsage = sentTokens(usage) > 0 ? usage : facts.stepUsage
      const spent = { usage: addUsage(facts.usage, usage), microUsd: sum(facts.microUsd, microUsd) }
      return { ...facts, ...spent, stepUsage, firstTokenMs }
    }
    case "usage.updated": {
      const { usage, microUsd, contextTokens, contextTokensMax } = event
      return { ...facts, usage, microUsd, contextTokens, contextTokensMax }
    }
    case "retry.scheduled":
      return { ...facts, retry: { attempt: event.attempt, atMs: event.atMs } }
    case "hook.started":
      return { ...facts, hooksAt: event.message ?? event.event }
    case "hook.ran": {
      // What they blocked waits for no turn any more.
      const queue = event.effect === "blocked" ? withoutInputs(facts.queue, [event.inputId ?? ""]) : facts.queue
      return { ...facts, hooksAt: undefined, queue }
    }
    case "settings.changed":
      return { ...facts, settings: withChanges(facts.settings, event.changes) }
    case "session.changed":
      return event.title === undefined ? facts : { ...facts, title: event.title }
    case "todo.changed":
      return { ...facts, todos: event.todos, suggestion: suggestionOf(event.todos) }
    case "suggestion.made":
      // What is still to be done is the person's own.
      return facts.isRunning ? facts : { ...facts, suggestion: suggestionOf(facts.todos) ?? event.text }
    case "subagent.started":
    case "subagent.updated":
    case "subagent.ended":
      return { ...facts, agentsHeard: event }
    case "plan.changed":
      return { ...facts, plan: event.plan }
    case "goal.changed":
      return { ...facts, goal: event.goal ?? undefined }
    default:
      return waitingAfter(facts, event)
  }
}

/** What was sent to the model, from the provider's cache or not. */
export function sentTokens({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite
}

/** Whoever went on with something else is not asked for it again. */
const BEGUN = { isRunning: true, step: 0, suggestion: undefined } as const

function suggestionOf(todos: readonly Todo[]): string | undefined {
  const next = todos.find(({ status }) => status !== "completed")
  return next === undefined ? undefined : `go on: ${next.text}`
}

/** What waits: for an answer, or for its turn. */
function waitingAfter(facts: SessionFacts, event: Event): SessionFacts {
  switch (event.type) {
    case "approval.requested":
      return { ...facts, approvals: [...without(facts.approvals, event.approvalId), event] }
    case "approval.resolved":
      return { ...facts, approvals: without(facts.approvals, event.approvalId) }
    case "input.queued": {
      const { inputId, delivery, input } = event
      return { ...facts, queue: [...withoutInputs(facts.queue, [inputId]), { inputId, delivery, input }] }
    }
    case "input.edited": {
      const edited = (one: QueuedInput) => (one.inputId === event.inputId ? { ...one, input: event.input } : one)
      return { ...facts, queue: facts.queue.map(edited) }
    }
    case "input.cancelled":
      return { ...facts, queue: withoutInputs(facts.queue, [event.inputId]) }
    default:
      return facts
  }
}

function without(approvals: readonly Asked[], approvalId: ApprovalId): readonly Asked[] {
  return approvals.filter((asked) => asked.approvalId !== approvalId)
}

function withoutInputs(queue: readonly QueuedInput[], ids: readonly string[]): readonly QueuedInput[] {
  return queue.filter(({ inputId }) => !ids.includes(inputId))
}

function sum(before: number | undefined, more: number | undefined): number | undefined {
  return more === undefined ? before : (before ?? 0) + more
}
