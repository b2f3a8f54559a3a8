import { type Spawned, ToolFailure } from "@skein/core/ports"
import { type Assignment, type Begin, dropped, type Settled, settled } from "./settled.ts"

export interface Schedule {
  readonly begin: Begin
  /** The first that does not complete stops all that run, at once, and none is begun any more. */
  readonly isFailFast: boolean
  /** Stops all. */
  readonly signal: AbortSignal
  /** Called when one begins and when one ends. */
  readonly onChange?: ((settled: readonly (Settled | undefined)[]) => void) | undefined
}

/** All at the same time; in the order they were given. Rejects only with what is no ToolFailure. */
export async function inParallel(
  assignments: readonly Assignment[],
  { begin, isFailFast, signal, onChange }: Schedule,
): Promise<readonly Settled[]> {
  const stopping = stopper(signal)
  const ended: (Settled | undefined)[] = assignments.map(() => undefined)
  const one = async (assignment: Assignment, place: number) => {
    const found = await run(assignment, begin, stopping)
    ended[place] = found
    onChange?.([...ended])
    if (isFailFast && found.status === "failed")
      stopping.stop(`${named(assignment)} failed, and all end with the first`)
    return found
  }
  try {
    return await Promise.all(assignments.map(one))
  } catch (error) {
    stopping.stop("another one came to a defect")
    throw error
  } finally {
    stopping.close()
  }
}

async function run(assignment: Assignment, begin: Begin, stopping: Stopper): Promise<Settled> {
  if (stopping.reason() !== undefined) return dropped(assignment, stopping.reason() ?? "")
  try {
    const beginning = begin(assignment)
    // One that waits for a free place must not keep the others waiting for it to be stopped.
    const spawned = await Promise.race([beginning, stopping.stopped])
    if (spawned === undefined) {
      leave(beginning, stopping)
      return dropped(assignment, stopping.reason() ?? "")
    }
    const forget = stopping.onStop((why) => spawned.stop(why))
    const result = await spawned.done
    forget()
    return settled(assignment, result, stopping.reason())
  } catch (error) {
    if (error instanceof ToolFailure) return { assignment, status: "failed", text: error.message }
    throw error
  }
}

/** One that begins all the same is stopped as soon as it has begun. */
function leave(beginning: Promise<Spawned>, stopping: Stopper): void {
  beginning.then(
    (spawned) => spawned.stop(stopping.reason() ?? "It is not wanted any more."),
    () => {
      // It never began, which is what was wanted.
    },
  )
}

export function named({ agent, description }: Assignment): string {
  return `${agent} "${description}"`
}

interface Stopper {
  stop(reason: string): void
  reason(): string | undefined
  /** Resolves with undefined when all is to stop. */
  readonly stopped: Promise<undefined>
  /** Called at once where all is stopped already. Gives what takes it back. */
  onStop(act: (reason: string) => Promise<unknown>): () => void
  close(): void
}

function stopper(signal: AbortSignal): Stopper {
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>()
  const acts = new Set<(reason: string) => Promise<unknown>>()
  let reason: string | undefined
  const act = (one: (reason: string) => Promise<unknown>, why: string) => {
    one(why).catch(() => {
      // How the child ended is told by its `done`.
    })
  }
  const stop = (why: string) => {
    if (reason !== undefined) return
    reason = why
    for (const one of acts) act(one, why)
    resolve(undefined)
  }
  const abort = () => stop("the call was stopped")
  signal.addEventListener("abort", abort, { once: true })
  if (signal.aborted) abort()
  return {
    stop,
    reason: () => reason,
    stopped,
    onStop(one) {
      acts.add(one)
      if (reason !== undefined) act(one, reason)
      return () => acts.delete(one)
    },
    close: () => signal.removeEventListener("abort", abort),
  }
}
