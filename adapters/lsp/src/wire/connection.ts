import { encodeFrame, FrameDefect, frameDecoder } from "./frames.ts"

/** One end of a JSON-RPC 2.0 conversation with a language server. */
export interface Connection {
  /** Bytes of the server. A defect ends the conversation. */
  take(bytes: Uint8Array): void
  /** Rejects with ServerError for what the server refuses, and with the signal's reason when that comes first. */
  ask(method: string, params: unknown, signal: AbortSignal): Promise<unknown>
  tell(method: string, params: unknown): void
  /** Every open question is rejected with this. */
  close(reason: Error): void
  /** Resolves with the reason when it is closed. */
  readonly closed: Promise<Error>
}

export interface Handlers {
  send(bytes: Uint8Array): void
  /** What the server tells. */
  onTold(method: string, params: unknown): void
  /** What the server asks of us; undefined is answered as a method that is not there. */
  answer(method: string, params: unknown): unknown
  onDefect(defect: FrameDefect): void
}

/** The server answered, and the answer is no. The text is its own: foreign. */
export class ServerError extends Error {
  override readonly name = "ServerError"
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const METHOD_NOT_FOUND = -32_601
/** Of an answer's text. */
const ERROR_CHARACTERS_MAX = 500

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

export function connection(handlers: Handlers): Connection {
  const open = new Map<number, Waiting>()
  let count = 0
  let closed: Error | undefined
  const closing = Promise.withResolvers<Error>()

  function onMessage(text: string): void {
    const message = parsed(text)
    if (typeof message.method === "string") {
      if (message.id === undefined) handlers.onTold(message.method, message.params)
      else reply(message.id, message.method, message.params)
      return
    }
    if (typeof message.id !== "number") return
    const waiting = open.get(message.id)
    open.delete(message.id)
    if (message.error === undefined) waiting?.resolve(message.result)
    else waiting?.reject(errorOf(message.error))
  }

  function reply(id: unknown, method: string, params: unknown): void {
    const result = handlers.answer(method, params)
    const missing = { code: METHOD_NOT_FOUND, message: `${method} is not offered here` }
    handlers.send(encodeFrame({ jsonrpc: "2.0", id, ...(result === undefined ? { error: missing } : { result }) }))
  }

  const decode = frameDecoder(onMessage)

  return {
    take(bytes) {
      if (closed !== undefined) return
      try {
        decode(bytes)
      } catch (error) {
        if (!(error instanceof FrameDefect)) throw error
        handlers.onDefect(error)
      }
    },
    async ask(method, params, signal) {
      signal.throwIfAborted()
      if (closed !== undefined) throw closed
      const id = ++count
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const giveUp = () => {
        if (!open.delete(id)) return
        handlers.send(encodeFrame({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }))
        reject(signal.reason)
      }
      open.set(id, { resolve, reject })
      signal.addEventListener("abort", giveUp, { once: true })
      handlers.send(encodeFrame({ jsonrpc: "2.0", id, method, params }))
      try {
        return await promise
      } finally {
        signal.removeEventListener("abort", giveUp)
      }
    },
    tell(method, params) {
      if (closed === undefined) handlers.send(encodeFrame({ jsonrpc: "2.0", method, params }))
    },
    close(reason) {
      closed ??= reason
      closing.resolve(closed)
      for (const { reject } of open.values()) reject(reason)
      open.clear()
    },
    closed: closing.promise,
  }
}

interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

function parsed(text: string): Message {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === "object" && value !== null) return value
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new FrameDefect("It sent something that is no JSON object.")
}

function errorOf(error: unknown): ServerError {
  const { code, message } = Object(error)
  const text = typeof message === "string" ? message.slice(0, ERROR_CHARACTERS_MAX) : "It did not say why."
  return new ServerError(typeof code === "number" ? code : 0, text)
}
