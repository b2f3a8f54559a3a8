import {
  type NetworkGate,
  type ProcessesPort,
  type ProcessRequest,
  type RunningProcess,
  ToolFailure,
} from "@skein/core/ports"
import { ASK, type Asked, CALL, CANCEL, LOG, PROGRESS, READY } from "@skein/extension/wire"
import { SkeinError } from "@skein/protocol"
import { asNumber, asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import { cleaned, type Declared, declaredIn } from "../declared.ts"
import { lines } from "./lines.ts"

/** A process of an extension that has said what it declares. */
export interface Program {
  readonly declared: Declared
  /** Why it is over; undefined while it runs. */
  readonly end: string | undefined
  /**
   * Asks it for something. Throws ToolFailure with what it says, or why it did not answer; rejects with the signal's reason.
   * One that does not answer in time is ended, and so is one that goes on after an interrupt.
   */
  ask(asked: Asked, user: ProgramUser): Promise<unknown>
  close(): Promise<void>
}

/** Who asks, and what the process may ask meanwhile. */
export interface ProgramUser {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Throws where it was refused. Absent: nothing may be asked. */
  readonly call?: ((name: string, input: unknown) => Promise<string>) | undefined
  readonly question?: ((question: string, choices: readonly string[]) => Promise<string>) | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

export interface ProgramOptions {
  readonly processes: ProcessesPort
  readonly launch: Omit<ProcessRequest, "onOutput" | "network">
  readonly network: NetworkGate
  /** What it is called in sentences. */
  readonly title: string
  readonly log: (line: string) => void
  readonly startTimeoutMs: number
}

/** The longest message; beyond it a process is ended, whatever it meant. */
const MESSAGE_BYTES_MAX = 4_000_000
/** Lines that mean nothing, answers that nobody waits for: so many are borne. */
const GARBAGE_MAX = 200
/** Progress and log lines that one process may tell in its life. */
const TOLD_MAX = 100_000
const COMPLAINT_CHARS_MAX = 8_192
/** So long after an interrupt it may still answer. */
const GRACE_MS = 2_000
/** At the same time, by one process. */
const REQUESTS_MAX = 16

interface Waiting extends ProgramUser {
  readonly answer: PromiseWithResolvers<unknown>
  requests: number
}

/** Starts it. Throws ToolFailure where it does not come up; then nothing of it is left. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const program = new RunningProgram(options)
  await program.start()
  return program
}

class RunningProgram implements Program {
  readonly #options: ProgramOptions
  readonly #waiting = new Map<number, Waiting>()
  readonly #ready = Promise.withResolvers<Declared>()
  #running: RunningProcess | undefined
  #declared: Declared | undefined
  #end: string | undefined
  #complaint = ""
  #garbage = 0
  #told = 0

  constructor(options: ProgramOptions) {
    this.#options = options
    // Whoever starts it waits for this; where it ends before, nobody does.
    this.#ready.promise.catch(() => undefined)
  }

  get declared(): Declared {
    return this.#declared ?? declaredIn(undefined)
  }

  get end(): string | undefined {
    return this.#end
  }

  async start(): Promise<void> {
    const { processes, launch, network, startTimeoutMs, title } = this.#options
    const take = lines(
      (line) => this.#take(line),
      () => this.#kill("sent a message of more than 4 MB"),
      MESSAGE_BYTES_MAX,
    )
    const decoder = new TextDecoder()
    const timer = setTimeout(() => this.#kill(`said nothing for ${startTimeoutMs / 1_000} s`), startTimeoutMs)
    try {
      this.#running = await processes.start({
        ...{ ...launch, network },
        onOutput: (bytes, stream) => {
          if (stream === "stdout") take(bytes)
          else this.#complaint = (this.#complaint + decoder.decode(bytes, { stream: true })).slice(-COMPLAINT_CHARS_MAX)
        },
      })
      const { exited } = this.#running
      void exited.then(({ exitCode, signal }) =>
        this.#over(signal === null ? `ended (exit ${exitCode})` : `was ended by ${signal}`),
      )
      this.#declared = await this.#ready.promise
    } catch (error) {
      await this.close()
      if (this.#isOwn(error)) throw error
      if (error instanceof SkeinError || error instanceof ToolFailure)
        throw new ToolFailure(`${title} could not be started. ${error.message}`, { cause: error })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async ask({ method, params }: Asked, user: ProgramUser): Promise<unknown> {
    const { signal, timeoutMs } = user
    signal.throwIfAborted()
    if (this.#end !== undefined) throw this.#failure(this.#end)
    const id = this.#newId()
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { ...user, answer, requests: 0 })
    const timer = setTimeout(() => this.#kill(`did not answer within ${timeoutMs / 1_000} s`), timeoutMs)
    const onAbort = () => this.#interrupt(id, signal)
    signal.addEventListener("abort", onAbort, { once: true })
    try {
      await this.#send({ id, method, params })
      return await answer.promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener("abort", onAbort)
    }
  }

  async close(): Promise<void> {
    this.#over("was ended")
    await this.#running?.end()
  }

  /** Not to be guessed: what is said in advance, or for a request of another session, is nobody's answer. */
  #newId(): number {
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
    return (high % 2 ** 20) * 2 ** 32 + low + 1
  }

  #interrupt(id: number, signal: AbortSignal): void {
    const waiting = this.#waiting.get(id)
    waiting?.answer.reject(signal.reason)
    this.#send({ method: CANCEL, params: { id } }).catch(() => this.#kill("does not read its input"))
    setTimeout(() => {
      if (this.#waiting.has(id)) this.#kill("went on after it was interrupted")
    }, GRACE_MS).unref()
  }

  #take(line: string): void {
    if (this.#end !== undefined) return
    const message = parseObject(line)
    const { id, method } = message ?? {}
    const params = asObject(message?.params) ?? {}
    if (message === undefined) this.#bear()
    else if (method === READY && this.#declared === undefined) this.#isReady(params)
    else if (method === LOG) this.#tell(() => this.#options.log(cleaned(asText(params.text) ?? "", 2_000)))
    else if (method === PROGRESS) {
      const waiting = this.#waiting.get(asNumber(params.for) ?? 0)
      this.#tell(() => waiting?.onProgress?.(cleaned(asText(params.text) ?? "", 200)))
    } else if (method === CALL || method === ASK) void this.#serve(id, method, params)
    else if (method === undefined) this.#settle(asNumber(id) ?? 0, message)
    else this.#bear()
  }

  #isReady(params: Json): void {
    const why = asText(params.error)
    if (why === undefined) this.#ready.resolve(declaredIn(params.declarations))
    else this.#over(`cannot be loaded: ${cleaned(why, 2_000)}`)
  }

  /** What answers twice is heard once. */
  #settle(id: number, message: Json): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return this.#bear()
    this.#waiting.delete(id)
    const error = asObject(message.error)
    if (error === undefined) waiting.answer.resolve(message.result)
    else waiting.answer.reject(new ToolFailure(cleaned(asText(error.message) ?? "It gave no reason.", 4_000)))
  }

  /** A request of the process: for a request of ours that still waits, and for nobody else's. */
  async #serve(id: unknown, method: string, params: Json): Promise<void> {
    const waiting = this.#waiting.get(asNumber(params.for) ?? 0)
    try {
      const result = await this.#served(waiting, method, params)
      await this.#send({ id, result })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      await this.#send({ id, error: { code: 1, message } }).catch(() => this.#kill("does not read its input"))
    }
  }

  async #served(waiting: Waiting | undefined, method: string, params: Json): Promise<string> {
    if (waiting === undefined || waiting.signal.aborted) throw new Error("No call that is running asks for this.")
    const { call, question } = waiting
    if (waiting.requests >= REQUESTS_MAX) throw new Error(`No more than ${REQUESTS_MAX} at the same time.`)
    waiting.requests++
    try {
      if (method === CALL && call !== undefined) return await call(asText(params.name) ?? "", params.input)
      const choices = Array.isArray(params.choices) ? params.choices.map(String) : []
      if (method === ASK && question !== undefined) return await question(asText(params.question) ?? "", choices)
      throw new Error("This is possible only while a tool runs, and not in a call that another call made.")
    } finally {
      waiting.requests--
    }
  }

  #tell(say: () => void): void {
    if (++this.#told > TOLD_MAX) this.#kill("told more than anybody reads")
    else say()
  }

  #bear(): void {
    if (++this.#garbage > GARBAGE_MAX) this.#kill("says what is no message, or answers what nobody asked")
  }

  async #send(message: object): Promise<void> {
    if (this.#end !== undefined || this.#running === undefined) throw this.#failure(this.#end ?? "does not run")
    await this.#running.write(new TextEncoder().encode(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`))
  }

  #kill(why: string): void {
    this.#over(`${why}, so it was ended`)
    this.#running?.signal("SIGKILL")
  }

  #over(why: string): void {
    if (this.#end !== undefined) return
    this.#end = why
    const failure = this.#failure(why)
    this.#ready.reject(failure)
    for (const { answer } of this.#waiting.values()) answer.reject(failure)
    this.#waiting.clear()
  }

  /** It came up and said why it cannot go on. */
  #isOwn(error: unknown): boolean {
    return error instanceof ToolFailure && error.message.startsWith(this.#options.title)
  }

  #failure(why: string): ToolFailure {
    const said = cleaned(this.#complaint, 600)
    return new ToolFailure(`${this.#options.title} ${why}.${said === "" ? "" : ` It said: ${said}`}`)
  }
}
