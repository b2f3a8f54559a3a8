import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { INTERNAL_ERROR, INVALID_PARAMS, RpcError } from "./peer.ts"
import type { ProgramRequest, RunningProgram } from "./services.ts"

/** For each stream, where the client says nothing. */
export const OUTPUT_BYTES_CAP = 1024 * 1024
/** Of what is kept for one answer, whatever the client says. More is to be streamed. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024
/** The exit code of what took too long, as `timeout` tells it. */
const TIMED_OUT = 124
const TIMEOUT_MS_MAX = 2 ** 31 - 1
export const TIMEOUT_MS = 10_000

type Stream = "stdout" | "stderr"

/** Terms of a program that both families of methods have. */
export interface Terms {
  readonly isStreamed: boolean
  readonly hasInput: boolean
  readonly hasTerminal: boolean
  /** Bytes of each stream; undefined: all of it. */
  readonly bytesCap: number | undefined
  /** Undefined: as long as it likes. */
  readonly timeoutMs: number | undefined
}

export interface Delta {
  readonly stream: Stream
  readonly deltaBase64: string
  readonly capReached: boolean
}

export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly stdoutCapReached: boolean
  readonly stderrCapReached: boolean
}

/** One program that a client runs, with what it said. */
export class ClientProgram {
  readonly terms: Terms
  readonly ended: Promise<Ended>
  readonly #what: string
  readonly #onDelta: (delta: Delta) => void
  readonly #running: Promise<RunningProgram>
  readonly #taken: Record<Stream, { bytes: number; readonly kept: Uint8Array[]; isFull: boolean }> = {
    stdout: { bytes: 0, kept: [], isFull: false },
    stderr: { bytes: 0, kept: [], isFull: false },
  }
  /** The input so far: a program that does not read it holds up nothing else. */
  #written: Promise<void> = Promise.resolve()
  #isTimedOut = false
  #isTooMuch = false

  /** `what`: the method's name, for errors. */
  constructor(
    what: string,
    terms: Terms,
    start: (onOutput: ProgramRequest["onOutput"]) => Promise<RunningProgram>,
    onDelta: (delta: Delta) => void,
  ) {
    this.#what = what
    this.terms = terms
    this.#onDelta = onDelta
    this.#running = start((bytes, stream) => this.#take(bytes, stream))
    this.ended = this.#follow()
    // Who asked hears of it; nobody else needs to.
    this.ended.catch(() => undefined)
  }

  /** Resolves when it runs. Rejects with RpcError when it could not be started. */
  async started(): Promise<void> {
    await this.#running.catch((error: unknown) => {
      const kind = this.#what.startsWith("command") ? "command" : "process"
      throw new RpcError(
        `failed to spawn ${kind}: ${error instanceof Error ? error.message : String(error)}`,
        INTERNAL_ERROR,
      )
    })
  }

  /** Resolves when the bytes were taken, behind those before them. Throws RpcError when it has no input, rejects when it reads no more. */
  write(bytes: Uint8Array | undefined, isLast: boolean): Promise<void> {
    if (!this.terms.hasInput) throw new RpcError(`stdin streaming is not enabled for this ${this.#what}`)
    const written = this.#written.then(() => this.#write(bytes, isLast))
    this.#written = written.catch(() => undefined)
    return written
  }

  async resize(columns: number, rows: number): Promise<void> {
    if (!this.terms.hasTerminal) throw new RpcError("failed to resize PTY: process is not attached to a PTY")
    ;(await this.#running).resize(columns, rows)
  }

  kill(): void {
    // What was never started needs no end.
    this.#running.then((running) => running.kill()).catch(() => undefined)
  }

  async #follow(): Promise<Ended> {
    await this.started()
    const running = await this.#running
    const { timeoutMs, hasInput } = this.terms
    if (!hasInput) running.closeInput()
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(
            () => {
              this.#isTimedOut = true
              running.kill()
            },
            Math.min(timeoutMs, TIMEOUT_MS_MAX),
          )
    const { exitCode } = await running.exited
    clearTimeout(timer)
    if (this.#isTooMuch) {
      throw new RpcError(
        `${this.#what} was ended: it wrote more than ${KEPT_BYTES_MAX} bytes, which are too many for one answer. Stream its output.`,
        INTERNAL_ERROR,
      )
    }
    const { stdout, stderr } = this.#taken
    return {
      exitCode: this.#isTimedOut ? TIMED_OUT : exitCode,
      stdout: Buffer.concat(stdout.kept).toString(),
      stderr: Buffer.concat(stderr.kept).toString(),
      stdoutCapReached: stdout.isFull,
      stderrCapReached: stderr.isFull,
    }
  }

  async #write(bytes: Uint8Array | undefined, isLast: boolean): Promise<void> {
    const running = await this.#running
    try {
      if (bytes !== undefined && bytes.length > 0) await running.write(bytes)
    } catch (error) {
      throw new RpcError(`failed to write stdin: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (isLast) running.closeInput()
  }

  /** What is past the cap is read and let go, so that the program is not held up by it. */
  #take(bytes: Uint8Array, stream: Stream): void {
    const taken = this.#taken[stream]
    const room = this.terms.bytesCap === undefined ? bytes.length : this.terms.bytesCap - taken.bytes
    if (taken.isFull) return
    const some = bytes.subarray(0, room)
    taken.bytes += some.length
    taken.isFull = taken.bytes === this.terms.bytesCap || some.length < bytes.length
    if (this.terms.isStreamed) {
      if (some.length === 0 && !taken.isFull) return
      this.#onDelta({ stream, deltaBase64: Buffer.from(some).toString("base64"), capReached: taken.isFull })
      return
    }
    if (taken.bytes > KEPT_BYTES_MAX) {
      this.#isTooMuch = true
      taken.kept.length = 0
      return this.kill()
    }
    taken.kept.push(Uint8Array.from(some))
  }
}

/** What a family calls its programs, in errors. */
export interface ProgramWords {
  /** `command/exec`. */
  readonly program: string
  /** `process id`. */
  readonly id: string
  /** `command/exec process id`. */
  readonly duplicate: string
}

/** Programs of one connection, by the names it gave them. */
export class RunningPrograms {
  readonly #words: ProgramWords
  readonly #running = new Map<string, ClientProgram>()
  #unnamed = 0

  constructor(words: ProgramWords) {
    this.#words = words
  }

  /** Keeps a program until it has ended. Throws RpcError for a name that is taken. */
  keep(name: string | undefined, begin: () => ClientProgram): ClientProgram {
    const key = name === undefined ? `unnamed ${this.#unnamed++}` : `named ${name}`
    const { program: what, duplicate } = this.#words
    if (this.#running.has(key)) throw new RpcError(`duplicate active ${duplicate}: ${JSON.stringify(name)}`)
    if (this.#running.size >= RUNNING_MAX) {
      throw new RpcError(`${RUNNING_MAX} of ${what} run already, which is as many as one client has`, INTERNAL_ERROR)
    }
    const program = begin()
    this.#running.set(key, program)
    const forget = () => void this.#running.delete(key)
    program.ended.then(forget, forget)
    return program
  }

  get(name: string): ClientProgram {
    const program = this.#running.get(`named ${name}`)
    if (program !== undefined) return program
    throw new RpcError(`no active ${this.#words.program} for ${this.#words.id} ${JSON.stringify(name)}`)
  }

  /** Ends all of them, and waits for it. */
  async end(): Promise<void> {
    const all = [...this.#running.values()]
    for (const program of all) program.kill()
    await Promise.allSettled(all.map(({ ended }) => ended))
  }
}

/** Of one connection and one family of methods. */
const RUNNING_MAX = 64

/** `deltaBase64` and `closeStdin` of a request. Throws RpcError when there is neither. */
export function readInput(what: string, params: Json): { readonly bytes?: Uint8Array; readonly isLast: boolean } {
  const text = asText(params.deltaBase64)
  const isLast = params.closeStdin === true
  if (text === undefined && !isLast) throw new RpcError(`${what} requires deltaBase64 or closeStdin`, INVALID_PARAMS)
  if (text === undefined) return { isLast }
  return { bytes: fromBase64(text, (why) => new RpcError(`invalid deltaBase64: ${why}`, INVALID_PARAMS)), isLast }
}

/** Strictly: with its padding, and nothing else in it. */
export function fromBase64(text: string, failed: (why: string) => RpcError): Uint8Array {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" })
  } catch (error) {
    throw failed(error instanceof SyntaxError ? "it is not base64, with its padding" : String(error))
  }
}

/** `size` of a request, in character cells. */
export function readSize(what: string, params: Json): { readonly columns: number; readonly rows: number } {
  const size = asObject(params.size)
  const [rows, columns] = [asNumber(size?.rows), asNumber(size?.cols)]
  if (rows === undefined || columns === undefined) throw new RpcError("Invalid request: missing field `size`")
  if (!isCells(rows) || !isCells(columns)) {
    throw new RpcError(`${what} size rows and cols must be greater than 0`, INVALID_PARAMS)
  }
  return { columns, rows }
}

function isCells(count: number): boolean {
  return Number.isInteger(count) && count > 0 && count <= 65_535
}

/** `command` of a request: a program and its arguments. */
export function readCommand(params: Json): readonly string[] {
  const command = asList(params.command)
  if (!Array.isArray(params.command)) throw new RpcError("Invalid request: missing field `command`")
  const words = command.filter((word) => typeof word === "string")
  if (words.length !== command.length)
    throw new RpcError("Invalid request: invalid type in `command`, expected a string")
  if (words.length === 0) throw new RpcError("command must not be empty")
  return words
}

/** `env` of a request: null takes a name away. */
export function readEnv(params: Json): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(asObject(params.env) ?? {}).map(([name, value]) => {
      if (typeof value !== "string" && value !== null)
        throw new RpcError(`Invalid request: invalid type of env.${name}`)
      if (name === "" || /[=\0]/.test(name))
        throw new RpcError(`Invalid request: ${JSON.stringify(name)} is no name for env`)
      return [name, value]
    }),
  )
}

/** A count of a request, 0 or more. Undefined when it says none. */
export function readCount(what: string, params: Json, key: string): number | undefined {
  const value = params[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new RpcError(`Invalid request: invalid type of \`${key}\`, expected an integer`)
  }
  if (value < 0) throw new RpcError(`${what} ${key} must be non-negative, got ${value}`, INVALID_PARAMS)
  return value
}
