import type { DurableDraft, LiveDraft, ProcessId } from "@skein/protocol"
import { utf8 } from "../context/sha256.ts"
import {
  type Artifact,
  type ArtifactsPort,
  type ClockPort,
  type ProcessExit,
  type ProcessFacts,
  type ProcessOutput,
  type RunningProcess,
  ToolFailure,
  type WaitFor,
} from "../ports/index.ts"
import { LineWatch } from "./lines.ts"
import { LiveOutput } from "./live-output.ts"
import { ByteRing } from "./ring.ts"
import { WholeOutput } from "./whole.ts"

/** What is kept of an output in memory. */
export const KEPT_BYTES = 262_144

export interface ProcessPorts {
  readonly clock: ClockPort
  readonly artifacts: ArtifactsPort
  readonly tell: (draft: LiveDraft) => void
  readonly emit: (drafts: readonly DurableDraft[]) => Promise<void>
  readonly onDefect: (error: unknown) => void
}

export interface ProcessStart extends Omit<ProcessFacts, "bytes" | "exit" | "artifact" | "source" | "confinement"> {
  readonly sessionId: `ses_${string}`
  /** Asked each time: it may reach others while it runs. */
  readonly source: () => string | undefined
}

type By = "model" | "person"
type Controlled = Extract<DurableDraft, { type: "process.controlled" }>

/** One process that goes on beside the turns: its output, who waits for it, what was done to it. */
export class LastingProcess {
  readonly #start: ProcessStart
  readonly #ports: ProcessPorts
  readonly #ring = new ByteRing(KEPT_BYTES)
  readonly #watched = new LineWatch()
  readonly #whole: WholeOutput
  readonly #live: LiveOutput
  readonly #listeners = new Set<(bytes: Uint8Array) => void>()
  #size: { columns: number; rows: number } | undefined
  #running: RunningProcess | undefined
  #exit: ProcessExit | undefined
  #artifact: Artifact | undefined
  #readTo = 0
  #lastAt: number
  #waits = 0
  #isEndedByModel = false
  #typed: Record<By, number> = { model: 0, person: 0 }
  #isTypedTold = true
  readonly #gone = Promise.withResolvers<void>()

  constructor(start: ProcessStart, ports: ProcessPorts) {
    this.#start = start
    this.#ports = ports
    this.#size =
      start.columns === undefined || start.rows === undefined ? undefined : { columns: start.columns, rows: start.rows }
    this.#whole = new WholeOutput(() => ports.artifacts.create("txt", start.sessionId), ports.onDefect)
    const told = (base64: string, bytes: number) =>
      ports.tell({ type: "process.output", processId: this.id, base64, bytes })
    this.#live = new LiveOutput(ports.clock, told)
    this.#lastAt = ports.clock.now()
  }

  get id(): ProcessId {
    return this.#start.processId
  }

