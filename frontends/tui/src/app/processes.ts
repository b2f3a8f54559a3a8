import type { CallId, Event, ProcessId } from "@skein/protocol"

/** A process that goes on beside the turns, as it is shown. */
export interface ShownProcess {
  readonly processId: ProcessId
  readonly callId: CallId
  readonly name: string
  readonly command: string
  readonly isPty: boolean
  readonly startedAt: number
  readonly bytes: number
  /** The end of what it said. */
  readonly tail: string
}

type Listener = (bytes: Uint8Array, place: number) => void

/** The processes of one session, by what its events say. */
export class ShownProcesses {
  readonly #all = new Map<ProcessId, ShownProcess>()
  readonly #listeners = new Map<ProcessId, Listener>()

  get all(): readonly ShownProcess[] {
    return [...this.#all.values()]
  }

  get(processId: ProcessId): ShownProcess | undefined {
    return this.#all.get(processId)
  }

  /** Tells its output as it comes, with the place behind it in the whole; the one that asks last is told. */
  listen(processId: ProcessId, listener: Listener): void {
    this.#listeners.set(processId, listener)
  }

  hear(event: Event): void {
    switch (event.type) {
      case "session.snapshot":
        for (const { columns: _, rows: __, ...open } of event.openProcesses ?? []) this.#put({ ...open, tail: "" })
        return
      case "process.started": {
        const { processId, callId, name, command, isPty, at } = event
        return this.#put({ processId, callId, name, command, isPty, startedAt: at, bytes: 0, tail: "" })
      }
      case "process.output": {
        const known = this.#all.get(event.processId)
        if (known === undefined) return
        const bytes = Buffer.from(event.base64, "base64")
        const tail = (known.tail + bytes.toString()).slice(-TAIL_CHARS)
        this.#put({ ...known, bytes: event.bytes, tail })
        this.#listeners.get(event.processId)?.(bytes, event.bytes)
        return
      }
      case "process.exited":
        this.#all.delete(event.processId)
        this.#listeners.delete(event.processId)
        return
      default:
    }
  }

  #put(process: ShownProcess): void {
    this.#all.set(process.processId, process)
  }
}

const TAIL_CHARS = 2_000

/** The newest line in the end of an output, without what moves a cursor or colours. */
export function newestLine(tail: string): string | undefined {
  const lines = tail.replace(SEQUENCES, "").split(/[\r\n]+/)
  return lines.findLast((line) => /\S/.test(line))
}

const ESCAPE = "\u001b"
const SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)|[ -/]*[0-~])`,
  "g",
)
