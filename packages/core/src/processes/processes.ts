import { type DurableDraft, type ProcessId, SANDBOXES, type Sandbox } from "@skein/protocol"
import type {
  Artifact,
  ArtifactsPort,
  CheckpointsPort,
  ClockPort,
  LogsPort,
  ProcessExit,
  ProcessesPort,
  ProcessFacts,
  RandomPort,
  RunningCommand,
  RunningProcess,
  StartProcess,
  Watch,
} from "../ports/index.ts"
import { ToolFailure } from "../ports/index.ts"
import type { SessionWriter } from "../session/writer.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Beginning } from "./beginning.ts"
import { commandOf } from "./command.ts"
import { LastingProcess } from "./process.ts"
import { unexplained } from "./unexplained.ts"

/** So many of one session at once; and so many that ended can still be read. */
const RUNNING_MAX = 16
const ENDED_MAX = 16

export interface ProcessesParts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: {
    readonly processes: ProcessesPort
    readonly artifacts: ArtifactsPort
    readonly checkpoints: CheckpointsPort
    readonly logs: LogsPort
    readonly clock: ClockPort
    readonly random: RandomPort
    readonly onDefect: (error: unknown) => void
  }
}

/** What goes on beside a session's turns: at most 16 processes, each with one end in the log, none after the session's. */
export class Processes {
  readonly #parts: ProcessesParts
  readonly #running = new Map<ProcessId, LastingProcess>()
  readonly #ended: LastingProcess[] = []
  readonly #settling = new Set<Promise<void>>()
  #count = 0
  #isOver = false

  constructor(parts: ProcessesParts) {
    this.#parts = parts
  }

