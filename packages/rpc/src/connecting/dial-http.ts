import { randomUUID } from "node:crypto"
import { asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { CONNECTION_HEADER, WINDOW, WIRE_VERSION } from "@skein/protocol/wire"
import type { Transport } from "../transports/transport.ts"
import { CODES, readMessage, type WireError, written } from "../words.ts"
import { Mailbox } from "./mailbox.ts"
import { refusedBy, unreachable } from "./refusals.ts"
import { sseFrames } from "./sse.ts"

/** The same messages by plain requests, and a stream of events for each subscription: for where WebSocket does not pass. */
export async function dialHttp(url: URL, token: string): Promise<Transport> {
  const headers = { Authorization: `Bearer ${token}`, [CONNECTION_HEADER]: randomUUID() }
  // Any path but /health, so that a wrong token is told now.
  const greeting = await fetch(new URL("/v1/socket", url), { headers }).catch((cause) => {
    throw unreachable(url.origin, cause)
  })
  await greeting.body?.cancel()
  if (greeting.status !== 426) throw refusedBy(url, greeting.status)
  return new HttpTransport(url, headers)
}

class HttpTransport implements Transport {
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  readonly #said = new Mailbox<string>()
  readonly #stop = new AbortController()
  readonly #streams = new Map<string, Stream>()
  #subscriptions = 0

  constructor(url: URL, headers: Readonly<Record<string, string>>) {
    this.#url = url
    this.#headers = headers
  }

  get messages(): AsyncIterable<string> {
    return this.#said
  }

  room(): Promise<void> {
    return Promise.resolve()
  }

  close(): void {
    this.#stop.abort()
    this.#said.end()
  }

  send(text: string): void {
    const message = readMessage(text)
    if (message.kind === "notification" && message.method === "more") {
      this.#streams.get(asText(message.params.subscriptionId) ?? "")?.more(asNumber(message.params.count) ?? 0)
    }
    if (message.kind !== "request") return
    const { id, method, params } = message
    this.#result(method, params).then(
      (outcome) => this.#said.put(written({ id, ...outcome })),
      // The connection is lost: whoever asked does so again over the next one.
      () => this.close(),
    )
  }

  async #result(method: string, params: Json): Promise<{ readonly result: unknown } | { readonly error: WireError }> {
    if (method === "initialize") return { result: { protocol: WIRE_VERSION, server: { name: "skein", version: "" } } }
    if (method === "submit") return this.#post("/v1/ops", params.op)
    if (method === "ask") return this.#post("/v1/queries", params.query)
    if (method === "subscribe") return this.#subscribe(params)
    this.#streams.get(asText(params.subscriptionId) ?? "")?.stop()
    return { result: {} }
  }

  async #post(path: string, body: unknown): Promise<{ readonly result: unknown } | { readonly error: WireError }> {
    const response = await fetch(new URL(path, this.#url), {
      method: "POST",
      headers: { ...this.#headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: this.#stop.signal,
    })
    const answer: unknown = await response.json()
    return response.ok ? { result: answer } : { error: errorOf(response.status, answer) }
  }

  async #subscribe(params: Json): Promise<{ readonly result: unknown } | { readonly error: WireError }> {
    const { sessionId, from, isReadOnly } = asObject(params.subscription) ?? {}
    const path = new URL(`/v1/sessions/${encodeURIComponent(asText(sessionId) ?? "")}/events`, this.#url)
    if (from !== undefined) path.searchParams.set("from", String(from))
    if (isReadOnly !== undefined) path.searchParams.set("isReadOnly", String(isReadOnly))
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.#stop.signal])
    const response = await fetch(path, { headers: this.#headers, signal })
    if (!response.ok || response.body === null) return { error: errorOf(response.status, await response.json()) }
    this.#subscriptions += 1
    const subscriptionId = `sub_${this.#subscriptions}`
    const stream = new Stream(asNumber(params.window) ?? WINDOW.standard, () => stop.abort())
    this.#streams.set(subscriptionId, stream)
    const frames = sseFrames(response.body)
    const first = from === undefined && isReadOnly !== true ? await frames.next() : undefined
    const { after } = first?.done === false ? (asObject(JSON.parse(first.value.data)) ?? {}) : {}
    // After the answer, as the name of the subscription is not known before.
    queueMicrotask(() => void this.#read(subscriptionId, stream, frames, first))
    return { result: { subscriptionId, ...(after === undefined ? {} : { after }) } }
  }

  /** A stream that breaks off ends the connection; one that says that it ended is a subscription's end. */
  async #read(
    ...[subscriptionId, stream, frames, first]: [string, Stream, ReturnType<typeof sseFrames>, Frame | undefined]
  ): Promise<void> {
    try {
      for (let next = first ?? (await frames.next()); next.done !== true; next = await frames.next()) {
        await stream.credit()
        if (stream.isStopped) return
        const { event, data } = next.value
        const value: unknown = JSON.parse(data)
        if (event === "ended") {
          return this.#said.put(written({ method: "ended", params: { subscriptionId, ...asObject(value) } }))
        }
        this.#said.put(written({ method: "event", params: { subscriptionId, event: value } }))
      }
      if (!stream.isStopped) this.close()
    } catch {
      if (!stream.isStopped) this.close()
    } finally {
      this.#streams.delete(subscriptionId)
      stream.stop()
    }
  }
}

type Frame = Awaited<ReturnType<ReturnType<typeof sseFrames>["next"]>>

/** One subscription's credit: what is not taken here is not read, and waits on the server's side. */
class Stream {
  isStopped = false
  #credit: number
  #wake: (() => void) | undefined
  readonly #abort: () => void

  constructor(credit: number, abort: () => void) {
    this.#credit = credit
    this.#abort = abort
  }

  more(count: number): void {
    this.#credit += count
    this.#wake?.()
  }

  stop(): void {
    this.isStopped = true
    this.#wake?.()
    this.#abort()
  }

  async credit(): Promise<void> {
    while (this.#credit <= 0 && !this.isStopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#credit -= 1
  }
}

function errorOf(status: number, answer: unknown): WireError {
  const data = asObject(asObject(answer)?.error) ?? {}
  const message = asText(data.message) ?? `The server answered with ${status}.`
  if (data.code === "internal.defect") return { code: CODES.defect, message }
  return { code: status === 429 ? CODES.tooMuch : CODES.refused, message, data }
}
