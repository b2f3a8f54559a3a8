import { closeSync, constants, openSync } from "node:fs"
import { SkeinError } from "@skein/protocol"
import { openPipe } from "../pipe.ts"
import { readAll } from "../reading.ts"
import type { JailHost } from "./host.ts"
import { errnoName, OUTCOME_BYTES, outcomeOf, portOf } from "./outcome.ts"
import { encodeRelay } from "./request.ts"

/** A port on the loopback address of a host's network namespace that leads to a socket outside. */
export interface Relay {
  readonly port: number
  /** Ends it, and whatever goes through it. */
  close(): void
}

const O_PATH = 0o10000000
const O_CLOEXEC = 0o2000000

/** Undefined when the host is gone. The socket goes there as a descriptor: no path in there leads to it. */
export async function openRelay(host: JailHost, socketPath: string): Promise<Relay | undefined> {
  const status = await openPipe()
  const control = await openPipe()
  const opened = [status.write, control.read]
  const told: Uint8Array[] = []
  try {
    const socket = openSync(socketPath, O_PATH | O_CLOEXEC)
    const nothing = openSync("/dev/null", constants.O_RDONLY)
    opened.push(socket, nothing)
    const isSent = await host.send(encodeRelay(), [socket, nothing, nothing, status.write, control.read])
    for (const fd of opened.splice(0)) closeSync(fd)
    if (isSent) await readAll(status.read, async (bytes) => void told.push(bytes)).done
  } catch (error) {
    closeSync(control.write)
    throw error
  } finally {
    for (const fd of [...opened, status.read]) closeSync(fd)
  }
  const answer = Buffer.concat(told)
  const port = answer.length < OUTCOME_BYTES ? undefined : portOf(answer)
  if (port !== undefined) return { port, close: () => closeSync(control.write) }
  closeSync(control.write)
  const outcome = outcomeOf(answer)
  if (outcome.kind !== "not-started") return undefined
  throw new SkeinError(
    "sandbox.unavailable",
    `Cannot open the way to the proxy for a command: ${errnoName(outcome.errno)}`,
  )
}
