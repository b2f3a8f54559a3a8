import type { ClockPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { pathOf } from "./clean.ts"
import { differences, type Fingerprint, fingerprint } from "./fingerprint.ts"
import { type Chunk, type Exchange, type Fetch, readTape, type Tape } from "./tape.ts"

export interface ReplayOptions {
  /** Chunks come when they came in the recording. Absent: all at once. */
  readonly pace?: Pace | undefined
}

export interface Pace {
  readonly sleep: ClockPort["sleep"]
  /** Divides recorded waiting: 2 is twice as fast. */
  readonly speed?: number | undefined
}

/**
 * A fetch that answers from a tape, without network or key. A request takes the first exchange of its path that is left
 * and fits its fingerprint. Throws SkeinError `tape.mismatch`, saying what differs, when none does.
 */
export function replaying(source: string | Tape, options: ReplayOptions = {}): Fetch {
  const tape = typeof source === "string" ? readTape(source) : source
  const left = tape.exchanges.map((exchange) => ({ exchange, print: printOf(exchange) }))
  const wait = options.pace === undefined ? undefined : waiting(options.pace)

  return async (address, init = {}) => {
    init.signal?.throwIfAborted()
    const path = pathOf(new URL(address))
    const asked = fingerprint(path, bodyOf(init))
    const onPath = left.filter(({ exchange }) => isSamePath(exchange.request.path, path))
    const match = onPath.find(({ print }) => differences(print, asked).length === 0)
    if (match === undefined) throw mismatch(tape, path, asked, onPath[0]?.print)
    left.splice(left.indexOf(match), 1)
    return answer(match.exchange, wait, init.signal ?? undefined)
  }
}

/** Waits until a moment of the recording, measured from the moment before. */
type Wait = (fromMs: number, toMs: number, signal: AbortSignal | undefined) => Promise<void>

function waiting({ sleep, speed = 1 }: Pace): Wait {
  return async (fromMs, toMs, signal) => {
    const ms = (toMs - fromMs) / speed
    if (ms > 0) await sleep(ms, signal)
  }
}

async function answer(exchange: Exchange, wait: Wait | undefined, signal: AbortSignal | undefined): Promise<Response> {
  const { response } = exchange
  await wait?.(0, response.atMs, signal)
  // What fetch itself throws when nothing answers.
  if (response.kind === "failure") throw new TypeError(response.message)
  return new Response(streamed(response, wait, signal), { status: response.status, headers: response.headers })
}

function streamed(
  response: Extract<Exchange["response"], { kind: "answer" }>,
  wait: Wait | undefined,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let next = 0
  let atMs = response.atMs
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      signal?.throwIfAborted()
      const chunk = response.chunks[next++]
      if (chunk === undefined) {
        if (!response.isWhole) throw new TypeError("The connection was closed before the answer was whole.")
        controller.close()
        return
      }
      await wait?.(atMs, chunk.atMs, signal)
      atMs = chunk.atMs
      controller.enqueue(bytesOf(chunk))
    },
  })
}

function bytesOf(chunk: Chunk): Uint8Array {
  return "text" in chunk ? new TextEncoder().encode(chunk.text) : new Uint8Array(Buffer.from(chunk.base64, "base64"))
}

function printOf({ request }: Exchange): Fingerprint {
  return fingerprint(request.path, request.body)
}

function bodyOf(init: RequestInit): unknown {
  if (typeof init.body !== "string") return undefined
  try {
    return JSON.parse(init.body)
  } catch {
    return init.body
  }
}

/** The base URL may differ between the recording and the replay; the end of the path, which the wire wrote, may not. */
function isSamePath(recorded: string, asked: string): boolean {
  return recorded.endsWith(asked) || asked.endsWith(recorded)
}

function mismatch(tape: Tape, path: string, asked: Fingerprint, next: Fingerprint | undefined): SkeinError {
  const name = `The tape "${tape.label}"`
  if (next === undefined) {
    const total = tape.exchanges.filter(({ request }) => isSamePath(request.path, path)).length
    const held = total === 0 ? "holds no exchange" : `has no exchange left (of ${total})`
    return new SkeinError("tape.mismatch", `${name} ${held} for ${path}. Record it again with what is asked now.`)
  }
  const what = differences(next, asked).join("; ")
  return new SkeinError("tape.mismatch", `${name} does not fit this request to ${path}: ${what}. Record it again.`)
}
