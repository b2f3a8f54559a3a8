import { type Event, type InputPart, SkeinError } from "@skein/protocol"
import type { Json } from "./fields.ts"
import type { HostSession } from "./session.ts"
import { refusedResult } from "./turn.ts"

/** One user message of a host, waiting for its turn. */
export interface HostMessage {
  readonly uuid?: string | undefined
  readonly input: readonly InputPart[]
}

export interface Runner {
  add(message: HostMessage): void
  /** Stops the running turn. Resolves when the engine took it; the result line follows when the turn has ended. */
  interrupt(): Promise<void>
  /** Takes messages out again that have not started; their UUIDs. */
  drop(isMeant: (message: HostMessage) => boolean): readonly string[]
  /** UUIDs of the messages that wait. */
  waiting(): readonly string[]
  /** Resolves when nothing runs and nothing waits. */
  settled(): Promise<void>
  /** Must be told of every event, after its lines were written. */
  observe(event: Event): void
  /** The events have ended: whatever runs has failed. */
  fail(error: Error): void
  readonly isLastError: boolean
}

export interface RunnerContext {
  readonly session: () => Promise<HostSession>
  readonly write: (line: Json) => void
  /** Called when the last waiting message is done. */
  readonly onIdle: () => void
}

/** Runs user messages one after the other, so that each has its own result. */
export function messageRunner({ session, write, onIdle }: RunnerContext): Runner {
  const queue: HostMessage[] = []
  let working: Promise<void> | undefined
  let current:
    | { readonly submitted: PromiseWithResolvers<void>; readonly ended: PromiseWithResolvers<void> }
    | undefined
  let isLastError = false
  /** Events so far, and who waits for one more. */
  let seen = 0
  const waiters: { resolve(): void; reject(error: Error): void }[] = []

  const work = async () => {
    for (let message = queue.shift(); message; message = queue.shift()) await run(message)
    working = undefined
    onIdle()
  }

  const run = async ({ input }: HostMessage) => {
    const turn = { submitted: Promise.withResolvers<void>(), ended: Promise.withResolvers<void>() }
    // Its failure is told by the run itself; an interrupt may or may not be waiting for it.
    turn.submitted.promise.catch(() => {})
    current = turn
    try {
      await start(await session(), input)
      turn.submitted.resolve()
      await turn.ended.promise
    } catch (error) {
      turn.submitted.reject(error)
      if (!(error instanceof Error)) throw error
      isLastError = true
      write(refusedResult(error.message))
    } finally {
      current = undefined
    }
  }

  /** A turn that just ended, or one of another client, may still hold the session: then the next event says to try again. */
  const start = async ({ sessionId, submit }: HostSession, input: readonly InputPart[]) => {
    for (;;) {
      const before = seen
      const isTaken = await submit({ type: "turn.submit", sessionId, input: [...input], delivery: "start" }).then(
        () => true,
        unlessBusy,
      )
      if (isTaken) return
      if (seen === before) await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }))
    }
  }

  const drop = (isMeant: (message: HostMessage) => boolean) => {
    const dropped = queue.filter(isMeant)
    for (const message of dropped) queue.splice(queue.indexOf(message), 1)
    return uuidsOf(dropped)
  }

  return {
    add(message) {
      queue.push(message)
      working ??= work()
    },
    async interrupt() {
      if (!current) return
      await current.submitted.promise
      const { sessionId, submit } = await session()
      await submit({ type: "turn.interrupt", sessionId }).catch(unlessNotRunning)
    },
    drop,
    waiting: () => uuidsOf(queue),
    settled: async () => working,
    observe(event) {
      seen += 1
      for (const waiter of waiters.splice(0)) waiter.resolve()
      if (event.type !== "turn.ended") return
      isLastError = event.outcome.kind !== "completed"
      current?.ended.resolve()
    },
    fail(error) {
      for (const waiter of waiters.splice(0)) waiter.reject(error)
      current?.ended.reject(error)
    },
    get isLastError() {
      return isLastError
    },
  }
}

/** The turn may have ended while the host's word was on its way. */
function unlessNotRunning(error: unknown): void {
  if (!(error instanceof SkeinError && error.code === "turn.not_running")) throw error
}

function unlessBusy(error: unknown): false {
  if (error instanceof SkeinError && error.code === "turn.busy") return false
  throw error
}

function uuidsOf(messages: readonly HostMessage[]): readonly string[] {
  return messages.flatMap((message) => message.uuid ?? [])
}
