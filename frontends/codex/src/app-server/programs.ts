import { INTERNAL_ERROR, RpcError } from "./peer.ts"
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
    // Whoever wrote it hears of it; what is written next is tried all the same.
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
