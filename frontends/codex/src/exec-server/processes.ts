import { asObject, asText, type Json } from "@skein/protocol/json"
import type { ClientServices, RunningProgram } from "../app-server/services.ts"
import { FAILED, INVALID_PARAMS, INVALID_REQUEST, number, path, Refused, text, texts, truth } from "./params.ts"

interface Chunk {
  readonly seq: number
  readonly stream: "stdout" | "stderr" | "pty"
  readonly chunk: string
}

interface Running {
  readonly program: RunningProgram
  readonly hasInput: boolean
  readonly isTerminal: boolean
  chunks: Chunk[]
  keptBytes: number
  seq: number
  exitCode: number | null
  isClosed: boolean
  /** Told when something came. */
  readonly wakers: Set<() => void>
}

/** Of one process's output, for a client that reads late. The oldest goes first. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024
const PROCESSES_MAX = 256
const WAIT_MS_MAX = 60_000
const DEFAULT_SIZE = { columns: 80, rows: 24 }

export interface Terms {
  readonly sandbox: "read-only" | "workspace-write" | "full-access"
  readonly roots: readonly string[]
}

/** The processes of one client. */
export class Processes {
  readonly #running = new Map<string, Running | "starting">()
  readonly #start: ClientServices["start"]
  readonly #terms: Terms
  /** What is to be said of processes whose start is not answered yet. */
  readonly #untold: (() => void)[] = []
  readonly #tell: (method: string, params: Json) => void

  constructor(start: ClientServices["start"], terms: Terms, tell: (method: string, params: Json) => void) {
    this.#start = start
    this.#terms = terms
    this.#tell = tell
  }

