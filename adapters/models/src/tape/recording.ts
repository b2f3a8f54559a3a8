import { cleanChunks, cleanHeaders, cleanText, isSecret, pathOf, secretsOf } from "./clean.ts"
import {
  type AskedFor,
  type Exchange,
  type Fetch,
  type RecordedRequest,
  type RecordedResponse,
  type Tape,
  writeTape,
} from "./tape.ts"

export interface RecordingOptions {
  readonly source: Tape["source"]
  readonly label: string
  /** Further values that must not be on the tape. Keys in headers and addresses are found without it. */
  readonly secrets?: (() => readonly string[]) | undefined
  /** Milliseconds from any start; only differences are used. */
  readonly now?: (() => number) | undefined
}

/** A fetch that records. */
export interface Recording extends Fetch {
  /** Resolves when every exchange begun so far is over and on the tape. Rejects when the tape could not be written. */
  saved(): Promise<void>
}

/**
 * A fetch that keeps what passes through it. The tape is written anew, whole, after each exchange and before its reader
 * sees the end, so that whatever was read to its end is on disk. An earlier file of that name is replaced.
 */
export function recording(through: Fetch, file: string, options: RecordingOptions): Recording {
  const now = options.now ?? (() => performance.now())
  const slots: (Exchange | undefined)[] = []
  const open = new Set<Promise<void>>()
  let written: Promise<void> = Promise.resolve()

  function keep(slot: number, exchange: Exchange): Promise<void> {
    slots[slot] = exchange
    const write = () => {
      const exchanges = slots.filter((one) => one !== undefined)
      return writeTape(file, { version: 1, source: options.source, label: options.label, exchanges })
    }
    // The next write is tried whatever became of this one; this exchange's reader learns of its own.
    written = written.then(write, write)
    return written
  }

  async function record(address: string, init: RequestInit = {}, about: AskedFor = {}): Promise<Response> {
    const startedAt = now()
    const slot = slots.push(undefined) - 1
    const url = new URL(address)
    const secrets = [...new Set([...secretsOf(url, new Headers(init.headers)), ...(options.secrets?.() ?? [])])]
      .filter(isSecret)
      .toSorted((a, b) => b.length - a.length)
    const request = requestOf(url, init, secrets)
    const sinceStart = () => Math.round(now() - startedAt)
    const over = Promise.withResolvers<void>()
    // Whoever waits on `saved` sees a failure too; nobody has to.
    over.promise.catch(() => undefined)
    open.add(over.promise)
    const finish = (response: RecordedResponse) => {
      const done = keep(slot, { request, response })
      over.resolve(done)
      return done
    }
    let response: Response
    try {
      response = await through(address, init, about)
    } catch (error) {
      const message = cleanText(error instanceof Error ? error.message : String(error), secrets)
      await finish({ kind: "failure", atMs: sinceStart(), message })
      throw error
    }
    const head = { status: response.status, headers: cleanHeaders(response.headers), atMs: sinceStart() }
    const body = tapped(response.body, sinceStart, (chunks, isWhole) =>
      finish({ kind: "answer", ...head, chunks: cleanChunks(chunks, secrets), isWhole }),
    )
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
  }
  return Object.assign(record, { saved: async () => void (await Promise.all(open)) })
}

function requestOf(url: URL, init: RequestInit, secrets: readonly string[]): RecordedRequest {
  const text = cleanText(typeof init.body === "string" ? init.body : "", secrets)
  return { method: init.method ?? "GET", path: cleanText(pathOf(url), secrets), body: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

type Read = { atMs: number; bytes: Uint8Array }

function tapped(
  body: ReadableStream<Uint8Array> | null,
  sinceStart: () => number,
  finish: (chunks: readonly Read[], isWhole: boolean) => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body?.getReader()
  const chunks: Read[] = []
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      try {
        const { done, value } = reader === undefined ? { done: true, value: undefined } : await reader.read()
        if (done || value === undefined) {
          await finish(chunks, true)
          controller.close()
          return
        }
        chunks.push({ atMs: sinceStart(), bytes: value.slice() })
        controller.enqueue(value)
      } catch (error) {
        await finish(chunks, false)
        throw error
      }
    },
    async cancel(reason: unknown) {
      await reader?.cancel(reason)
      await finish(chunks, false)
    },
  }
  // Read only what is asked for, so that the tape holds what its reader saw and when.
  return new ReadableStream(source, { highWaterMark: 0 })
}
