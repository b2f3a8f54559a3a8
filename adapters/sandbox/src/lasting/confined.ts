import { closeSync, writeSync } from "node:fs"
import type { EgressPort, ProcessExit, ProcessRequest, RunningProcess } from "@skein/core/ports"
import { type ConfinedCommand, encode, notStarted, unavailable } from "../confined.ts"
import { minimalEnvironment } from "../environment.ts"
import type { HostLease, JailHosts } from "../jail/hosts.ts"
import { type Outcome, outcomeOf } from "../jail/outcome.ts"
import { openPipe } from "../pipe.ts"
import { readAll } from "../reading.ts"
import { openWay, type Way } from "../way.ts"
import { type Held, type ProcessSignal, runningProcess } from "./held.ts"
import { pipes, type Streams } from "./streams.ts"
import { terminalOpener, terminalStreams } from "./terminal.ts"

export interface ConfinedGround {
  readonly hosts: JailHosts
  readonly egress: EgressPort | undefined
  readonly command: ConfinedCommand
  /** The rung's name. */
  readonly by: string
  /** When nothing of it is left: what a person should know of what it did to protected files, a line each. */
  readonly onGone: () => readonly string[]
}

/** Starts a process in the host of its place, which it keeps, like its way out, until it has ended. */
export async function startConfined(ground: ConfinedGround, request: ProcessRequest): Promise<RunningProcess> {
  const { hosts, command } = ground
  for (let attempt = 1; ; attempt++) {
    const lease = await hosts.take(command.place, command.plan, command.identity)
    const started = await startIn(lease, ground, request).catch((error: unknown) => {
      lease.release()
      throw error
    })
    if (started !== undefined) return started
    const complaint = lease.host.complaint()
    lease.drop()
    if (complaint !== "" || attempt === 2) throw unavailable(command, complaint)
  }
}

/** Undefined when the host was gone before it took the process. */
async function startIn(
  lease: HostLease,
  ground: ConfinedGround,
  request: ProcessRequest,
): Promise<RunningProcess | undefined> {
  const { command, egress } = ground
  const { network } = request
  const way = egress === undefined || network === undefined ? undefined : await openWay(egress, lease, request, network)
  if (way === "gone") return undefined
  const letGo = async () => void (await way?.close())
  try {
    const streams = await streamsOf(request)
    const held = await handOver(lease, streams, requestOf(command, request, way))
    if (held === undefined) {
      await streams.finish(0)
      await letGo()
      return undefined
    }
    const gone = held.outcome.then((outcome) => exitOf(outcome, { lease, command, request }))
    return runningProcess({ held: { signal: held.signal, gone }, streams, confinement: ground.by }, async (exit) => {
      await letGo()
      lease.release()
      for (const note of ground.onGone()) request.onOutput(new TextEncoder().encode(`[${note}]\n`), "stdout")
      return exit
    })
  } catch (error) {
    await letGo()
    throw error
  }
}

async function streamsOf({ pty, onOutput }: ProcessRequest): Promise<Streams> {
  return pty === undefined ? pipes(onOutput) : terminalStreams(pty, onOutput, await terminalOpener())
}

function requestOf(command: ConfinedCommand, request: ProcessRequest, way: Way | undefined): Uint8Array {
  const extra = { ...(request.pty === undefined ? {} : IN_A_TERMINAL), ...way?.environment, ...request.env }
  const given = environmentOf(command.environment, request)
  const environment = request.pty === undefined ? given : withoutQuiet(given)
  return encode(
    { ...command, environment },
    { command: request.command, hasTerminal: request.pty !== undefined },
    extra,
  )
}

export function environmentOf(
  clean: Readonly<Record<string, string>>,
  { environment }: Pick<ProcessRequest, "environment">,
): Readonly<Record<string, string>> {
  return environment === "minimal" ? minimalEnvironment(clean) : clean
}

/** What programs ask for before they draw. */
export const IN_A_TERMINAL = { TERM: "xterm-256color" } as const
const QUIET = new Set(["NO_COLOR", "CLICOLOR"])

/** Commands are told to be plain; what draws for a person may use colours. */
export function withoutQuiet(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !QUIET.has(name)))
}

interface HandedOver extends Pick<Held, "signal"> {
  readonly outcome: Promise<Outcome>
}

async function handOver(lease: HostLease, streams: Streams, request: Uint8Array): Promise<HandedOver | undefined> {
  const status = await openPipe()
  const control = await openPipe()
  const isSent = await lease.host.send(request, [...streams.theirs, status.write, control.read])
  streams.handedOver()
  for (const fd of [status.write, control.read]) closeSync(fd)
  if (!isSent) {
    for (const fd of [status.read, control.write]) closeSync(fd)
    return undefined
  }
  const told: Uint8Array[] = []
  let isOver = false
  const reading = readAll(status.read, async (bytes) => void told.push(bytes))
  const outcome = reading.done.then(() => {
    isOver = true
    for (const fd of [status.read, control.write]) closeSync(fd)
    return outcomeOf(Buffer.concat(told))
  })
  return {
    outcome,
    signal: (name) => {
      if (!isOver) say(control.write, WORDS[name])
    },
  }
}

/** What the keeper understands; see `signal_of` in `confine.c`. */
const WORDS: Readonly<Record<ProcessSignal, string>> = {
  SIGTERM: "T",
  SIGHUP: "H",
  SIGINT: "I",
  SIGQUIT: "Q",
  SIGUSR1: "1",
  SIGUSR2: "2",
  SIGKILL: "K",
}

/** A keeper that is gone hears nothing, and needs to hear nothing. */
function say(control: number, word: string): void {
  try {
    writeSync(control, word)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error
  }
}

interface Ended {
  readonly lease: HostLease
  readonly command: ConfinedCommand
  readonly request: ProcessRequest
}

/** Nobody waits for a start any more: what could not be started ends as a shell would end it, and says why. */
function exitOf(outcome: Outcome, { lease, command, request }: Ended): ProcessExit {
  if (outcome.kind === "ended") return { exitCode: outcome.exitCode, signal: outcome.signal }
  if (outcome.kind === "lost") {
    lease.drop()
    return { exitCode: null, signal: "SIGKILL" }
  }
  try {
    const { exitCode, said } = notStarted(command, request, outcome)
    request.onOutput(new TextEncoder().encode(said), "stderr")
    return { exitCode, signal: null }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    request.onOutput(new TextEncoder().encode(`${said}\n`), "stderr")
    return { exitCode: 126, signal: null }
  }
}
