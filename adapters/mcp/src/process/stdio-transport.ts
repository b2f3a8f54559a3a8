import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client"
import type { NetworkGate, ProcessExit, ProcessesPort, RunningProcess } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { Launch } from "./launch.ts"
import { MESSAGE_BYTES_MAX, messageLines } from "./message-lines.ts"

/** A server over the streams of its process, a message a line. */
export interface StdioTransport extends Transport {
  /** Why it is over: set before `onclose` is called. */
  readonly end: string | undefined
  /** The last lines of its stderr, as they came. */
  readonly complaint: string
  /** Lines of its stdout that were no messages. */
  readonly garbageCount: number
}

export interface StdioRequest {
  readonly launch: Launch
  readonly processes: ProcessesPort
  readonly network: NetworkGate
  /** Throws for what is no JSON-RPC message. */
  readonly parse: (line: string) => JSONRPCMessage
  readonly onGarbage: (line: string) => void
}

const COMPLAINT_CHARS_MAX = 8_192
/** One that is told that nothing more comes has so long to end by itself. */
const GOODBYE_MS = 500

export function stdioTransport(request: StdioRequest): StdioTransport {
  let running: RunningProcess | undefined
  let isClosed = false
  let end: string | undefined
  let complaint = ""
  let garbageCount = 0
  const decoder = new TextDecoder()

  const over = (why: string) => {
    if (isClosed) return
    isClosed = true
    end ??= why
    transport.onclose?.()
  }
  const lines = messageLines(
    (line) => {
      const message = read(line)
      if (message !== undefined && !isClosed) transport.onmessage?.(message)
    },
    () => {
      end = `sent a message of more than ${MESSAGE_BYTES_MAX / 1e6} MB and was ended`
      running?.signal("SIGKILL")
      over(end)
    },
  )

  function read(line: string): JSONRPCMessage | undefined {
    try {
      return request.parse(line)
    } catch {
      // Who listens to `onGarbage` hears of it.
      garbageCount++
      request.onGarbage(line)
      return undefined
    }
  }

  const transport: StdioTransport = {
    get end() {
      return end
    },
    get complaint() {
      return complaint
    },
    get garbageCount() {
      return garbageCount
    },
    async start() {
      running = await started(request, (bytes, stream) => {
        if (stream === "stdout") lines.take(bytes)
        else complaint = (complaint + decoder.decode(bytes, { stream: true })).slice(-COMPLAINT_CHARS_MAX)
      })
      void running.exited.then((exit) => over(endOf(exit)))
      if (isClosed) await running.end()
    },
    async send(message) {
      if (running === undefined || isClosed) throw new Error("The process has ended.")
      await running.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`))
    },
    async close() {
      if (running !== undefined) await goodbye(running)
      over("was ended")
    },
  }
  return transport
}

async function started({ launch, processes, network }: StdioRequest, onOutput: OnOutput): Promise<RunningProcess> {
  try {
    return await processes.start({ ...launch, network, onOutput })
  } catch (error) {
    // What only a person can mend is told in the same words.
    if (error instanceof SkeinError) throw new CannotStart(error.message, { cause: error })
    throw new CannotStart(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

type OnOutput = (bytes: Uint8Array, stream: "stdout" | "stderr") => void

/** Trying again would not help: there is no such program, no such folder, no sandbox. */
export class CannotStart extends Error {
  override readonly name = "CannotStart"
}

/** As the protocol wants it: its input ends, then it is asked to, then it is made to. */
async function goodbye(running: RunningProcess): Promise<ProcessExit> {
  running.closeInput()
  await Promise.race([running.exited, Bun.sleep(GOODBYE_MS)])
  return await running.end()
}

function endOf({ exitCode, signal }: ProcessExit): string {
  return signal === null ? `ended (exit ${exitCode})` : `was ended by ${signal}`
}
