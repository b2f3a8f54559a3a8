import { mkdirSync } from "node:fs"
import { type ProcessesPort, ToolFailure } from "@skein/core/ports"
import type { Asked, ProgramPlan } from "@skein/extension/wire"
import type { SessionId } from "@skein/protocol"
import type { Found } from "../found.ts"
import { extensionGate } from "./gate.ts"
import { type Program, type ProgramUser, startProgram } from "./program.ts"

export interface ProgramsOptions {
  readonly processes: ProcessesPort
  /** What runs an extension; the plan as JSON is added. */
  readonly command: readonly string[]
  readonly log: (line: string) => void
  readonly now: () => number
  readonly onDefect: (error: unknown) => void
}

/** For whom a process runs: no two sessions share one. */
export interface ProgramPlace {
  readonly cwd: string
  readonly sessionId?: SessionId | undefined
  /** What it may write of the session's, where it may at all. */
  readonly roots: readonly string[]
}

/** The processes of extensions: started when they are first used, and again when they died, not faster and faster. */
export class Programs {
  readonly #options: ProgramsOptions
  readonly #kept = new Map<string, Kept>()
  #isClosed = false

  constructor(options: ProgramsOptions) {
    this.#options = options
  }

  /** Throws ToolFailure. `check` looks at what the process declares before anything is asked of it. */
  async ask(found: Found, place: ProgramPlace, asked: Asked, user: ProgramUser, check?: (program: Program) => void) {
    const kept = this.#keptFor(found, place)
    kept.users++
    clearTimeout(kept.idle)
    try {
      const program = await this.#started(kept, found, place, user.signal)
      check?.(program)
      const answer = await program.ask(asked, user)
      kept.failures = 0
      return answer
    } finally {
      kept.users--
      if (kept.users === 0) this.#letRest(kept)
    }
  }

  /** What it declares, said by a process that is ended then. Throws ToolFailure. */
  async look(found: Found, cwd: string, signal: AbortSignal): Promise<Program["declared"]> {
    const starting = startProgram(this.#requestOf(found, { cwd, roots: [] }))
    const closed = starting.then((program) => program.close())
    // Whoever waits for the start hears of it.
    closed.catch(() => undefined)
    const { declared } = await abortable(starting, signal)
    await closed
    return declared
  }

  /** Ends those that run a module which is another by now. */
  async drop(isOld: (file: string, sha256: string) => boolean): Promise<void> {
    const old = [...this.#kept].filter(([, { file, sha256, users }]) => users === 0 && isOld(file, sha256))
    for (const [key] of old) this.#kept.delete(key)
    await Promise.all(old.map(([, kept]) => ended(kept)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#kept.values()]
    this.#kept.clear()
    await Promise.all(all.map(ended))
  }

  #keptFor(found: Found, { cwd, sessionId, roots }: ProgramPlace): Kept {
    const key = JSON.stringify([found.file, found.sha256, cwd, sessionId ?? "", found.canWriteWorkspace ? roots : []])
    const { file, sha256 } = found
    const kept = this.#kept.get(key) ?? { file, sha256, users: 0, failures: 0, notBeforeMs: 0 }
    this.#kept.set(key, kept)
    return kept
  }

  async #started(kept: Kept, found: Found, place: ProgramPlace, signal: AbortSignal): Promise<Program> {
    // Why one did not start was told to whoever began it.
    const before = await kept.program?.catch(() => undefined)
    if (before !== undefined && before.end === undefined) return before
    const now = this.#options.now()
    if (before !== undefined && kept.seen !== before) this.#failed(kept, found, before.end ?? "ended", before)
    if (this.#isClosed) throw new ToolFailure("skein is ending.")
    if (now < kept.notBeforeMs)
      throw new ToolFailure(`${kept.why ?? ""} It is tried again in ${Math.ceil((kept.notBeforeMs - now) / 1_000)} s.`)
    const starting = startProgram(this.#requestOf(found, place))
    kept.program = starting
    starting.catch((error: unknown) => {
      this.#failed(kept, found, error instanceof Error ? error.message : String(error))
      if (!(error instanceof ToolFailure)) this.#options.onDefect(error)
    })
    return await abortable(starting, signal)
  }

  #failed(kept: Kept, { title }: Found, why: string, seen?: Program): void {
    kept.seen = seen
    kept.why = why.startsWith(title) ? why : `${title} ${why}.`
    // The first time it is begun anew at once.
    kept.notBeforeMs =
      kept.failures === 0 ? 0 : this.#options.now() + Math.min(2 ** kept.failures * 1_000, BACKOFF_MS_MAX)
    kept.failures++
  }

  #requestOf(found: Found, { cwd, sessionId, roots }: ProgramPlace) {
    const { file, dataFolder, canWriteWorkspace, network, title } = found
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
    const plan: ProgramPlan = { file, dataFolder }
    return {
      ...{
        processes: this.#options.processes,
        title,
        network: extensionGate(title, network),
        startTimeoutMs: START_MS,
      },
      log: (text: string) => this.#options.log(`${title}: ${text}`),
      launch: {
        ...{ command: [...this.#options.command, JSON.stringify(plan)], cwd, sessionId },
        // Always held: what is not named here is read-only, whatever the session's own commands may do.
        ...{ sandbox: "workspace-write" as const, roots: canWriteWorkspace ? [...roots, dataFolder] : [dataFolder] },
        ...{ environment: "minimal" as const, env: { HOME: dataFolder }, bounds: BOUNDS },
      },
    }
  }

  #letRest(kept: Kept): void {
    clearTimeout(kept.idle)
    kept.idle = setTimeout(() => void ended(kept).catch(this.#options.onDefect), IDLE_MS)
    kept.idle.unref()
  }
}

interface Kept {
  readonly file: string
  readonly sha256: string
  program?: Promise<Program> | undefined
  /** The one whose death was counted. */
  seen?: Program | undefined
  users: number
  failures: number
  notBeforeMs: number
  why?: string | undefined
  idle?: ReturnType<typeof setTimeout> | undefined
}

const START_MS = 10_000
const BACKOFF_MS_MAX = 60_000
/** So long one that nobody uses stays. */
const IDLE_MS = 120_000
const BOUNDS = { processesMax: 64, memoryBytesMax: 1024 ** 3, fileBytesMax: 256 * 1024 ** 2, cpuSecondsMax: 3_600 }

async function ended(kept: Kept): Promise<void> {
  clearTimeout(kept.idle)
  // One that did not start needs no end.
  const program = await kept.program?.catch(() => undefined)
  if (program === undefined) return
  if (program.end === undefined) kept.seen = program
  await program.close()
}

/** Whoever is interrupted does not wait for a start; that goes on for the next. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  const onAbort = () => stopped.reject(signal.reason)
  signal.addEventListener("abort", onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener("abort", onAbort)
  }
}