  get facts(): ProcessFacts {
    const { sessionId: _, source, ...kept } = this.#start
    const { confinement = "none" } = this.#running ?? {}
    return {
      ...{ ...kept, ...this.#size, source: source(), confinement, bytes: this.#ring.to },
      ...(this.#exit === undefined ? {} : { exit: this.#exit }),
      ...(this.#artifact === undefined ? {} : { artifact: this.#artifact }),
    }
  }

  /** The model ended it, or waits for it. */
  get isKnown(): boolean {
    return this.#isEndedByModel || this.#waits > 0
  }

  /** Resolves when it has ended and all of its output is there. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Output, as it comes. */
  take(bytes: Uint8Array): void {
    this.#lastAt = this.#ports.clock.now()
    this.#whole.add(bytes, this.#ring)
    this.#ring.push(bytes)
    this.#live.add(bytes, this.#ring.to)
    for (const listener of this.#listeners) listener(bytes)
    if (this.#watched.isIdle) return
    this.#tellMatched(this.#watched.take(bytes))
  }

  #tellMatched(found: readonly string[]): void {
    const drafts = found.map(
      (pattern) => ({ type: "process.matched", processId: this.id, name: this.#start.name, pattern }) as const,
    )
    if (drafts.length > 0) this.#ports.emit(drafts).catch(this.#ports.onDefect)
  }

  /** Everybody knows of it: what it says is told as it comes. */
  tellLive(): void {
    this.#live.begin()
  }

  /** It runs from here on. */
  begin(running: RunningProcess): void {
    this.#running = running
  }

  /** Nothing of it is left; resolves when all that it said is kept. */
  async end(exit: ProcessExit, given?: Artifact): Promise<void> {
    this.#live.end()
    await this.#tellTyped()
    const whole = await this.#whole.end(this.#ring)
    this.#artifact = given ?? whole
    this.#exit = exit
    for (const listener of this.#listeners) listener(NOTHING)
    this.#gone.resolve()
  }

  read(from: number | undefined, bytesMax: number): ProcessOutput {
    const asked = from ?? this.#readTo
    const { bytes, from: start } = this.#ring.read(asked, bytesMax)
    const to = start + bytes.length
    this.#readTo = Math.max(this.#readTo, to)
    return { bytes, from: start, to, skipped: Math.max(0, start - asked) }
  }

  /** What is kept from a place on; for whoever is not the model. */
  peek(from: number): { readonly bytes: Uint8Array; readonly from: number } {
    return this.#ring.read(from, KEPT_BYTES)
  }

  watch(pattern: string): void {
    const unread = new LineWatch()
    unread.add(pattern)
    const said = unread.take(this.#ring.read(this.#readTo, KEPT_BYTES).bytes)
    if (said.length > 0) this.#tellMatched(said)
    else this.#watched.add(pattern)
  }

  async wait({ pattern, idleMs, timeoutMs }: WaitFor, signal: AbortSignal) {
    const { clock } = this.#ports
    const over = new AbortController()
    const end = Promise.withResolvers<"matched" | "exited" | "idle" | "timeout">()
    const lines = new LineWatch()
    if (pattern !== undefined) lines.add(pattern)
    const look = (bytes: Uint8Array) => {
      if (lines.take(bytes).length > 0) end.resolve("matched")
      if (this.#exit !== undefined) end.resolve("exited")
    }
    const stop = () => end.reject(signal.reason)
    this.#waits += 1
    this.#listeners.add(look)
    signal.addEventListener("abort", stop, { once: true })
    const elapsed = (ms: number, what: "idle" | "timeout") =>
      clock.sleep(ms, over.signal).then(
        () => end.resolve(what),
        () => undefined,
      )
    void elapsed(timeoutMs, "timeout")
    if (idleMs !== undefined) void this.#untilIdle(idleMs, over.signal).then((isIdle) => isIdle && end.resolve("idle"))
    look(this.#ring.read(this.#readTo, KEPT_BYTES).bytes)
    try {
      if (signal.aborted) throw signal.reason
      return await end.promise
    } finally {
      this.#waits -= 1
      this.#listeners.delete(look)
      signal.removeEventListener("abort", stop)
      over.abort(OVER)
    }
  }

  async #untilIdle(idleMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#ports
    let leftMs = idleMs
    try {
      while (leftMs > 0) {
        await clock.sleep(leftMs, signal)
        leftMs = idleMs - (clock.now() - this.#lastAt)
      }
      return true
    } catch {
      // Something else was waited for, and came first.
      return false
    }
  }

  async write(bytes: Uint8Array, by: By): Promise<void> {
    await this.#mustRun().write(bytes)
    this.#typed[by] += bytes.length
    if (!this.#isTypedTold) return
    this.#isTypedTold = false
    // Nobody's keys are an event each.
    void this.#ports.clock.sleep(TYPED_MS).then(() => this.#tellTyped().catch(this.#ports.onDefect))
  }

  async control(action: Exclude<Controlled["action"], { kind: "input" }>, by: By): Promise<void> {
    const running = this.#mustRun()
    await this.#tellTyped()
    await this.#ports.emit([{ type: "process.controlled", processId: this.id, by, action }])
    if (by === "model" && (action.kind === "end" || action.kind === "signal")) this.#isEndedByModel = true
    if (action.kind === "close") running.closeInput()
    else if (action.kind === "signal") running.signal(action.signal)
    else if (action.kind === "resize") {
      this.#size = { columns: action.columns, rows: action.rows }
      running.resize(action.columns, action.rows)
    } else await running.end()
  }

  /** Asks nobody and tells nobody: the session ends. */
  async stop(): Promise<void> {
    await this.#running?.end()
  }

  async #tellTyped(): Promise<void> {
    const typed = this.#typed
    this.#typed = { model: 0, person: 0 }
    this.#isTypedTold = true
    const drafts = (["model", "person"] as const).flatMap((by): Controlled[] =>
      typed[by] === 0
        ? []
        : [{ type: "process.controlled", processId: this.id, by, action: { kind: "input", bytes: typed[by] } }],
    )
    if (drafts.length > 0) await this.#ports.emit(drafts)
  }

  #mustRun(): RunningProcess {
    if (this.#running !== undefined && this.#exit === undefined) return this.#running
    throw new ToolFailure(`${this.#start.name} has ended.`)
  }
}

const NOTHING = utf8("")
const TYPED_MS = 1_000
const OVER = "over"
