import type { Egress, EgressPort, ExecRequest, NetworkGate, ResourceBounds } from "@skein/core/ports"
import { type NetworkAttempt, SkeinError } from "@skein/protocol"
import { tooLong } from "./child.ts"
import { type JailedEnd, runJailed } from "./jail/command.ts"
import type { HostPlan } from "./jail/host.ts"
import type { HostLease, JailHosts } from "./jail/hosts.ts"
import { errnoName, type Step } from "./jail/outcome.ts"
import { openRelay } from "./jail/relay.ts"
import { encodeRequest, type LandlockRules, type Pin } from "./jail/request.ts"
import { timeLimit } from "./jail/time-limit.ts"
import { candidatesOf, programOf } from "./launch.ts"
import { limitsOf } from "./limits.ts"
import type { Collector } from "./output.ts"

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

export interface ConfinedRun extends Pick<ExecRequest, "command" | "timeoutMs" | "signal" | "network" | "callId"> {
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

interface Way {
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<readonly NetworkAttempt[]>
}

/** The way out for one command: a port in its namespace that leads to the proxy, which knows it by its token. */
async function openWay(
  egress: EgressPort,
  lease: HostLease,
  run: ConfinedRun,
  gate: NetworkGate,
): Promise<Way | "gone"> {
  const opened: Egress = await egress.open(gate, { sessionId: run.sessionId, callId: run.callId })
  const relay = await openRelay(lease.host, opened.socketPath).catch(async (error: unknown) => {
    await opened.close()
    throw error
  })
  if (relay === undefined) {
    await opened.close()
    return "gone"
  }
  return {
    environment: proxyEnvironment(`http://skein:${opened.token}@127.0.0.1:${relay.port}`),
    close() {
      relay.close()
      return opened.close()
    },
  }
}

/** Every spelling that programs look for. Nothing goes around it: there is no other way out. */
function proxyEnvironment(address: string): Readonly<Record<string, string>> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
  const npm = ["npm_config_proxy", "npm_config_https_proxy", "YARN_HTTP_PROXY", "YARN_HTTPS_PROXY"]
  return {
    ...Object.fromEntries([...names, ...npm].map((name) => [name, address])),
    NO_PROXY: "",
    no_proxy: "",
    npm_config_noproxy: "",
  }
}

function encode(
  command: ConfinedCommand,
  run: ConfinedRun,
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
  if (outcome.step !== "program") {
    throw unavailable(command, `${STEPS[outcome.step]} failed with ${errnoName(outcome.errno)}`)
  }
  if (outcome.errno === E2BIG) throw tooLong()
  // As a shell says it.
  const isDenied = outcome.errno === EACCES
  const program = programOf(run.command, command.shell)[0] ?? ""
  const said = `${program}: ${isDenied ? "Permission denied" : outcome.errno === ENOENT ? "not found" : errnoName(outcome.errno)}\n`
  return {
    exitCode: outcome.errno === ENOENT ? 127 : 126,
    signal: null,
    isTimedOut: false,
    isGroupLeftBehind: false,
    said,
  }
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

function unavailable({ cwd }: ConfinedCommand, why: string): SkeinError {
  const reason = why === "" ? "its host ended without a word" : why
  return new SkeinError("sandbox.unavailable", `The sandbox for ${cwd} failed, and the command with it: ${reason}`)
}
