import type {
  ApprovalId,
  DurableDraft,
  Event,
  LiveDraft,
  Op,
  Receipt,
  SessionId,
  SessionView,
  Settings,
} from "@skein/protocol"

/** What the scripted model does in one step. A step with a call is followed by the next one. */
export interface FakeStep {
  readonly thinks?: string
  readonly says?: string
  readonly calls?: {
    readonly name: string
    readonly input: unknown
    readonly output: string
    readonly isAsked?: boolean
  }
  /** Waits until the turn is interrupted. */
  readonly hangs?: true
  readonly fails?: { readonly code: string; readonly message: string }
}

export type Script = (prompt: string) => readonly FakeStep[]

const USAGE = { input: 10, cacheRead: 2, cacheWrite: 3, output: 7, reasoning: 0 }

type Answered = Pick<Op<"approval.answer">, "answer" | "updatedInput" | "feedback" | "interrupt">

/** One session of the scripted engine: its log, its turns, whoever answers. */
export function fakeSession(sessionId: SessionId, cwd: string, settings: Settings, script: Script) {
  const log: Event[] = []
  const wake = new Set<() => void>()
  const answering = new Map<ApprovalId, (answered: Answered | "withdrawn") => void>()
  let now = 1_800_000_000_000
  let seq = 0
  let live = 0
  let turns = 0
  let hasClient = false
  let isClosed = false
  let interrupt: (() => void) | undefined

  const push = (event: Event) => {
    log.push(event)
    for (const resume of wake) resume()
  }
  const emit = (draft: DurableDraft) => {
    now += 5
    seq += 1
    push({ ...draft, v: 1, seq, id: `evt_${seq}`, at: now, sessionId } as Event)
  }
  const show = (draft: LiveDraft) => push({ ...draft, v: 1, after: seq, live: ++live, at: now, sessionId } as Event)
  emit({ type: "session.created", workspace: { path: cwd }, settings, versions: { skein: "0" }, isInteractive: false })

  const settleAll = () => {
    for (const settle of answering.values()) settle("withdrawn")
  }

  async function turn(prompt: string, number: number): Promise<void> {
    const turnId = `trn_${number}` as const
    const interrupted = new Promise<"interrupted">((resolve) => {
      interrupt = () => resolve("interrupted")
    })
    emit({
      type: "turn.started",
      turnId,
      inputId: `inp_${number}`,
      input: [{ type: "text", text: prompt }],
      source: "user",
    })
    emit({ type: "context.loaded", placement: "system", cause: "start", sections: [] })
    const end = (outcome: Extract<DurableDraft, { type: "turn.ended" }>["outcome"]) => {
      interrupt = undefined
      emit({ type: "turn.ended", turnId, outcome })
    }
    for (const [index, step] of script(prompt).entries()) {
      const at = { turnId, step: index + 1 }
      emit({ type: "step.started", ...at, attempt: 1, model: settings.model, tokens: 100 })
      for (const [kind, text] of [
        ["reasoning", step.thinks],
        ["agent_message", step.says],
      ] as const) {
        if (text === undefined) continue
        const itemId = `itm_${number}-${index}-${kind === "reasoning" ? 0 : 1}` as const
        show({ type: "item.started", ...at, itemId, kind })
        const channel = kind === "reasoning" ? "reasoning" : "text"
        for (const word of text.split(/(?<= )/)) show({ type: "item.delta", itemId, channel, text: word })
        if (step.hangs && kind === "agent_message") await interrupted
        emit({
          type: "item.completed",
          ...at,
          itemId,
          index: 0,
          kind,
          text,
          status: step.hangs ? "interrupted" : "complete",
        })
      }
      const stepEnded = (stop: "end" | "calls" | "interrupted") =>
        emit({
          type: "step.ended",
          ...at,
          outcome: stop === "interrupted" ? "interrupted" : "completed",
          stop,
          usage: USAGE,
          microUsd: 1_500,
          durationMs: 4,
        })
      if (step.hangs) {
        stepEnded("interrupted")
        return end({ kind: "interrupted" })
      }
      if (step.fails) {
        emit({ type: "step.discarded", ...at, attempt: 1, ...step.fails })
        return end({ kind: "failed", ...step.fails })
      }
      if (step.calls) request(step.calls, at, `${number}-${index}`)
      stepEnded(step.calls ? "calls" : "end")
      if (step.calls && (await call(step.calls, `${number}-${index}`, interrupted)) === "interrupted") {
        return end({ kind: "interrupted" })
      }
    }
    end({ kind: "completed" })
  }

  function request(asked: NonNullable<FakeStep["calls"]>, at: { turnId: `trn_${string}`; step: number }, key: string) {
    const callId = `cal_${key}` as const
    emit({
      type: "call.requested",
      ...at,
      callId,
      index: 1,
      name: asked.name,
      title: `${asked.name} it`,
      kind: "execute",
      locations: [],
      input: asked.input,
      providerCallId: `toolu_${key}`,
    })
  }

  async function call(
    asked: NonNullable<FakeStep["calls"]>,
    key: string,
    interrupted: Promise<"interrupted">,
  ): Promise<"settled" | "interrupted"> {
    const callId = `cal_${key}` as const
    const approvalId = `apr_${key}` as const
    show({ type: "call.scheduled", callId })
    const settle = (outcome: "success" | "error" | "cancelled", text: string, code?: string) =>
      emit({
        type: "call.settled",
        callId,
        outcome,
        ...(code === undefined ? {} : { code }),
        forModel: [{ type: "text", text }],
        ...(outcome === "success" ? { exitCode: 0 } : {}),
        durationMs: 3,
      })
    if (asked.isAsked && !hasClient) {
      settle("error", "Nobody is there to ask.", "call.unattended")
      return "settled"
    }
    if (asked.isAsked) {
      const always = { tool: asked.name, command: "echo *", decision: "allow", scope: "session" } as const
      emit({
        type: "approval.requested",
        approvalId,
        subject: "call",
        callId,
        actions: [{ verb: "run", target: "echo" }],
        digest: "d",
        reasons: ["It runs a command."],
        always,
        options: ["allow_once", "allow_always", "reject_once"],
      })
      const answered = new Promise<Answered | "withdrawn">((resolve) => answering.set(approvalId, resolve))
      const outcome = await Promise.race([answered, interrupted.then(() => "withdrawn" as const)])
      answering.delete(approvalId)
      if (outcome === "withdrawn") {
        emit({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "nobody" })
        if (interrupt) settle("error", "Nobody is there to ask.", "call.unattended")
        else settle("cancelled", "Cancelled.", "call.cancelled")
        return interrupt ? "settled" : "interrupted"
      }
      const { answer, feedback, interrupt: stops } = outcome
      emit({ type: "approval.resolved", approvalId, answer, by: "person", ...defined({ feedback, interrupt: stops }) })
      if (answer.startsWith("reject")) {
        settle("error", feedback ?? "Refused.", "call.denied")
        return stops ? "interrupted" : "settled"
      }
      if (outcome.updatedInput !== undefined)
        emit({ type: "call.amended", callId, input: outcome.updatedInput, by: "person" })
    }
    emit({ type: "call.started", callId })
    settle("success", asked.output)
    return "settled"
  }

  return {
    async submit(op: Exclude<Op, Op<"session.create">>): Promise<Receipt> {
      const receipt: Receipt = { status: "accepted", sessionId, seq }
      if (op.type === "turn.submit") {
        if (interrupt) return { status: "rejected", code: "turn.busy", message: "A turn runs." }
        const prompt = op.input.map((part) => (part.type === "text" ? part.text : `<${part.mediaType}>`)).join("\n")
        queueMicrotask(() => void turn(prompt, ++turns))
      } else if (op.type === "turn.interrupt") {
        if (!interrupt) return { status: "rejected", code: "turn.not_running", message: "Nothing runs." }
        const stop = interrupt
        interrupt = undefined
        stop()
      } else if (op.type === "approval.answer") {
        const settle = answering.get(op.approvalId)
        if (!settle) return { status: "rejected", code: "approval.not_found", message: "Nothing was asked." }
        settle(op)
      } else if (op.type === "client.attach") hasClient = op.answers.includes("approval")
      else if (op.type === "client.detach") {
        hasClient = false
        settleAll()
      } else if (op.type === "settings.change") {
        Object.assign(settings, defined(op.changes))
        emit({ type: "settings.changed", changes: op.changes })
      } else if (op.type === "session.close") {
        isClosed = true
        for (const resume of wake) resume()
      }
      return receipt
    },
    async *events(from: number | undefined): AsyncGenerator<Event> {
      isClosed = false
      let at = from === undefined ? log.length : log.findIndex((event) => "seq" in event && event.seq >= from)
      if (at < 0) at = log.length
      for (;;) {
        const next = log[at]
        if (next) {
          at += 1
          yield next
        } else if (isClosed) return
        else {
          await new Promise<void>((resolve) => {
            const resume = () => {
              wake.delete(resume)
              resolve()
            }
            wake.add(resume)
          })
        }
      }
    },
    view: (): SessionView => ({
      sessionId,
      cwd,
      createdAt: 0,
      seq,
      settings,
      items: [],
      approvals: [],
      queue: [],
      usage: USAGE,
    }),
  }
}

export function defined<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]: NonNullable<T[K]>
  }
}
