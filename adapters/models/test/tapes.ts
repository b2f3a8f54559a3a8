import { join } from "node:path"
import type { ModelUnderTest, ProviderState } from "@skein/testkit"
import { type Fetch, models, readTape, replaying, type Tape } from "../src/index.ts"
import { CASES } from "./cases.ts"

export function cassette(wire: string, name: string): Tape {
  return readTape(join(import.meta.dirname, "cassettes", wire, `${name}.json`))
}

/** The whole adapter over a tape, with its provider in the given state. */
export function overTape(wire: string, name: string, state: ProviderState): ModelUnderTest {
  const found = CASES.find((one) => one.wire === wire)
  if (found === undefined) throw new Error(`no case ${wire}`)
  let count = 0
  const replay = replaying(inState(cassette(wire, name), state), { pace: { sleep: longSleepsNeverEnd } })
  const fetch: Fetch = (url, init) => {
    count++
    return replay(url, init)
  }
  const clock = { now: () => 0, sleep: longSleepsNeverEnd }
  const port = models({ env: found.env("http://127.0.0.1:9"), key: () => "sk-not-a-real-key", fetch, clock })
  return { port, asked: () => count }
}

/** Waiting of the recording passes at once; a limit of the transport, or a silent provider, only ends by its signal. */
function longSleepsNeverEnd(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms < 200) return Promise.resolve()
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }))
}

function inState(tape: Tape, state: ProviderState): Tape {
  const [exchange] = tape.exchanges
  if (exchange?.response.kind !== "answer") throw new Error("a tape needs an answer")
  const { response } = exchange
  // Frames may be split anywhere, so half of the reads is in the middle of an item on every tape.
  const half = response.chunks.slice(0, Math.ceil(response.chunks.length / 2))
  const changed = {
    answering: response,
    silent: {
      ...response,
      chunks: [...half, ...response.chunks.slice(half.length).map((chunk) => ({ ...chunk, atMs: 60_000 }))],
    },
    breaking: { ...response, chunks: half, isWhole: false },
    overloaded: {
      ...response,
      status: 529,
      headers: { "content-type": "application/json", "retry-after": "7" },
      chunks: [{ atMs: 1, text: '{"error":{"type":"overloaded_error","message":"Overloaded"}}' }],
    },
  }[state]
  return { ...tape, exchanges: [{ ...exchange, response: changed }] }
}
