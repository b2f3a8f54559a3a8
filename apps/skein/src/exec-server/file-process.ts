import type { Host } from "@skein/host"
import type { Sandbox } from "@skein/protocol"
import { asNumber, asObject, asText, type Json, parseObject } from "@skein/protocol/json"

export interface FileProcessOptions {
  readonly exec: Host["exec"]
  /** What starts the process that does the work: it reads requests and writes answers, a line of JSON each. */
  readonly command: readonly string[]
  readonly sandbox: Sandbox
  /** As processes of the same client have them. */
  readonly roots: readonly string[]
  readonly cwd: string
}

/** A whole folder may be copied meanwhile. */
const ANSWER_MS_MAX = 600_000
/** The longest file in base64, and what stands around it. */
const LINE_BYTES_MAX = 96 * 1024 * 1024
const COMPLAINT_CHARS_MAX = 2_000
const NEWLINE = 0x0a

type Running = Awaited<ReturnType<FileProcessOptions["exec"]["start"]>>

/** A confined process that does what it is asked with files. It begins with the first request; once over, it stays so. */
export class FileProcess {
  readonly #options: FileProcessOptions
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #starting: Promise<Running> | undefined
  #ids = 0
  #held: Uint8Array[] = []
  #heldBytes = 0
  #complaint = ""
  #end: string | undefined

  constructor(options: FileProcessOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0
  }

  get isOver(): boolean {
    return this.#end !== undefined
  }

  /** Throws what the system said, with its `code`; or why the process did not answer. */
  async ask(op: string, params: Json): Promise<unknown> {
    const id = ++this.#ids
    const answer = Promise.withResolvers<unknown>()
    // Whoever asked waits for it below, unless the start fails first, which is told instead.
    answer.promise.catch(() => undefined)
    this.#waiting.set(id, answer)
    const timer = setTimeout(() => this.#kill(`did not answer within ${ANSWER_MS_MAX / 1_000} s`), ANSWER_MS_MAX)
    try {
      this.#starting ??= this.#start()
      const running = await this.#starting
      if (this.#end === undefined) {
        await running.write(Buffer.from(`${JSON.stringify({ id, op, ...params })}\n`)).catch(async (error: unknown) => {
          // Why it ended says more than that its input is closed.
          await running.exited
          throw this.#end === undefined ? error : this.#failure()
        })
      }
      return await answer.promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  async close(): Promise<void> {
    this.#over("was ended")
    // A start that failed was told to whoever asked.
    const running = await this.#starting?.catch(() => undefined)
    await running?.end()
  }

  async #start(): Promise<Running> {
    const { exec, command, cwd, sandbox, roots } = this.#options
    try {
      const running = await exec.start({
        ...{ command, cwd, sandbox, roots, environment: "minimal", isGuardedByCaller: true },
        onOutput: (bytes, stream) => {
          if (stream === "stdout") this.#take(bytes)
          else this.#complaint = (this.#complaint + Buffer.from(bytes).toString()).slice(-COMPLAINT_CHARS_MAX)
        },
      })
      void running.exited.then(({ exitCode, signal }) =>
        this.#over(signal === null ? `ended (exit ${exitCode})` : `was ended by ${signal}`),
      )
      return running
    } catch (error) {
      this.#complaint = error instanceof Error ? error.message : String(error)
      this.#over("could not be started; skein's own program must lie where its sandbox sees it, and so not below /tmp")
      throw this.#failure()
    }
  }

  #take(bytes: Uint8Array): void {
    let from = 0
    while (this.#end === undefined) {
      const end = bytes.indexOf(NEWLINE, from)
      const part = bytes.slice(from, end < 0 ? bytes.length : end)
      this.#heldBytes += part.length
      if (this.#heldBytes > LINE_BYTES_MAX) return this.#kill("sent more than was asked for")
      this.#held.push(part)
      if (end < 0) return
      const line = Buffer.concat(this.#held).toString()
      this.#held = []
      this.#heldBytes = 0
      from = end + 1
      this.#settle(line)
    }
  }

  #settle(line: string): void {
    const message = parseObject(line)
    const answer = this.#waiting.get(asNumber(message?.id) ?? 0)
    if (message === undefined || answer === undefined) return this.#kill("answered what nobody asked")
    const error = asObject(message.error)
    if (error === undefined) return answer.resolve(message.value)
    const code = asText(error.code)
    answer.reject(Object.assign(new Error(asText(error.message) ?? "It gave no reason."), code ? { code } : {}))
  }

  #kill(why: string): void {
    this.#over(`${why}, so it was ended`)
    // A start that failed was told to whoever asked, and left nothing to end.
    void this.#starting?.then((running) => running.signal("SIGKILL")).catch(() => undefined)
  }

  #over(why: string): void {
    this.#end ??= why
    for (const { reject } of this.#waiting.values()) reject(this.#failure())
  }

  #failure(): Error {
    const said = this.#complaint.trim()
    return new Error(`The process that serves files ${this.#end}.${said === "" ? "" : ` It said: ${said}`}`)
  }
}
