import { asObject, type Json } from "@skein/protocol/json"

/** An error that goes back to the client as the answer to its request. */
export class RpcError extends Error {
  override readonly name = "RpcError"
  readonly code: number

  constructor(message: string, code = INVALID_REQUEST) {
    super(message)
    this.code = code
  }
}

/** The code that Codex answers almost everything with. */
export const INVALID_REQUEST = -32600
/** For methods that Codex has and this version has not. */
export const METHOD_NOT_FOUND = -32601
/** For parameters that are read and contradict each other. */
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** More is asked at once than is taken. */
export const OVERLOADED = -32001

/** The client at the other end: JSON-RPC without the `jsonrpc` member, one object a line. */
export class Peer {
  readonly #write: (line: string) => void
  readonly #now: () => number
  readonly #waiting = new Map<number, (answer: Json | undefined) => void>()
  #optedOut: ReadonlySet<string> = new Set()
  #count = 0
  #hasEnded = false

  constructor(write: (line: string) => void, now: () => number) {
    this.#write = write
    this.#now = now
  }

  /** Notifications that the client does not want, by their exact names. */
  optOut(methods: readonly string[]): void {
    this.#optedOut = new Set(methods)
  }

  result(id: unknown, result: Json): void {
    this.#send({ id, result })
  }

  error(id: unknown, error: RpcError): void {
    this.#send({ error: { code: error.code, message: error.message }, id })
  }

  notify(method: string, params: Json): void {
    if (this.#optedOut.has(method)) return
    this.#send({ method, params, emittedAtMs: this.#now() })
  }

  /** Asks the client. `answer` is its result; undefined when it answered with an error, or is gone. */
  request(method: string, params: Json): { readonly id: number; readonly answer: Promise<Json | undefined> } {
    const id = this.#count++
    const { promise, resolve } = Promise.withResolvers<Json | undefined>()
    if (this.#hasEnded) resolve(undefined)
    else {
      this.#waiting.set(id, resolve)
      this.#send({ method, id, params })
    }
    return { id, answer: promise }
  }

  /** The client's answer to a request of ours; one that nobody waits for is left alone. */
  answer(message: Json): void {
    if (typeof message.id !== "number") return
    const settle = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    settle?.(asObject(message.result))
  }

  /** A question that needs no answer any more. */
  forget(id: number): void {
    this.#waiting.delete(id)
  }

  /** The client will not answer again. */
  end(): void {
    this.#hasEnded = true
    for (const settle of this.#waiting.values()) settle(undefined)
    this.#waiting.clear()
  }

  #send(message: Json): void {
    this.#write(JSON.stringify(message))
  }
}
