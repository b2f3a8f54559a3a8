import { SkeinError } from "@skein/protocol"
import { asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { WINDOW, WIRE_VERSION } from "@skein/protocol/wire"
import { MessageTooLong, type Transport } from "../transports/transport.ts"
import { CODES, type Peer, readMessage, toWire, type WireError, written } from "../words.ts"
import type { Attachments } from "./attachments.ts"
import type { CheckedEngine } from "./checked.ts"
import { Flow } from "./flow.ts"
import { breath, Turns } from "./turns.ts"

/** Asked and not answered, and listened to, at once over one connection. */
const OPEN_MAX = 256
const FLOWS_MAX = 256
/** Of them, queries that the engine answers at the same time; changes and answers to it never wait behind them. */
const ASKS_MAX = 8

export interface Serving {
  readonly engine: CheckedEngine
  readonly attachments: Attachments
  readonly server: Peer
  /** A throw that is a defect of ours; the client is told as well. */
  readonly onDefect: (error: unknown) => void
}

type Request = { readonly id: string | number; readonly method: string; readonly params: Json }

/** One client at the far end of a transport. */
export class Connection {
  readonly #serving: Serving
  readonly #transport: Transport
  readonly #flows = new Map<string, Flow>()
  readonly #asks = new Turns(ASKS_MAX)
  #subscriptions = 0
  #open = 0
  #isGreeted = false

  constructor(serving: Serving, transport: Transport) {
    this.#serving = serving
    this.#transport = transport
  }

  /** Until either end is gone. */
  async run(): Promise<void> {
    try {
      for await (const text of this.#transport.messages) {
        this.#take(text)
        // Whoever asks and does not take the answers is not read on.
        await this.#transport.room()
        // Many that came in one piece are not taken in one go.
        await breath()
      }
    } catch (error) {
      if (!(error instanceof MessageTooLong)) throw error
      this.#transport.send(written({ id: null, error: { code: CODES.invalidRequest, message: error.message } }))
    } finally {
      this.#transport.close()
      this.#serving.attachments.left(this)
      await Promise.allSettled([...this.#flows.values()].map((flow) => flow.stop()))
      this.#flows.clear()
    }
  }

  #take(text: string): void {
    const message = readMessage(text)
    if (message.kind === "request") void this.#answer(message)
    else if (message.kind === "notification") this.#note(message.method, message.params)
    // What we did not ask is not answered either.
    else if (message.kind === "wrong") {
      this.#transport.send(written({ id: null, error: { code: message.code, message: WRONG } }))
    }
  }

  async #answer({ id, method, params }: Request): Promise<void> {
    const refuse = (error: WireError) => this.#transport.send(written({ id, error }))
    if (this.#open >= OPEN_MAX) return refuse({ code: CODES.tooMuch, message: `${OPEN_MAX} requests wait already.` })
    if (method !== "initialize" && !this.#isGreeted)
      return refuse({ code: CODES.invalidRequest, message: "Begin with initialize." })
    this.#open += 1
    try {
      const answer = await this.#result(method, params)
      this.#transport.send(written({ id, result: answer.result }))
      answer.begin?.()
    } catch (error) {
      if (error instanceof Refusal) return refuse({ code: error.code, message: error.message })
      if (!(error instanceof SkeinError)) this.#serving.onDefect(error)
      refuse(toWire(error))
    } finally {
      this.#open -= 1
    }
  }

  async #result(method: string, params: Json): Promise<{ readonly result: object; readonly begin?: () => void }> {
    const { engine, attachments, server } = this.#serving
    switch (method) {
      case "initialize":
        this.#isGreeted = true
        return { result: { protocol: WIRE_VERSION, server } }
      case "submit": {
        const { op, receipt } = await engine.submit(params.op)
        attachments.note(op, receipt, this)
        return { result: receipt }
      }
      case "ask":
        return { result: { answer: await this.#asks.take(() => engine.ask(params.query)) } }
      case "subscribe":
        return this.#subscribe(params)
      case "unsubscribe":
        await this.#flows.get(asText(params.subscriptionId) ?? "")?.stop()
        return { result: {} }
      default:
        throw new Refusal(CODES.unknownMethod, `There is no method ${JSON.stringify(method.slice(0, 100))}.`)
    }
  }

  /**
   * Where no cursor was given, the answer says what the first event comes `after`: a client that loses the connection before
   * it knows any can go on from there.
   */
  async #subscribe(params: Json): Promise<{ readonly result: object; readonly begin: () => void }> {
    if (this.#flows.size >= FLOWS_MAX) throw new Refusal(CODES.tooMuch, `${FLOWS_MAX} subscriptions are open already.`)
    const window = windowOf(params.window)
    const events = this.#serving.engine.events(params.subscription)
    this.#subscriptions += 1
    const id = `sub_${this.#subscriptions}`
    const reading = events[Symbol.asyncIterator]()
    const flow = new Flow(id, reading, this.#transport, window)
    this.#flows.set(id, flow)
    try {
      const first = asObject(params.subscription)?.from === undefined ? await reading.next() : undefined
      const after = first?.done === false && "after" in first.value ? { after: first.value.after } : {}
      const begin = () => void flow.run(first).finally(() => this.#flows.delete(id))
      return { result: { subscriptionId: id, ...after }, begin }
    } catch (error) {
      this.#flows.delete(id)
      throw error
    }
  }

  #note(method: string, params: Json): void {
    if (method !== "more") return
    const count = asNumber(params.count) ?? 0
    if (count >= 1) this.#flows.get(asText(params.subscriptionId) ?? "")?.more(Math.min(Math.floor(count), WINDOW.max))
  }
}

/** A request that the connection itself refuses. */
class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const WRONG = "That is no JSON-RPC 2.0 message: one object a line, with jsonrpc, method and params."

function windowOf(asked: unknown): number {
  if (asked === undefined) return WINDOW.standard
  const count = asNumber(asked)
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > WINDOW.max) {
    throw new Refusal(CODES.invalidParams, `window is to be a whole number from 1 to ${WINDOW.max}.`)
  }
  return count
}
