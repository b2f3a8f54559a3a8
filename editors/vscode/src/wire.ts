import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import type { Event, Op, Query, QueryAnswer, Receipt } from "@skein/protocol"

/** What the engine refused, or could not do. `code` is the engine's, as `op.invalid`, where it gave one. */
export class WireError extends Error {
  readonly code: string | undefined

  constructor(message: string, code?: string) {
    super(message)
    this.code = code
  }
}

export interface WireOptions {
  /** The program, without its verb. */
  readonly command: readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly onEvent: (event: Event) => void
  /** The process or the subscription is over, with a sentence why. Not called after `close`. */
  readonly onEnd: (why: string) => void
  /** How long it may take to say its first word, in milliseconds; 30 000 when left out. */
  readonly beginMsMax?: number
}

const PROTOCOL = 1
/** The code of what was not answered any more, because the person went on elsewhere. */
export const LEFT = "client.left"
/** Events that are taken before the server is told that it may send as many again. */
const CREDIT = 32
const STDERR_CHARS_MAX = 4_000
/** A message that is longer is none of skein's: it is not waited for. */
const LINE_CHARS_MAX = 64 * 1024 * 1024
const BEGIN_MS_MAX = 30_000
/** How long a process may take to end after its input has, in milliseconds. */
const END_MS_MAX = 5_000

interface Answered {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly subscriptionId?: string; readonly event?: Event; readonly error?: { message: string } }
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly data?: { readonly code?: string; readonly message?: string } }
}

type Waiting = PromiseWithResolvers<unknown>

/** One process of skein, asked and listened to in JSON-RPC 2.0, one message a line. */
export class Wire {
  readonly #options: WireOptions
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 0
  #taken = 0
  #tail = ""
  #said = ""
  #isOver = false

  constructor(options: WireOptions) {
    this.#options = options
    const [program = "skein", ...args] = [...options.command, "serve", "--listen", "stdio"]
    this.#child = spawn(program, args, { cwd: options.cwd })
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text))
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-STDERR_CHARS_MAX)
    })
    this.#child.stdin.on("error", () => this.#over("skein takes no more messages."))
    this.#child.on("error", () => this.#over(`Cannot start ${program}: set skein.command to where it is.`))
    this.#child.on("close", (code) => {
      const why = this.#said.trim()
      this.#over(`skein ended. ${why === "" ? `It said nothing of why (code ${code}).` : why}`)
    })
  }

  /** Agrees on the wire's version. Throws WireError where there is none in common. */
  async begin(): Promise<void> {
    const client = { name: "skein-vscode", version: "0.1.0" }
    const late = setTimeout(
      () => this.#giveUp("The program of skein.command does not answer."),
      this.#options.beginMsMax ?? BEGIN_MS_MAX,
    )
    const welcome = this.#request("initialize", { protocol: PROTOCOL, client }).finally(() => clearTimeout(late))
    const spoken = ((await welcome) as { protocol?: number } | undefined)?.protocol
    if (spoken !== PROTOCOL) {
      throw new WireError(
        `skein speaks version ${spoken} of its wire, this extension ${PROTOCOL}: update the older one.`,
      )
    }
  }

  /** Throws WireError when the engine refuses it, with its reason. */
  async submit(op: Op): Promise<Extract<Receipt, { status: "accepted" }>> {
    const receipt = (await this.#request("submit", { op })) as Receipt
    if (receipt.status === "rejected") throw new WireError(receipt.message, receipt.code)
    return receipt
  }

  async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
    const { answer } = (await this.#request("ask", { query })) as { answer: QueryAnswer<Q> }
    return answer
  }

  /** Its events come from the first one on. One subscription a wire. */
  async follow(sessionId: `ses_${string}`): Promise<void> {
    await this.#request("subscribe", { subscription: { sessionId, from: 1 } })
  }

  /** The end of its input ends the process; one that goes on all the same is stopped. */
  close(): void {
    this.#isOver = true
    this.#end()
    this.#refuseAll("The session was left.", LEFT)
  }

  #request(method: string, params: object): Promise<unknown> {
    if (this.#isOver) return Promise.reject(new WireError("skein is not running.", "engine.closed"))
    const waiting = Promise.withResolvers<unknown>()
    const id = ++this.#nextId
    this.#waiting.set(id, waiting)
    this.#write({ id, method, params })
    return waiting.promise
  }

  #write(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  }

  #read(text: string): void {
    this.#tail += text
    if (this.#tail.length > LINE_CHARS_MAX) {
      return this.#giveUp("The program of skein.command is not skein. It sends a message without an end.")
    }
    // Looked for in what is new alone: a long message comes in many pieces.
    if (!text.includes("\n")) return
    const lines = this.#tail.split("\n")
    this.#tail = lines.pop() ?? ""
    for (const line of lines) {
      // Left, or given up: what still comes is heard by nobody.
      if (this.#isOver) return
      const message = line === "" ? undefined : messageOf(line)
      if (message !== undefined) this.#take(message)
      else if (line !== "") this.#giveUp(`The program of skein.command is not skein. It said: ${line.slice(0, 80)}`)
    }
  }

  #giveUp(why: string): void {
    this.#tail = ""
    this.#over(why)
    this.#child.kill()
  }

  #take({ id, method, params, result, error }: Answered): void {
    if (method === "event" && params?.event !== undefined) {
      if (++this.#taken % CREDIT === 0) {
        this.#write({ method: "more", params: { subscriptionId: params.subscriptionId, count: CREDIT } })
      }
      return this.#options.onEvent(params.event)
    }
    if (method === "ended") return this.#over(params?.error?.message ?? "The session was closed.")
    if (method !== undefined || id === undefined) return
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new WireError(error.data?.message ?? error.message, error.data?.code))
  }

  #over(why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#refuseAll(why)
    this.#end()
    this.#options.onEnd(why)
  }

  #end(): void {
    this.#child.stdin.end()
    const late = setTimeout(() => this.#child.kill("SIGKILL"), END_MS_MAX)
    late.unref()
    this.#child.once("close", () => clearTimeout(late))
  }

  #refuseAll(why: string, code = "engine.closed"): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new WireError(why, code))
    this.#waiting.clear()
  }
}

/** Undefined for what is no message. */
function messageOf(line: string): Answered | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === "object" && value !== null ? (value as Answered) : undefined
  } catch {
    // It is not JSON.
    return undefined
  }
}
