import { type Event, type InputId, type InputPart, type Op, SkeinError } from "@skein/protocol"
import { given, type Json } from "@skein/protocol/json"
import type { Resolved } from "./command.ts"
import type { HostSession } from "./session.ts"
import { refusedResult } from "./turn.ts"

/** One user message of a host, waiting for its turn. */
export interface HostMessage {
  readonly uuid?: string | undefined
  /** What the engine is to know it by. */
  readonly inputId?: InputId | undefined
  readonly input: readonly InputPart[]
  /** A program wrote it from what nobody typed: it is no command, whatever it begins with. */
  readonly isVerbatim?: boolean | undefined
}

export interface RunnerContext {
  readonly session: () => Promise<HostSession>
  /** Runs a message that is a slash command and tells what came of it, or says which turn it is; undefined when it is none. */
  readonly resolve: (session: HostSession, message: HostMessage) => Promise<Resolved | undefined>
  /** Takes the result of a message that never became a turn. */
  readonly onRefused: (result: Json) => void
  /** The last waiting message is done. */
  readonly onIdle: () => void
}

/** Runs user messages one after the other, so that each has its own result. */
export class MessageRunner {
  readonly #context: RunnerContext
  readonly #queue: HostMessage[] = []
  #working: Promise<void> | undefined
  #current: { readonly submitted: PromiseWithResolvers<void>; readonly ended: PromiseWithResolvers<void> } | undefined
  #isLastError = false
  /** Events so far, and who waits for one more. */
  #seen = 0
  readonly #waiters: PromiseWithResolvers<void>[] = []

  constructor(context: RunnerContext) {
    this.#context = context
  }

  /** Whether the last message ended in anything but success. */
  get isLastError(): boolean {
    return this.#isLastError
  }

  /** UUIDs of the messages that wait. */
  get waiting(): readonly string[] {
    return uuidsOf(this.#queue)
  }

  add(message: HostMessage): void {
    this.#queue.push(message)
    this.#working ??= this.#work()
  }

  /** Takes messages out again that have not started; their UUIDs. */
  drop(isMeant: (message: HostMessage) => boolean): readonly string[] {
    const dropped = this.#queue.filter(isMeant)
    for (const message of dropped) this.#queue.splice(this.#queue.indexOf(message), 1)
    return uuidsOf(dropped)
  }

  /** Stops the running turn. Resolves when the engine took it; the result comes when the turn has ended. */
  async interrupt(): Promise<void> {
    if (!this.#current) return
    await this.#current.submitted.promise
    const { sessionId, submit } = await this.#context.session()
    await submit({ type: "turn.interrupt", sessionId }).catch(unless("turn.not_running"))
  }

  /** Submits what no turn may run beside. Throws SkeinError `turn.busy` while a message of the host is answered. */
  async submitIdle(op: Op): Promise<void> {
    if (this.#current) throw new SkeinError("turn.busy", "A turn is running: interrupt it, or wait for its result.")
    await this.#submitFree(await this.#context.session(), op)
  }

  /** Resolves when nothing runs and nothing waits. */
  async settled(): Promise<void> {
    await this.#working
  }

  /** Must be told of every event, after its lines were written. */
  observe(event: Event): void {
    this.#seen += 1
    for (const waiter of this.#waiters.splice(0)) waiter.resolve()
    if (event.type !== "turn.ended") return
    this.#isLastError = event.outcome.kind !== "completed"
    this.#current?.ended.resolve()
  }

  /** The events have ended: whatever runs has failed. */
  fail(error: Error): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
    this.#current?.ended.reject(error)
  }

  async #work(): Promise<void> {
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) await this.#run(message)
    this.#working = undefined
    this.#context.onIdle()
  }

  async #run(message: HostMessage): Promise<void> {
    const { input, inputId } = message
    const turn = { submitted: Promise.withResolvers<void>(), ended: Promise.withResolvers<void>() }
    // Both failures are told below; whether anything else waits for them is open.
    for (const { promise } of [turn.submitted, turn.ended]) promise.catch(() => {})
    this.#current = turn
    try {
      const session = await this.#context.session()
      const resolved = await this.#context.resolve(session, message)
      if (resolved?.kind === "done") {
        this.#isLastError = resolved.outcome.isRefused
        turn.submitted.resolve()
        return
      }
      const plain = { type: "turn.submit", sessionId: session.sessionId, input: [...input], delivery: "start" } as const
      const op = resolved?.op ?? plain
      await this.#submitFree(session, op.type === "turn.submit" ? { ...op, ...given("inputId", inputId) } : op)
      turn.submitted.resolve()
      await turn.ended.promise
    } catch (error) {
      turn.submitted.reject(error)
      this.#isLastError = true
      this.#context.onRefused(refusedResult(error instanceof Error ? error.message : String(error)))
    } finally {
      this.#current = undefined
    }
  }

  /** A turn that just ended, or one of another client, may still hold the session: then the next event says to try again. */
  async #submitFree({ submit }: HostSession, op: Op): Promise<void> {
    for (;;) {
      const before = this.#seen
      if (await submit(op).catch(unless("turn.busy"))) return
      if (this.#seen === before) await this.#nextEvent()
    }
  }

  #nextEvent(): Promise<void> {
    const waiter = Promise.withResolvers<void>()
    this.#waiters.push(waiter)
    return waiter.promise
  }
}

/** Lets one refusal pass as undefined. */
function unless(code: SkeinError["code"]) {
  return (error: unknown): undefined => {
    if (!(error instanceof SkeinError && error.code === code)) throw error
  }
}

function uuidsOf(messages: readonly HostMessage[]): readonly string[] {
  return messages.flatMap((message) => message.uuid ?? [])
}
