/** JSON-RPC 2.0, one object a line, both ways at once. ACP has no batches, so an array is an invalid request. */

/** An object of JSON, nothing known of its fields. */
export type Json = Readonly<Record<string, unknown>>

/** The codes of JSON-RPC 2.0, and those that ACP adds. */
export const RPC = {
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  cancelled: -32800,
  needsLogin: -32000,
  notFound: -32002,
} as const

/** An answer that is an error. `data` is for programs. */
export class RpcError extends Error {
  override readonly name = "RpcError"
  readonly code: number
  readonly data: Json | undefined

  constructor(code: number, message: string, data?: Json) {
    super(message)
    this.code = code
    this.data = data
  }
}

export interface RpcCall {
  readonly params: unknown
  /** Aborts when the other side takes its request back. */
  readonly signal: AbortSignal
  /** Runs right after the answer was written. */
  afterwards(run: () => void): void
}

export interface RpcSides {
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly requests: Readonly<Record<string, (call: RpcCall) => Promise<Json>>>
  readonly notifications: Readonly<Record<string, (params: unknown) => void>>
  /** For stderr: a notification that could not be taken has no answer. */
  readonly warn: (text: string) => void
  /** What an error of a handler is on the wire. */
  readonly errorOf: (error: unknown) => RpcError
}

type Id = string | number | null

/** One end of a connection. */
export class Rpc {
  readonly #sides: RpcSides
  readonly #serving = new Map<Id, { readonly stop: AbortController; readonly done: Promise<void> }>()
  readonly #asking = new Map<Id, PromiseWithResolvers<unknown>>()
  #nextId = 1

  constructor(sides: RpcSides) {
    this.#sides = sides
  }

  take(line: string): void {
    if (line.trim() === "") return
    const message = parse(line)
    if (message === undefined) return this.#refuse(null, RPC.parse, "The line is not JSON.")
    if (!isObject(message)) return this.#refuse(null, RPC.invalidRequest, "A message is one object of JSON-RPC 2.0.")
    const id = isId(message.id) ? message.id : null
    if (message.method === undefined && ("result" in message || "error" in message)) return this.#answered(message)
    if (message.jsonrpc !== "2.0" || typeof message.method !== "string") {
      return this.#refuse(id, RPC.invalidRequest, "A message is one object of JSON-RPC 2.0 with a method.")
    }
    if (!("id" in message)) return this.#hear(message.method, message.params)
    if (!isId(message.id)) return this.#refuse(null, RPC.invalidRequest, "An id is a string, a number or null.")
    this.#serve(message.id, message.method, message.params)
  }

  notify(method: string, params: Json): void {
    this.#send({ method, params })
  }

  /** Rejects with RpcError when the answer is an error, and with the signal's reason when it is taken back. */
  async request(method: string, params: Json, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted()
    const id = this.#nextId++
    const answer = Promise.withResolvers<unknown>()
    const takeBack = () => {
      this.notify("$/cancel_request", { requestId: id })
      answer.reject(signal.reason)
    }
    this.#asking.set(id, answer)
    this.#send({ id, method, params })
    signal.addEventListener("abort", takeBack, { once: true })
    try {
      return await answer.promise
    } finally {
      signal.removeEventListener("abort", takeBack)
      this.#asking.delete(id)
    }
  }

  /** Resolves when every request that came was answered. */
  async settled(): Promise<void> {
    while (this.#serving.size > 0) await Promise.all([...this.#serving.values()].map(({ done }) => done))
  }

  #serve(id: Id, method: string, params: unknown): void {
    const handler = Object.hasOwn(this.#sides.requests, method) ? this.#sides.requests[method] : undefined
    if (handler === undefined) return this.#refuse(id, RPC.unknownMethod, `There is no method ${method}.`, { method })
    if (this.#serving.has(id)) return this.#refuse(id, RPC.invalidRequest, `The id ${id} is taken by an open request.`)
    const stop = new AbortController()
    const after: (() => void)[] = []
    const call = { params, signal: stop.signal, afterwards: (run: () => void) => void after.push(run) }
    // What is wrong at once is an answer like what is wrong later.
    const done = (async () => handler(call))()
      .then((result) => this.#send({ id, result }))
      .catch((error: unknown) => {
        const { code, message, data } = this.#sides.errorOf(error)
        this.#refuse(id, code, message, data)
      })
      .finally(() => {
        this.#serving.delete(id)
        for (const run of after) run()
      })
    this.#serving.set(id, { stop, done })
  }

  /** Unknown notifications are ignored, as the protocol asks. */
  #hear(method: string, params: unknown): void {
    if (method === "$/cancel_request") {
      const requestId = isObject(params) && isId(params.requestId) ? params.requestId : undefined
      if (requestId !== undefined) this.#serving.get(requestId)?.stop.abort()
    } else if (Object.hasOwn(this.#sides.notifications, method)) {
      try {
        this.#sides.notifications[method]?.(params)
      } catch (error) {
        this.#sides.warn(`The notification ${method} was left out: ${this.#sides.errorOf(error).message}`)
      }
    }
  }

  /** An answer to nothing that is open is late, and ignored. */
  #answered({ id, result, error }: Json): void {
    const answer = isId(id) ? this.#asking.get(id) : undefined
    if (error === undefined) answer?.resolve(result)
    else answer?.reject(readError(error))
  }

  #refuse(id: Id, code: number, message: string, data?: Json): void {
    this.#send({ id, error: { code, message, ...(data === undefined ? {} : { data }) } })
  }

  #send(message: Json): void {
    this.#sides.write(JSON.stringify({ jsonrpc: "2.0", ...message }))
  }
}

function readError(error: unknown): RpcError {
  const { code, message } = isObject(error) ? error : {}
  return new RpcError(
    typeof code === "number" ? code : RPC.internal,
    typeof message === "string" ? message : "The client answered with an error.",
  )
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is Id {
  return value === null || typeof value === "string" || (typeof value === "number" && Number.isFinite(value))
}
