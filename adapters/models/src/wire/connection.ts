import type { ClockPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { cutOff } from "./cut.ts"
import { connectionError } from "./http-errors.ts"
import { trickle } from "./trickle.ts"
import { type Limits, noAnswer, silent, type Watchdog, watchdog } from "./watchdog.ts"
import type { Target } from "./wire.ts"
import { whoIs, withoutKey } from "./wording.ts"

/** An answer whose headers have come. */
export interface Connection {
  readonly response: Response
  /** The next bytes, or undefined at the end. Throws SkeinError, or the signal's reason when it aborted. */
  read(): Promise<Uint8Array | undefined>
  /** All that was wanted has come: what is left is read away for a moment, so that the socket can serve again. */
  finish(): void
  /** Gives the connection up, unless it was finished. May be called twice. */
  close(): void
}

export interface ConnectOptions extends Limits {
  readonly target: Target
  readonly signal: AbortSignal
  readonly clock: ClockPort
}

/** How long the end of a finished answer may take before the socket is given up. */
const FINISH_MS = 250

/** Opens the connection and waits for the headers, under both limits and the caller's signal. */
export async function connect(
  open: (abort: AbortSignal) => Promise<Response>,
  options: ConnectOptions,
): Promise<Connection> {
  const { target, signal, clock } = options
  const abort = new AbortController()
  const watch = watchdog(clock, (limitMs) => abort.abort(new Expired(limitMs)))
  const follow = (): void => abort.abort(signal.reason)
  signal.addEventListener("abort", follow, { once: true })
  const release = (): void => {
    watch.stop()
    signal.removeEventListener("abort", follow)
  }
  watch.limit(options.headersTimeoutMs)
  try {
    const response = await untilAborted(open(abort.signal), abort.signal)
    watch.limit(options.idleTimeoutMs)
    return opened(response, { target, abort, watch, release, clock })
  } catch (cause) {
    release()
    signal.throwIfAborted()
    if (abort.signal.reason instanceof Expired) throw noAnswer(whoIs(target), options.headersTimeoutMs)
    throw cause instanceof SkeinError ? cause : connectionError(cause, target)
  }
}

interface Opened {
  readonly target: Target
  readonly abort: AbortController
  readonly watch: Watchdog
  readonly release: () => void
  readonly clock: ClockPort
}

function opened(response: Response, { target, abort, watch, release, clock }: Opened): Connection {
  const reader = response.body?.getReader()
  const pieces = trickle(clock)
  let isClosed = false
  // A pending read of a body that does not know the signal ends by this.
  const cancel = (): void => void reader?.cancel().catch(ignored)
  abort.signal.addEventListener("abort", cancel, { once: true })

  function close(): void {
    if (isClosed) return
    isClosed = true
    release()
    abort.abort(new Closed())
  }

  async function read(): Promise<Uint8Array | undefined> {
    if (reader === undefined) return undefined
    // An abort while it gathers is told by the read.
    await pieces.gather(abort.signal)?.catch(ignored)
    const piece = await reader.read().catch((cause: unknown) => {
      throw failure(cause)
    })
    if (abort.signal.aborted) throw failure(undefined)
    watch.touch()
    if (piece.done) return undefined
    pieces.took(piece.value.length)
    return piece.value
  }

  /** Ours, when we ended it; else the other side's. */
  function failure(cause: unknown): unknown {
    const isOurs = abort.signal.aborted
    const reason: unknown = abort.signal.reason
    close()
    if (reason instanceof Expired) return silent(whoIs(target), reason.limitMs)
    return isOurs ? reason : cutOff(target, withoutKey(cause, target))
  }

  function finish(): void {
    if (isClosed) return
    isClosed = true
    release()
    const late = new AbortController()
    clock.sleep(FINISH_MS, late.signal).then(() => abort.abort(new Closed()), ignored)
    drained(reader).then(() => late.abort(), ignored)
  }

  return { response, read, finish, close }
}

async function drained(reader: { read(): Promise<{ done: boolean }> } | undefined): Promise<void> {
  while (reader !== undefined && !(await reader.read()).done);
}

/** Why we ended a connection ourselves. */
class Expired {
  readonly limitMs: number
  constructor(limitMs: number) {
    this.limitMs = limitMs
  }
}
class Closed {}

/** What rejects after we ended it says only that we ended it. */
function ignored(): void {}

/** A `fetch` that does not heed its signal is left alone. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener("abort", stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop))
  })
}
