import {
  accepted,
  type ClientId,
  type Engine,
  type Event,
  type InputPart,
  type SessionId,
  SkeinError,
  type TurnOutcome,
  type Usage,
} from "@skein/protocol"
import { type ExecEvent, ExecItems } from "./exec-events.ts"
import { execThreadId, execUsage } from "./words.ts"

export interface ExecRun {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly clientId: ClientId
  readonly input: readonly InputPart[]
  /** Answers every approval with yes. Otherwise nobody answers, and what must be asked is refused. */
  readonly isApprovingAll: boolean
  readonly emit: (event: ExecEvent) => void
  /** What is wrong with the last message of a completed turn, which then counts as failed. */
  readonly judge?: ((text: string) => Promise<string | undefined>) | undefined
  /** Interrupts the turn. */
  readonly signal: AbortSignal
}

export interface ExecResult {
  readonly end: "completed" | "failed" | "interrupted"
  /** The last message of the model in this turn. */
  readonly text: string
  /** Why it failed. */
  readonly message?: string | undefined
  /** Of the whole session. */
  readonly usage: Usage
}

/**
 * Runs one prompt as `exec` does: `thread.started`, `turn.started`, items, and exactly one of `turn.completed` and
 * `turn.failed`, or neither when it was interrupted. Throws SkeinError when the session cannot be read.
 */
export async function runExec(run: ExecRun): Promise<ExecResult> {
  const { engine, sessionId, clientId, signal, emit } = run
  const { cwd } = await engine.ask({ type: "session.read", sessionId })
  emit({ type: "thread.started", thread_id: execThreadId(sessionId) })
  if (run.isApprovingAll) await accepted(engine, { type: "client.attach", sessionId, clientId, answers: ["approval"] })
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const interrupt = () => void engine.submit({ type: "turn.interrupt", sessionId })
  signal.addEventListener("abort", interrupt, { once: true })
  const items = new ExecItems(cwd)
  try {
    emit({ type: "turn.started" })
    const refused = await submitted(run)
    if (refused === undefined && signal.aborted) interrupt()
    const { outcome, text } = refused ?? (await follow(run, events, items))
    for (const event of items.close()) emit(event)
    const { usage } = await engine.ask({ type: "session.read", sessionId })
    return { ...(await ended(run, outcome, text, usage)), text, usage }
  } finally {
    signal.removeEventListener("abort", interrupt)
    await events.return?.()
  }
}

/** Tells how the turn ended. */
async function ended(
  run: ExecRun,
  outcome: TurnOutcome,
  text: string,
  usage: Usage,
): Promise<Pick<ExecResult, "end" | "message">> {
  if (outcome.kind === "interrupted") return { end: "interrupted" }
  const message = outcome.kind === "completed" ? await run.judge?.(text) : outcome.message
  if (message === undefined) {
    run.emit({ type: "turn.completed", usage: execUsage(usage) })
    return { end: "completed" }
  }
  run.emit({ type: "error", message })
  run.emit({ type: "turn.failed", error: { message } })
  return { end: "failed", message }
}

async function follow(run: ExecRun, events: AsyncIterator<Event>, items: ExecItems) {
  let text = ""
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const event = next.value
    for (const line of items.events(event)) {
      if (line.type === "item.completed" && line.item.type === "agent_message") text = line.item.text
      run.emit(line)
    }
    if (event.type === "approval.requested" && run.isApprovingAll) {
      const { engine, sessionId } = run
      const { approvalId, subject } = event
      // Yes to what it does is no yes to standing still for hours.
      const answer = subject === "wait" ? "reject_once" : "allow_once"
      await accepted(engine, { type: "approval.answer", sessionId, approvalId, answer })
    }
    if (event.type === "turn.ended") return { outcome: event.outcome, text }
  }
  throw new SkeinError("session.closed", "The session was closed before its turn ended.")
}

/** A turn that the engine would not begin has failed, as far as a caller of `exec` is concerned. */
async function submitted({ engine, sessionId, input }: ExecRun) {
  const receipt = await engine.submit({ type: "turn.submit", sessionId, input: [...input], delivery: "start" })
  if (receipt.status === "accepted") return undefined
  const outcome: TurnOutcome = { kind: "failed", code: receipt.code, message: receipt.message }
  return { outcome, text: "" }
}
