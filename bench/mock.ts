/**
 * A scripted model server on loopback, without a delay of its own: `bun bench/mock.ts`.
 * It prints its port, speaks four streaming APIs, and answers what the mark in the prompt asks for (mock/script.ts).
 * `GET /log` gives the requests since the last `POST /reset`.
 */
import { anthropic } from "./mock/anthropic.ts"
import { chat } from "./mock/chat.ts"
import { gemini } from "./mock/gemini.ts"
import { type Json, object, string } from "./mock/json.ts"
import { responses } from "./mock/responses.ts"
import { nextOf, wordsOf } from "./mock/script.ts"
import type { Wire } from "./mock/wire.ts"

/** One request. Times are milliseconds since 1970, with fractions. */
export interface Arrival {
  readonly path: string
  readonly kind: "script" | "aside" | "other"
  readonly arrivedMs: number
  /** The last byte of the answer was handed over. */
  answeredMs: number
  /** Size of the request's body, decompressed. */
  readonly bytes: number
  readonly step: number
  /** The tool results so far hold what the files hold. */
  readonly isTrue: boolean
}

export interface Mock {
  readonly port: number
  readonly log: Arrival[]
  stop(): Promise<void>
}

/** With this argument the server ends with whoever holds the other end of its standard input. */
export const ON_LEASH = "--on-leash"

const WIRES: readonly Wire[] = [responses, chat, anthropic, gemini]
/** Deltas per flushed write: between one packet a token (a slow model) and one packet for all (a cache). */
const DELTAS_PER_WRITE = 16
const ASIDE_TOKENS = 4
const EVENT_STREAM = { headers: { "content-type": "text/event-stream", "cache-control": "no-cache" } }
const encoder = new TextEncoder()

export function startMock(): Mock {
  const log: Arrival[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 120,
    async fetch(request) {
      const arrivedMs = epochMs()
      const path = new URL(request.url).pathname
      if (path === "/log") return Response.json(log)
      if (path === "/reset") {
        log.length = 0
        return new Response("ok")
      }
      const wire = request.method === "POST" ? WIRES.find((known) => known.matches(path)) : undefined
      const bytes = unpacked(request.headers.get("content-encoding"), new Uint8Array(await request.arrayBuffer()))
      const note = (kind: Arrival["kind"], step: number, isTrue: boolean): Arrival => {
        const arrival = { path, kind, arrivedMs, answeredMs: arrivedMs, bytes: bytes.byteLength, step, isTrue }
        log.push(arrival)
        return arrival
      }
      if (wire === undefined) {
        note("other", 0, true)
        return beside(path)
      }
      const body = object(JSON.parse(new TextDecoder().decode(bytes)))
      return answer(wire, path, body, note)
    },
  })
  return { port: server.port ?? 0, log, stop: () => server.stop(true) }
}

function answer(
  wire: Wire,
  path: string,
  body: Json,
  note: (kind: Arrival["kind"], step: number, isTrue: boolean) => Arrival,
): Response {
  const model = string(body.model) || (/models\/([^:]+):/.exec(path)?.[1] ?? "mock-model")
  const next = nextOf(wire.read(body))
  const arrival = next.kind === "aside" ? note("aside", 0, true) : note("script", next.step, next.isTrue)
  if (!wire.isStreamed(path, body)) {
    arrival.answeredMs = epochMs()
    return Response.json(wire.whole(model, "ok"))
  }
  if (next.kind === "call") return written([wire.call(model, next.call, body).join("")], arrival)
  const words = wordsOf(next.kind === "aside" ? ASIDE_TOKENS : next.tokens)
  if (next.kind === "say" && next.rate !== undefined) {
    return written(wire.say(model, words, body), arrival, 1000 / next.rate)
  }
  return written(packets(wire, model, words, body), arrival)
}

/** Packets of long answers are kept, so that writing them costs the same for every agent. */
const kept = new Map<string, readonly Uint8Array[]>()

function packets(wire: Wire, model: string, words: readonly string[], body: Json): readonly (string | Uint8Array)[] {
  if (words.length <= 64) return [wire.say(model, words, body).join("")]
  const key = JSON.stringify([wire.name, model, words.length, body.stream_options])
  const made = kept.get(key) ?? grouped(wire.say(model, words, body))
  kept.set(key, made)
  return made
}

function grouped(frames: readonly string[]): Uint8Array[] {
  const groups: Uint8Array[] = []
  for (let at = 0; at < frames.length; at += DELTAS_PER_WRITE) {
    groups.push(encoder.encode(frames.slice(at, at + DELTAS_PER_WRITE).join("")))
  }
  return groups
}

/** `everyMs`: a part is due so long after the one before; a late one does not make the next ones late. */
function written(parts: readonly (string | Uint8Array)[], arrival: Arrival, everyMs = 0): Response {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) {
    arrival.answeredMs = epochMs()
    return new Response(only as string, EVENT_STREAM)
  }
  const source = {
    type: "direct" as const,
    async pull(controller: ReadableStreamDirectController) {
      const startMs = performance.now()
      for (const [index, part] of parts.entries()) {
        if (everyMs > 0) await Bun.sleep(Math.max(0, startMs + index * everyMs - performance.now()))
        controller.write(part as Uint8Array<ArrayBuffer>)
        await controller.flush()
      }
      arrival.answeredMs = epochMs()
      controller.close()
    },
  }
  return new Response(new ReadableStream(source), EVENT_STREAM)
}

/** Requests beside the conversation: what models there are, how many tokens this is. */
function beside(path: string): Response {
  if (path.endsWith("/models")) {
    const model = { id: "mock-model", object: "model", type: "model" }
    return Response.json({ object: "list", data: [model], models: [], has_more: false })
  }
  if (path.endsWith("/count_tokens")) return Response.json({ input_tokens: 100 })
  if (path.endsWith(":countTokens")) return Response.json({ totalTokens: 100 })
  if (path === "/") return new Response("ok")
  return Response.json({ error: { type: "not_found_error", message: `No such path: ${path}` } }, { status: 404 })
}

function unpacked(encoding: string | null, bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  if (encoding === "zstd") return Bun.zstdDecompressSync(bytes)
  if (encoding === "gzip") return Bun.gunzipSync(bytes)
  return bytes
}

function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

if (import.meta.main) {
  console.log(`port ${startMock().port}`)
  if (process.argv.includes(ON_LEASH)) {
    await Bun.stdin.bytes()
    process.exit(0)
  }
}
