import {
  accepted,
  type CallId,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type FileChange,
  type InputPart,
  jsonLine,
  type SessionId,
  SkeinError,
  type TurnOp,
  type TurnOutcome,
  visible,
} from "@skein/protocol"
import { evidenceLines } from "@skein/protocol/turns"
import { Progress } from "./progress.ts"

export interface HeadlessRun {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly clientId: ClientId
  readonly input: readonly InputPart[]
  /** The turn that the input stands for, where it is a command: begun in its place. */
  readonly turn?: TurnOp | undefined
  /** `events`: every event as one JSON line. `text`: nothing until the end, then the last message. */
  readonly format: "text" | "events"
  /** The first durable event that is told, by `seq`; only what comes when left out. */
  readonly from?: number | undefined
  /** Answers every approval with yes. Otherwise nobody answers, and what must be asked is refused. */
  readonly isApprovingAll: boolean
  /** Complete lines for stdout, without their newline. */
  readonly answer: (line: string) => void
  /** Lines for stderr, without their newline. */
  readonly progress: (line: string) => void
  /** Interrupts the turn. */
  readonly signal: AbortSignal
}

export interface HeadlessResult {
  readonly outcome: TurnOutcome
  /** The last message of the model in this turn. */
  readonly text: string
  /** Calls that needed an approval nobody gave. */
  readonly refusals: number
}

/** Runs one prompt in a session to the end of its turn. Throws SkeinError when the engine refuses it. */
export async function runHeadless(run: HeadlessRun): Promise<HeadlessResult> {
  const { engine, sessionId, clientId, from, signal } = run
  if (run.isApprovingAll) await accepted(engine, { type: "client.attach", sessionId, clientId, answers: ["approval"] })
  const events = engine.events({ sessionId, from })[Symbol.asyncIterator]()
  const interrupt = () => void engine.submit({ type: "turn.interrupt", sessionId })
  signal.addEventListener("abort", interrupt, { once: true })
  try {
    const turn = run.turn ?? ({ type: "turn.submit", sessionId, input: [...run.input], delivery: "start" } as const)
    // Events are kept from the subscription on, so nothing of the turn is missed.
    const { callId } = await accepted(engine, turn)
    if (signal.aborted) interrupt()
    return await follow(run, events, callId)
  } finally {
    signal.removeEventListener("abort", interrupt)
    await events.return?.()
  }
}

/** `ownCall`: the turn is a call that the person makes, and what it gives is the answer. */
async function follow(run: HeadlessRun, events: AsyncIterator<Event>, ownCall?: CallId): Promise<HeadlessResult> {
  const progress = new Progress()
  let text = ""
  let refusals = 0
  let failure: TurnOutcome | undefined
  let effects: readonly string[] = []
  let isOwnPlan = false
  const behind = new Map<SessionId, string>()
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const event = next.value
    if (run.format === "events") run.answer(jsonLine(event))
    const line = progress.line(event)
    if (line !== undefined) run.progress(line)
    switch (event.type) {
      case "step.started":
      case "step.discarded":
        text = ""
        break
      case "item.completed":
        if (event.kind === "agent_message" && event.status === "complete") text += event.text
        break
      case "settings.changed":
        isOwnPlan = event.changes.mode === "plan"
        break
      case "approval.requested":
        // What a dry run did is what it was run for; what one call did is told by the call.
        if (event.subject === "effects" && event.callId === undefined)
          effects = effectLines(event.effects?.changes ?? [])
        if (run.isApprovingAll) await allow(run, event, isOwnPlan)
        break
      case "subagent.started":
        if (event.isBackground === true) behind.set(event.childSessionId, event.agent)
        break
      case "subagent.ended":
        behind.delete(event.childSessionId)
        break
      case "call.settled":
        if (event.code === "call.unattended") refusals += 1
        if (event.callId !== ownCall) break
        text = textOf(event.forModel)
        if (event.outcome === "error" && event.code !== "call.unattended")
          failure = { kind: "failed", code: event.code ?? "call.failed", message: text }
        break
      case "turn.ended":
        // A line has one newline at its end, whether the model wrote it or not.
        if (run.format === "text" && text !== "" && failure === undefined) run.answer(visible(text.replace(/\n$/, "")))
        if (run.format === "text") for (const line of effects) run.answer(visible(line))
        if (event.evidence !== undefined) for (const line of evidenceLines(event.evidence)) run.progress(visible(line))
        if (behind.size > 0)
          run.progress(`note    still at work, and stopped with this run: ${visible([...behind.values()].join(", "))}`)
        return { outcome: failure ?? event.outcome, text, refusals }
    }
  }
  throw new SkeinError("session.closed", "The session was closed before its turn ended.")
}

function textOf(content: EventOf<"call.settled">["forModel"]): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
}

/** As a patch, so that it can be put into a file. */
function effectLines(changes: readonly FileChange[]): readonly string[] {
  return changes.map(({ path, kind, diff }) => (diff ?? `${kind} ${path}`).replace(/\n$/, ""))
}

async function allow(run: HeadlessRun, { approvalId, subject }: EventOf<"approval.requested">, isOwnPlan: boolean) {
  const answering = { type: "approval.answer", sessionId: run.sessionId, approvalId } as const
  // Yes to every call is no yes to standing still for hours, nor to leaving the mode in which nothing is changed,
  // unless the model went into it by itself.
  if (subject === "wait") await accepted(run.engine, { ...answering, answer: "reject_once" } as const)
  else if (subject === "plan" && !isOwnPlan) await accepted(run.engine, { ...answering, ...PLAN_ONLY })
  else await accepted(run.engine, { ...answering, ...ONCE })
}

const ONCE = { answer: "allow_once" } as const
const PLAN_ONLY = { answer: "reject_once", feedback: "In this run plans are only written. End with it." } as const