  /** The start was answered: from now on its client hears of it. */
  answered(): void {
    for (const tell of this.#untold.splice(0)) tell()
  }

  async start(params: Json): Promise<Json> {
    const processId = text(params, "processId")
    const command = texts(params, "argv")
    const cwd = path(params, "cwd")
    const env = environmentOf(params)
    const [isTerminal, hasInput] = [truth(params, "tty"), truth(params, "pipeStdin")]
    refuseTerms(params)
    if (command.length === 0) throw new Refused(INVALID_PARAMS, "argv must not be empty")
    if (this.#running.has(processId)) throw new Refused(INVALID_REQUEST, `process ${processId} already exists`)
    if (this.#running.size >= PROCESSES_MAX) throw new Refused(FAILED, `more than ${PROCESSES_MAX} processes`)
    this.#running.set(processId, "starting")
    // What comes before the answer waits for it, so that a client knows the process that is spoken of.
    const early: (() => void)[] = []
    let running: Running | undefined
    let isAnswered = false
    const hear = (bytes: Uint8Array, stream: "stdout" | "stderr") => {
      if (running === undefined || !isAnswered) early.push(() => hear(bytes, stream))
      else this.#heard(processId, running, bytes, isTerminal ? "pty" : stream)
    }
    try {
      const program = await this.#start({
        ...{ command, cwd, env, hasNetwork: this.#terms.sandbox === "full-access" },
        ...{ sandbox: this.#terms.sandbox, roots: this.#terms.roots },
        ...(isTerminal ? { pty: DEFAULT_SIZE } : {}),
        onOutput: hear,
      })
      if (!hasInput && !isTerminal) program.closeInput()
      running = {
        ...{ program, hasInput: hasInput || isTerminal, isTerminal, chunks: [], keptBytes: 0, seq: 0 },
        ...{ exitCode: null, isClosed: false, wakers: new Set() },
      }
      const begun = running
      this.#running.set(processId, begun)
      this.#untold.push(() => {
        isAnswered = true
        for (const tell of early) tell()
        void program.exited.then(({ exitCode }) => this.#ended(processId, begun, exitCode))
      })
    } catch (cause) {
      this.#running.delete(processId)
      throw new Refused(FAILED, cause instanceof Error ? cause.message : String(cause))
    }
    return { processId, sandboxType: this.#terms.sandbox === "full-access" ? "none" : "skein" }
  }

  /** What came after `afterSeq`, at once or when something comes within `waitMs`. */
  async read(params: Json): Promise<Json> {
    const running = this.#of(text(params, "processId"))
    if (running === undefined) throw new Refused(INVALID_REQUEST, `unknown process id ${text(params, "processId")}`)
    const after = number(params, "afterSeq") ?? 0
    const bytesMax = number(params, "maxBytes") ?? Number.POSITIVE_INFINITY
    const waitMs = Math.min(number(params, "waitMs") ?? 0, WAIT_MS_MAX)
    if (waitMs > 0 && !running.isClosed && !running.chunks.some(({ seq }) => seq > after)) await woken(running, waitMs)
    const all = running.chunks.filter(({ seq }) => seq > after)
    const chunks = upTo(all, bytesMax)
    const lastSeq = chunks.length < all.length ? (chunks.at(-1)?.seq ?? after) : running.seq
    return {
      ...{ chunks, nextSeq: lastSeq + 1, exited: running.exitCode !== null },
      ...{ exitCode: running.exitCode, closed: running.isClosed, failure: null, sandboxDenied: false },
    }
  }

  async write(params: Json): Promise<Json> {
    const running = this.#of(text(params, "processId"))
    const bytes = Buffer.from(text(params, "chunk"), "base64")
    text(params, "writeId")
    if (running === undefined) return { status: "unknownProcess" }
    if (!running.hasInput) return { status: "stdinClosed" }
    try {
      await running.program.write(bytes)
      return { status: "accepted" }
    } catch (cause) {
      throw new Refused(FAILED, cause instanceof Error ? cause.message : String(cause))
    }
  }

  signal(params: Json): Json {
    const running = this.#of(text(params, "processId"))
    const signal = text(params, "signal")
    if (signal !== "interrupt") {
      throw new Refused(INVALID_PARAMS, `unknown variant \`${signal}\`, expected \`interrupt\``)
    }
    if (running?.exitCode === null) running.program.interrupt()
    return {}
  }

  terminate(params: Json): Json {
    const running = this.#of(text(params, "processId"))
    const isRunning = running?.exitCode === null
    if (isRunning) running.program.kill()
    return { running: isRunning }
  }

  /** A client that goes takes what it started with it. */
  async end(): Promise<void> {
    const all = [...this.#running.values()].flatMap((one) => (one === "starting" ? [] : [one]))
    for (const { program, exitCode } of all) if (exitCode === null) program.kill()
    await Promise.all(all.map(({ program }) => program.exited))
  }

  #of(processId: string): Running | undefined {
    const running = this.#running.get(processId)
    return running === "starting" ? undefined : running
  }

  #heard(processId: string, running: Running, bytes: Uint8Array, stream: Chunk["stream"]): void {
    running.seq += 1
    const chunk = { seq: running.seq, stream, chunk: Buffer.from(bytes).toString("base64") }
    running.chunks.push(chunk)
    running.keptBytes += chunk.chunk.length
    while (running.keptBytes > KEPT_BYTES_MAX && running.chunks.length > 1) {
      running.keptBytes -= running.chunks.shift()?.chunk.length ?? 0
    }
    this.#tell("process/output", { processId, ...chunk })
    wake(running)
  }

  #ended(processId: string, running: Running, exitCode: number): void {
    running.exitCode = exitCode
    this.#tell("process/exited", { processId, seq: ++running.seq, exitCode, sandboxDenied: false })
    running.isClosed = true
    this.#tell("process/closed", { processId, seq: ++running.seq })
    wake(running)
  }
}

/** At least one, however long it is. */
function upTo(chunks: readonly Chunk[], bytesMax: number): readonly Chunk[] {
  let bytes = 0
  return chunks.filter(({ chunk }, at) => {
    bytes += chunk.length
    return at === 0 || bytes <= bytesMax
  })
}

/** Every variable is said by the client; none of the server's own goes along but those that the sandbox needs. */
function environmentOf(params: Json): Readonly<Record<string, string>> {
  if (params.env === undefined) throw new Refused(INVALID_PARAMS, "missing field `env`")
  const env = asObject(params.env)
  if (env === undefined) throw new Refused(INVALID_PARAMS, "invalid type in `env`, expected a map")
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, asText(value) ?? ""]))
}

/** Terms that would have it held otherwise than this server holds everything: to pass them over would be a lie. */
function refuseTerms(params: Json): void {
  for (const key of ["sandbox", "managedNetwork", "networkProxy", "envPolicy"]) {
    if (params[key] === undefined || params[key] === null) continue
    throw new Refused(INVALID_PARAMS, `\`${key}\` is not followed by this server: its own --sandbox holds for all`)
  }
}

function wake(running: Running): void {
  for (const waker of running.wakers) waker()
  running.wakers.clear()
}

async function woken(running: Running, waitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  running.wakers.add(resolve)
  const timer = setTimeout(resolve, waitMs)
  await promise
  clearTimeout(timer)
  running.wakers.delete(resolve)
}
