import { dirname } from "node:path"
import type { NestedResult, ProcessExit, RunContext, RunningProcess } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { answerFrame, callWord, FRAME_CHARS_MAX, Frames, type Said } from "./frames.ts"
import { INSIDE } from "./inside.ts"
import type { CodeModeOptions } from "./options.ts"
import { Watch } from "./watch.ts"

export interface Program {
  readonly code: string
  /** By their path below `node_modules`. */
  readonly modules: Readonly<Record<string, string>>
  /** What its frames begin with; nobody can know it before. */
  readonly token: string
}

export interface ProgramEnd {
  readonly end:
    | { readonly kind: "value"; readonly json: string }
    /** In the program's own words, or ours. */
    | { readonly kind: "failed"; readonly message: string }
  /** The newest of what it printed. */
  readonly printed: string
  readonly printedBytes: number
  readonly callsCount: number
  readonly confinement: string
}

const MB = 1024 * 1024
const PRINTED_CHARS_MAX = 4_000
/** Who prints more prints for ever. */
const PRINTED_BYTES_MAX = 64 * MB
const CALLS_TOGETHER_MAX = 100
const QUIET_MS = 60_000
/** Threads count; the runtime has about twenty. */
const BOUNDS = { processesMax: 128, memoryBytesMax: 1_024 * MB, fileBytesMax: 64 * MB }

/**
 * Runs a program until it gives a value, fails, or breaks a bound, answering its calls. Nothing of it is left then. Throws
 * ToolFailure where no program can run, and the signal's reason.
 */
export async function runProgram(program: Program, context: RunContext, options: CodeModeOptions): Promise<ProgramEnd> {
  const running = new Running(program, context, options)
  return await running.done()
}

class Running {
  readonly #context: RunContext
  readonly #program: Program
  readonly #options: CodeModeOptions
  readonly #frames: Frames
  readonly #over = Promise.withResolvers<ProgramEnd["end"]>()
  readonly #watch: Watch
  #process: RunningProcess | undefined
  #printed = ""
  #printedBytes = 0
  #callsCount = 0
  #isOver = false

  constructor(program: Program, context: RunContext, options: CodeModeOptions) {
    this.#program = program
    this.#context = context
    this.#options = options
    this.#frames = new Frames(program.token)
    const bounds = { quietMs: options.quietMs ?? QUIET_MS, runMs: options.runMs(context.cwd) }
    this.#watch = new Watch(bounds, (why) => this.#end({ kind: "failed", message: why }))
  }

  async done(): Promise<ProgramEnd> {
    const { signal } = this.#context
    const stop = () => {
      this.#isOver = true
      this.#over.reject(signal.reason)
    }
    signal.throwIfAborted()
    signal.addEventListener("abort", stop, { once: true })
    const process = await this.#start()
    this.#process = process
    try {
      const { code, modules, token } = this.#program
      await process.write(line({ word: callWord(token), code, modules }))
      void process.exited.then((exit) => this.#end({ kind: "failed", message: endedBy(exit) }))
      const end = await this.#over.promise
      return {
        ...{ end, printed: this.#printed, printedBytes: this.#printedBytes },
        ...{ callsCount: this.#callsCount, confinement: process.confinement },
      }
    } finally {
      this.#watch.over()
      signal.removeEventListener("abort", stop)
      process.signal("SIGKILL")
      await process.exited
    }
  }

  async #start(): Promise<RunningProcess> {
    const { sessionId, callId, cwd, roots } = this.#context
    const { processes, runtime, runMs } = this.#options
    return await processes
      .start({
        ...{ sessionId, callId, cwd, sandbox: "read-only", environment: "minimal" },
        // They are to be seen, wherever they lie; in `read-only` none may be written.
        roots: [...new Set([...roots, dirname(runtime.program)])],
        command: [runtime.program, "--smol", "-e", INSIDE],
        env: runtime.env,
        bounds: { ...BOUNDS, cpuSecondsMax: Math.ceil(runMs(cwd) / 1000) },
        onOutput: (bytes, stream) => this.#took(bytes, stream),
      })
      .catch(unavailable)
  }

  #took(bytes: Uint8Array, stream: "stdout" | "stderr"): void {
    if (this.#isOver) return
    this.#watch.heard()
    if (stream === "stderr") return this.#print(new TextDecoder().decode(bytes), bytes.length)
    for (const said of this.#frames.take(bytes)) this.#hear(said)
  }

  #hear(said: Said): void {
    if (this.#isOver) return
    switch (said.kind) {
      case "call":
        this.#answer(said).catch((error: unknown) => this.#over.reject(error))
        return
      case "value":
        return this.#end({ kind: "value", json: said.json })
      case "failed":
        return this.#end({ kind: "failed", message: said.message })
      case "too_long":
        return this.#end({ kind: "failed", message: `It sent more than ${FRAME_CHARS_MAX / MB} MB at once.` })
      case "noise":
        return this.#print(said.text, said.bytes)
    }
  }

  #print(text: string, bytes: number): void {
    this.#printedBytes += bytes
    this.#printed = (this.#printed + text).slice(-PRINTED_CHARS_MAX)
    this.#context.progress(this.#printedBytes, this.#printed.slice(-500))
    if (this.#printedBytes <= PRINTED_BYTES_MAX) return
    this.#end({ kind: "failed", message: `It printed more than ${PRINTED_BYTES_MAX / MB} MB.` })
  }

  async #answer({ id, tool, input }: Extract<Said, { kind: "call" }>): Promise<void> {
    const { call } = this.#context
    if (call === undefined) throw new ToolFailure("A program within a call makes no calls.")
    this.#callsCount++
    if (this.#watch.waitingCount >= CALLS_TOGETHER_MAX) {
      return this.#end({ kind: "failed", message: `It made more than ${CALLS_TOGETHER_MAX} calls at once.` })
    }
    const resumed = this.#watch.waiting()
    const answer = await call(tool, input).then(answerOf, (error: unknown) => {
      if (error instanceof ToolFailure) return { error: error.message }
      throw error
    })
    resumed()
    if (this.#isOver) return
    // The process may have ended meanwhile; its end is told already.
    await this.#process?.write(new TextEncoder().encode(answerFrame(id, answer))).catch(() => undefined)
  }

  #end(end: ProgramEnd["end"]): void {
    this.#isOver = true
    this.#over.resolve(end)
  }
}

function answerOf({ outcome, forModel }: NestedResult): { readonly value: string } | { readonly error: string } {
  const text = forModel.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n")
  if (outcome === "success") return { value: text }
  return { error: outcome === "cancelled" ? `The call was not made: ${text}` : text }
}

function endedBy({ exitCode, signal }: ProcessExit): string {
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`
  return `It ended ${how} before it gave a value: it used too much memory or time, or ended itself.`
}

const line = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

function unavailable(cause: unknown): never {
  if (cause instanceof SkeinError && cause.code === "sandbox.unavailable") {
    throw new ToolFailure(`The program did not run. ${cause.message}`, { cause })
  }
  throw cause
}