  async start(request: StartProcess, beginning: Beginning): Promise<ProcessFacts> {
    const { cwd, sandbox, network, callId } = beginning
    const { state, ports } = this.#parts
    return this.#begin(request, beginning, (process) =>
      ports.processes.start({
        ...{ command: request.command, pty: request.pty, sessionId: state.sessionId, callId },
        ...{ cwd, network, roots: rootsOf(state), sandbox: narrower(sandbox, request.sandbox) },
        onOutput: (bytes) => process.take(bytes),
      }),
    )
  }

  async adopt(command: RunningCommand, beginning: Beginning): Promise<ProcessFacts> {
    let artifact: Artifact | undefined
    const begin = async (process: LastingProcess): Promise<RunningProcess> => {
      command.onOutput((bytes) => process.take(bytes))
      const ended = command.ended.then((end): ProcessExit => {
        artifact = end.artifact
        return { exitCode: end.exitCode, signal: end.signal }
      })
      return commandOf(command, ended)
    }
    return this.#begin(command, beginning, begin, () => artifact)
  }

  list(): readonly LastingProcess[] {
    return [...this.#running.values(), ...this.#ended]
  }

  /** By name or id, the newest of that name. Throws ToolFailure that names those that there are. */
  find(whom: string): LastingProcess {
    const all = this.list()
    const found =
      all.find(({ id }) => id === whom) ??
      [...this.#running.values()].find(({ facts }) => facts.name === whom) ??
      this.#ended.findLast(({ facts }) => facts.name === whom)
    if (found !== undefined) return found
    const names = all.map(({ facts }) => facts.name).join(", ")
    throw new ToolFailure(`There is no process ${whom}. ${names === "" ? "None was started." : `There are: ${names}.`}`)
  }

  get(processId: ProcessId): LastingProcess | undefined {
    return this.#running.get(processId)
  }

  /** Ends all, and resolves when the log says so. */
  async end(): Promise<void> {
    this.#isOver = true
    const running = [...this.#running.values()]
    const names = running.map(({ facts }) => `${facts.name} (${facts.command})`)
    await Promise.all(running.map((process) => process.stop()))
    await Promise.all(this.#settling)
    if (names.length === 0 || this.#parts.writer.isFailed) return
    const text = `Ended with the session: ${names.join(", ")}.`
    await this.#parts.writer.emit([{ type: "notice.posted", level: "info", text, code: "session.closed" }])
  }

  async #begin(
    request: Pick<StartProcess, "command" | "name" | "pty" | "sandbox">,
    beginning: Beginning,
    run: (process: LastingProcess) => Promise<RunningProcess>,
    artifact: () => Artifact | undefined = () => undefined,
  ): Promise<ProcessFacts> {
    const { state, writer, ports } = this.#parts
    const name = this.#nameFor(request.name)
    const { callId, cwd, source } = beginning
    const command = typeof request.command === "string" ? request.command : request.command.join(" ")
    const size = request.pty === undefined ? { isPty: false } : { isPty: true, ...request.pty }
    const startedAt = ports.clock.now()
    const processId = ports.random.id("prc")
    const sandbox = narrower(beginning.sandbox, request.sandbox)
    const process = new LastingProcess(
      { processId, name, command, ...size, sandbox, startedAt, sessionId: state.sessionId, source },
      {
        ...ports,
        tell: (draft) => writer.tell(draft),
        emit: async (drafts) => void (await writer.emit(drafts)),
      },
    )
    // Its place is taken from here on, so that no other takes its name meanwhile.
    this.#running.set(processId, process)
    beginning.hold()
    const watch = beginning.isWatched ? await this.#watched() : undefined
    const running = await run(process).catch((error: unknown) => {
      this.#running.delete(processId)
      watch?.recorded?.()
      beginning.letGo()
      throw error
    })
    process.begin(running)
    const { confinement } = running
    const started = { type: "process.started", processId, callId, name, command, cwd, ...size, confinement } as const
    const written = writer.emit([started], { flush: true })
    const fromSeq = state.seq
    const over = written.then(async () =>
      this.#settle(process, await running.exited, { beginning, watch, fromSeq, artifact }),
    )
    const settled = over.catch(ports.onDefect)
    this.#settling.add(settled)
    void settled.then(() => this.#settling.delete(settled))
    await written.catch(async (error: unknown) => {
      await running.end()
      throw error
    })
    process.tellLive()
    return process.facts
  }

  /** Its one end, with what it did to files, whoever else changed some meanwhile. */
  async #settle(
    process: LastingProcess,
    exit: ProcessExit,
    { beginning, watch, fromSeq, artifact }: Settling,
  ): Promise<void> {
    const { writer, ports } = this.#parts
    const isKnown = process.isKnown
    await process.end(exit, artifact())
    const changes = watch === undefined ? [] : await this.#changesOf(watch, beginning, fromSeq)
    const { name, bytes, artifact: whole, startedAt } = process.facts
    const ended: Extract<DurableDraft, { type: "process.exited" }> = {
      ...{ type: "process.exited", processId: process.id, name, bytes, durationMs: ports.clock.now() - startedAt },
      ...(exit.exitCode === null ? {} : { exitCode: exit.exitCode }),
      ...(exit.signal === null ? {} : { signal: exit.signal }),
      ...(isKnown ? { isKnown } : {}),
      ...(whole === undefined ? {} : { artifact: whole }),
    }
    this.#running.delete(process.id)
    this.#ended.push(process)
    if (this.#ended.length > ENDED_MAX) this.#ended.shift()
    beginning.letGo()
    if (writer.isFailed) return
    await writer.emit([...changes, ended], { flush: true })
    watch?.recorded?.()
  }

  async #changesOf(watch: Watch, { callId }: Beginning, fromSeq: number): Promise<DurableDraft[]> {
    const { state, ports } = this.#parts
    const { changes: seen, notCovered } = await watch.settle()
    const since = seen.length === 0 ? [] : await ports.logs.read(state.sessionId, fromSeq)
    const changes = unexplained(seen, since)
    if (changes.length === 0) return []
    const turnId = state.turn?.turnId
    const whose = turnId === undefined ? { callId } : { turnId, callId }
    return [{ type: "files.changed", ...whose, changes, notCovered: [...notCovered] }]
  }

  #watched(): Promise<Watch> {
    const { state, ports } = this.#parts
    const { signal } = new AbortController()
    return ports.checkpoints.watch({ sessionId: state.sessionId, roots: rootsOf(state), signal })
  }

  #nameFor(wanted: string | undefined): string {
    if (this.#isOver) throw new ToolFailure("The session is being ended: no process is started any more.")
    if (this.#running.size >= RUNNING_MAX) {
      throw new ToolFailure(`${RUNNING_MAX} processes run already, and no more may. End one first.`)
    }
    const inUse = new Set([...this.#running.values()].map(({ facts }) => facts.name))
    if (wanted !== undefined) {
      if (inUse.has(wanted))
        throw new ToolFailure(`A process ${wanted} runs already. End it first, or take another name.`)
      return wanted
    }
    for (;;) {
      this.#count += 1
      const name = `p${this.#count}`
      if (!inUse.has(name)) return name
    }
  }
}

function narrower(given: Sandbox, asked = given): Sandbox {
  return SANDBOXES.indexOf(asked) < SANDBOXES.indexOf(given) ? asked : given
}

interface Settling {
  readonly beginning: Beginning
  readonly watch: Watch | undefined
  /** The newest event before it began. */
  readonly fromSeq: number
  readonly artifact: () => Artifact | undefined
}
