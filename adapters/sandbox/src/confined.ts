import type { EgressPort, ExecRequest, NetworkGate, ResourceBounds } from "@skein/core/ports"
import { type NetworkAttempt, SkeinError } from "@skein/protocol"
import { tooLong } from "./child.ts"
import { type JailedEnd, runJailed } from "./jail/command.ts"
import type { HostPlan } from "./jail/host.ts"
import type { HostLease, JailHosts } from "./jail/hosts.ts"
import { errnoName, type Outcome, type Step } from "./jail/outcome.ts"
import { encodeRequest, type LandlockRules, type Pin } from "./jail/request.ts"
import { timeLimit } from "./jail/time-limit.ts"
import { candidatesOf, programOf } from "./launch.ts"
import { limitsOf } from "./limits.ts"
import type { Collector } from "./output.ts"
import { openWay } from "./way.ts"

/** All that is decided about one command before it starts. */
export interface ConfinedCommand {
  /** Where its host is kept. */
  readonly place: string
  readonly identity: string
  /** Its host ends with it. */
  readonly isAlone: boolean
  readonly plan: HostPlan
  readonly pins: readonly Pin[]
  readonly landlock: LandlockRules | undefined
  readonly cwd: string
  /** Its environment, before what leads to the network is added. */
  readonly environment: Readonly<Record<string, string>>
  readonly shell: string
  readonly bounds: ResourceBounds
}

export interface ConfinedEnd {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly isTimedOut: boolean
  readonly isGroupLeftBehind: boolean
  readonly network?: readonly NetworkAttempt[] | undefined
  /** What a shell would have said of a program that could not be started. */
  readonly said?: string | undefined
}

export interface ConfinedRun
  extends Pick<ExecRequest, "command" | "timeoutMs" | "signal" | "untimed" | "network" | "callId"> {
  readonly sessionId?: ExecRequest["sessionId"]
  readonly collector?: Collector | undefined
}

/** What is only finishing, such as `> >(tee log)`, has this long after the command's own end. */
const GRACE_MS = 150
/** For the person whom a command's connections wait for, besides the command's own time. */
const PAUSES_MS_MAX = 300_000

/** Runs a command in the host of its place, which is started when there is none, or when it went away meanwhile. */
export async function runConfined(
  hosts: JailHosts,
  egress: EgressPort | undefined,
  command: ConfinedCommand,
  run: ConfinedRun,
): Promise<ConfinedEnd> {
  for (let attempt = 1; ; attempt++) {
    const lease = await hosts.take(command.place, command.plan, command.identity)
    try {
      const end = await runIn(lease, egress, command, run)
      if (end !== undefined) return end
      const complaint = lease.host.complaint()
      lease.drop()
      if (complaint !== "" || attempt === 2) throw unavailable(command, complaint)
    } finally {
      if (command.isAlone) lease.drop()
      else lease.release()
    }
  }
}

/** Undefined when the host was gone before it took the command. */
async function runIn(
  lease: HostLease,
  egress: EgressPort | undefined,
  command: ConfinedCommand,
  run: ConfinedRun,
): Promise<ConfinedEnd | undefined> {
  const limit = timeLimit(run.timeoutMs, PAUSES_MS_MAX)
  run.untimed?.addEventListener("abort", limit.end, { once: true })
  const gate = run.network
  const waitingGate: NetworkGate | undefined = gate && ((target, signal) => limit.pauseFor(gate(target, signal)))
  const way =
    egress === undefined || waitingGate === undefined ? undefined : await openWay(egress, lease, run, waitingGate)
  if (way === "gone") return undefined
  let network: readonly NetworkAttempt[] | undefined
  let end: JailedEnd | undefined
  try {
    const request = encode(command, run, way?.environment)
    end = await runJailed(lease.host, { ...run, limit, request })
  } finally {
    network = await way?.close()
  }
  return end === undefined ? undefined : { ...settle(command, run, end, lease), network }
}

/** `extra`: added to its environment. */
export function encode(
  command: ConfinedCommand,
  run: Pick<ConfinedRun, "command"> & { readonly hasTerminal?: boolean | undefined },
  extra: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const environment = extra === undefined ? command.environment : { ...command.environment, ...extra }
  const argv = programOf(run.command, command.shell)
  return encodeRequest({
    argv,
    candidates: candidatesOf(argv[0] ?? "", environment.PATH ?? ""),
    environment,
    cwd: command.cwd,
    pins: command.pins,
    landlock: command.landlock,
    limits: limitsOf(command.bounds, command.plan.isNamespaced),
    graceMs: GRACE_MS,
    hasTerminal: run.hasTerminal,
  })
}

const ENOENT = 2
const E2BIG = 7
const EACCES = 13

function settle(command: ConfinedCommand, run: ConfinedRun, { outcome, stopped }: JailedEnd, lease: HostLease) {
  if (stopped !== undefined) {
    const isTimedOut = stopped.why === "timeout"
    if (outcome.kind === "lost") lease.drop()
    return { exitCode: null, signal: stopped.signal, isTimedOut, isGroupLeftBehind: false }
  }
  if (outcome.kind === "ended") {
    const { exitCode, signal, isLeft } = outcome
    return { exitCode, signal, isTimedOut: false, isGroupLeftBehind: isLeft }
  }
  if (outcome.kind === "lost") {
    const complaint = lease.host.complaint()
    lease.drop()
    throw unavailable(command, complaint)
  }
  return { ...notStarted(command, run, outcome), isTimedOut: false, isGroupLeftBehind: false }
}

/** A program that could not be started, as a shell says it. Throws SkeinError when it was the confinement that failed. */
export function notStarted(
  command: ConfinedCommand,
  run: Pick<ConfinedRun, "command">,
  { step, errno }: Extract<Outcome, { kind: "not-started" }>,
) {
  if (step !== "program") throw unavailable(command, `${STEPS[step]} failed with ${errnoName(errno)}`)
  if (errno === E2BIG) throw tooLong()
  const program = programOf(run.command, command.shell)[0] ?? ""
  const why = errno === EACCES ? "Permission denied" : errno === ENOENT ? "not found" : errnoName(errno)
  return { exitCode: errno === ENOENT ? 127 : 126, signal: null, said: `${program}: ${why}\n` }
}

const STEPS: Readonly<Record<Step, string>> = {
  host: "the host",
  namespace: "making its namespaces",
  proc: "mounting its /proc",
  mount: "closing what is protected in its folders",
  process: "making its process",
  limit: "setting its limits",
  landlock: "Landlock",
  capability: "giving up its rights",
  folder: "entering its folder",
  seccomp: "seccomp",
  program: "the program",
  relay: "the relay",
  descriptor: "handing over its streams",
}

export function unavailable({ cwd }: ConfinedCommand, why: string): SkeinError {
  const reason = why === "" ? "its host ended without a word" : why
  return new SkeinError("sandbox.unavailable", `The sandbox for ${cwd} failed, and the command with it: ${reason}`)
}
