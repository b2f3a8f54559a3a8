import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server"
import { isJSONRPCRequest, parseJSONRPCMessage, SdkError } from "@modelcontextprotocol/server"

export interface Lines {
  /** Without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
}

/** A message holds a file at most. */
const LINE_CHARS_MAX = 16 * 1024 * 1024
/** Whoever writes all requests and closes their end still gets the answers that are near. */
const LAST_ANSWERS_MS = 1_000

/** JSON-RPC, one object a line. What is no message is answered with an error, and ends nothing. */
export class LineTransport implements Transport {
  onmessage?: NonNullable<Transport["onmessage"]>
  onclose?: () => void
  onerror?: (error: Error) => void
  readonly #lines: Lines
  /** Requests without an answer. */
  readonly #open = new Set<string>()
  readonly #ended = Promise.withResolvers<void>()
  #answered = Promise.withResolvers<void>()
  #isClosed = false

  constructor(lines: Lines) {
    this.#lines = lines
  }

  /** Resolves when the client has closed its end, and what was near its end is answered. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  async start(): Promise<void> {
    this.#read().then(
      () => this.#ended.resolve(),
      (error: unknown) => this.#ended.reject(error),
    )
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) return
    if ("id" in message && !("method" in message)) {
      this.#open.delete(JSON.stringify(message.id))
      if (this.#open.size === 0) this.#answered.resolve()
    }
    this.#lines.write(JSON.stringify(message))
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.onclose?.()
  }

  async #read(): Promise<void> {
    for await (const line of this.#lines.input) this.#take(line)
    if (this.#open.size === 0) return
    this.#answered = Promise.withResolvers()
    const late = setTimeout(() => this.#answered.resolve(), LAST_ANSWERS_MS)
    await this.#answered.promise
    clearTimeout(late)
  }

  #take(line: string): void {
    if (line.trim() === "") return
    if (line.length > LINE_CHARS_MAX)
      return this.#refuse(-32600, `A message is longer than ${LINE_CHARS_MAX} characters.`)
    const value = parsed(line)
    if (value === undefined) return this.#refuse(-32700, "The line is not JSON.")
    const message = messageOf(value)
    if (message === undefined) return this.#refuse(-32600, "A message is one object of JSON-RPC 2.0.", idOf(value))
    if (isJSONRPCRequest(message)) this.#open.add(JSON.stringify(message.id))
    this.onmessage?.(message)
  }

  #refuse(code: number, message: string, id: string | number | null = null): void {
    this.#lines.write(JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } }))
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function messageOf(value: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(value)
  } catch (error) {
    // The SDK has one class of error for what does not fit its schemas, and another for what is wrong with them.
    if (error instanceof SdkError) throw error
    return undefined
  }
}

function idOf(value: unknown): string | number | null {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : null
  return typeof id === "string" || typeof id === "number" ? id : null
}
