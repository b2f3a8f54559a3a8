import { lazy, type Op, type ProcessSaid, type Query, type Receipt } from "@skein/protocol"
import { ToolFailure } from "../ports/index.ts"
import type { Beginning } from "../processes/beginning.ts"
import type { Processes } from "../processes/processes.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
}

type ProcessOp = Op<"process.input" | "process.resize" | "process.signal" | "process.close" | "process.end">

/** What goes on beside a session's turns. Loaded with the first process: most sessions have none. */
export class Beside {
  readonly processesFor: TurnPorts["processesFor"]
  readonly processesSeen: TurnPorts["processesSeen"]
  readonly #parts: Parts
  readonly #loaded: () => Promise<Processes>
  #processes: Processes | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    const { processes, artifacts } = parts.ports
    this.#loaded = lazy(async () => {
      if (processes === undefined || artifacts === undefined) throw new Error("Processes have their ports")
      const { Processes } = await import("../processes/processes.ts")
      this.#processes = new Processes({ ...parts, ports: { ...parts.ports, processes, artifacts } })
      return this.#processes
    })
    const hasProcesses = processes !== undefined && artifacts !== undefined
    this.processesFor = hasProcesses ? (beginning) => this.#forCall(beginning) : undefined
    this.processesSeen = hasProcesses ? () => this.#seen() : undefined
  }

  /** A person's word to a process; undefined when it was taken. */
  async perform(op: ProcessOp): Promise<Receipt | undefined> {
    const process = this.#processes?.get(op.processId)
    if (process === undefined) return rejected("op.invalid", `No process ${op.processId} is running.`)
    try {
      switch (op.type) {
        case "process.input":
          await process.write((await import("../processes/base64.ts")).fromBase64(op.base64), "person")
          return undefined
        case "process.resize":
          await process.control({ kind: "resize", columns: op.columns, rows: op.rows }, "person")
          return undefined
        case "process.signal":
          await process.control({ kind: "signal", signal: op.signal }, "person")
          return undefined
        case "process.close":
          await process.control({ kind: "close" }, "person")
          return undefined
        case "process.end":
          // It may take its time to end, and nobody else is to wait for that.
          process.control({ kind: "end" }, "person").catch(this.#parts.ports.onDefect)
          return undefined
      }
    } catch (error) {
      if (error instanceof ToolFailure) return rejected("op.invalid", error.message)
      throw error
    }
  }

  /** What a process has said, as far as it is kept; undefined when there is none such. */
  async output({ processId, from = 0 }: Extract<Query, { type: "process.output" }>): Promise<ProcessSaid | undefined> {
    const process = this.#processes?.list().find(({ id }) => id === processId)
    if (process === undefined) return undefined
    const said = process.peek(from)
    const { toBase64 } = await import("../processes/base64.ts")
    return { base64: toBase64(said.bytes), from: said.from, isRunning: process.facts.exit === undefined }
  }

  /** Ends all, and resolves when the log says so. */
  async end(): Promise<void> {
    await this.#processes?.end()
  }

  async #seen() {
    const processes = await this.#loaded()
    return {
      find: (whom: string) => processes.find(whom).facts,
      list: () => processes.list().map(({ facts }) => facts),
    }
  }

  async #forCall(beginning: Beginning) {
    const [processes, { processesFor }] = await Promise.all([this.#loaded(), import("../processes/for-call.ts")])
    return processesFor(processes, beginning)
  }
}
