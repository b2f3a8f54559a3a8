import { statSync, writeSync } from "node:fs"
import { relative } from "node:path"
import type {
  Confinement,
  ExecPort,
  ExecRequest,
  ExecResult,
  ProcessesPort,
  ProcessRequest,
  RunningProcess,
} from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { isWithin, type Sandbox, SkeinError } from "@skein/protocol"
import { runChild } from "./child.ts"
import { type ConfinedEnd, runConfined } from "./confined.ts"
import { cleanEnvironment } from "./environment.ts"
import { examine, type Finding } from "./examine.ts"
import { jailHosts } from "./jail/hosts.ts"
import { programOf, unconfinedArguments } from "./launch.ts"
import { OverlayLayer } from "./layers/layer.ts"
import { realTmp } from "./mounts.ts"
import type { ExecOptions } from "./options.ts"
import { type Collector, collector } from "./output.ts"
import { reach, realpath } from "./paths.ts"
import { type Place, type Prepared, prepare, shell } from "./prepare.ts"
import { type Probe, probe, type Works } from "./probe.ts"
import { protect, sweep } from "./protect.ts"
import { stamper } from "./stamps.ts"
import { type PrivateFolder, privateFolder } from "./tmp.ts"

export interface ClosableExec extends ExecPort, Required<ProcessesPort> {
  /**
   * Runs a program whose streams are our own, and which has our environment without what a command may not know. Rejects
   * as `run` does.
   */
  attach(request: AttachRequest): Promise<Attached>
  /** What the confinement is made of, one line each: for a person who asks why. */
  examine(): Promise<readonly Finding[]>
  /** Removes what commands left in their `/tmp`. A folder that was never closed is removed by the next skein. */
  close(): void
}

export type AttachRequest = Pick<ExecRequest, "command" | "cwd" | "sandbox" | "roots" | "signal">

export interface Attached {
  readonly exitCode: number | null
  readonly signal: string | null
}

/** Longer than anything lives. */
const NEVER_MS = 2 ** 31 - 1
const ARTIFACT_BYTES_MAX = 256_000_000

/** Runs commands, in bubblewrap unless the person said otherwise. Makes nothing until the first command. */
export function exec(options: ExecOptions): ClosableExec {
  let probing: Promise<Probe> | undefined
  const folders = new Map<string, PrivateFolder>()
  /** Gone with their layer: what it leaves in /tmp is not to be found later either. */
  const layerFolders = new WeakMap<OverlayLayer, PrivateFolder>()
  const hosts = jailHosts()
  let count = 0

  async function confinement(sandbox: Sandbox): Promise<Confinement> {
    if (options.isAlwaysConfined?.() === true) return always()
    if (sandbox === "full-access") return { kind: "none", reason: "The sandbox is set to full-access." }
    if (options.consent === "no-sandbox") return { kind: "none", reason: "The person chose to run without a sandbox." }
    return always()
  }

  /**
   * Whatever anybody said. What a command in a layer writes elsewhere is in no layer, and an administrator may say that
   * nobody's consent lets one run without a sandbox.
   */
  async function always(): Promise<Confinement> {
    probing ??= probe(options.bwrapPath, options.machine)
    const found = await probing
    if (found.kind === "works") return { kind: "confined", by: found.by, weaker: found.weaker }
    return { kind: "unavailable", reason: found.reason, cure: found.cure }
  }

  /** What is confined all the same has to be confined to something. */
  function heldTo(sandbox: Sandbox): Sandbox {
    return sandbox === "full-access" && options.isAlwaysConfined?.() === true ? "workspace-write" : sandbox
  }

  async function run(asked: ExecRequest): Promise<ExecResult> {
    const request = { ...asked, sandbox: heldTo(asked.sandbox) }
    const given = request.layer === undefined ? await confinement(request.sandbox) : await always()
    if (given.kind === "unavailable") throw new SkeinError("sandbox.unavailable", `${given.reason} ${given.cure}`)
    if (request.signal.aborted) return { ...NEVER_STARTED }
    if (reach(() => statSync(request.cwd).isDirectory()) !== true) {
      throw new ToolFailure(`Cannot run a command in ${request.cwd}: there is no such folder`)
    }
    const startedAt = performance.now()
    const collected = collector({
      bytesMax: request.bytesMax,
      artifactBytesMax: options.artifactBytesMax ?? ARTIFACT_BYTES_MAX,
      artifacts: options.artifacts,
      sessionId: request.sessionId,
      onOutput: request.onOutput,
      onBytes: request.onBytes,
    })
    const found = await probing
    const isConfined = given.kind === "confined" && found?.kind === "works"
    const { end, notes } = isConfined ? await runInside(request, found, collected) : await runPlain(request, collected)
    if (end.said !== undefined) await collected.add(new TextEncoder().encode(end.said))
    const { output, bytes, artifact } = await collected.collect()
    return {
      exitCode: end.exitCode,
      signal: end.signal,
      isTimedOut: end.isTimedOut,
      output: withNotes(output, notes),
      bytes,
      ...(artifact === undefined ? {} : { artifact }),
      durationMs: Math.round(performance.now() - startedAt),
      isGroupLeftBehind: end.isGroupLeftBehind,
      confinement: given.kind === "confined" ? given.by : "none",
      ...(end.network === undefined ? {} : { network: end.network }),
    }
  }

  async function attach(asked: AttachRequest): Promise<Attached> {
    const request = { ...asked, sandbox: heldTo(asked.sandbox) }
    const given = await confinement(request.sandbox)
    if (given.kind === "unavailable") throw new SkeinError("sandbox.unavailable", `${given.reason} ${given.cure}`)
    const found = await probing
    if (given.kind === "confined" && found?.kind === "works") {
      const whole = { ...request, timeoutMs: NEVER_MS, bytesMax: 0 }
      const { end } = await runInside(whole, found, undefined)
      if (end.said !== undefined) writeSync(2, end.said)
      return end
    }
    const env = cleanEnvironment(options.env, { isConfined: false })
    const child = Bun.spawn([...programOf(request.command, shell())], {
      cwd: request.cwd,
      env,
      stdio: ["inherit", "inherit", "inherit"],
    })
    request.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true })
    await child.exited
    return { exitCode: child.exitCode, signal: child.signalCode === null ? null : String(child.signalCode) }
  }

  async function start(asked: ProcessRequest): Promise<RunningProcess> {
    const request = { ...asked, sandbox: heldTo(asked.sandbox) }
    const given = await confinement(request.sandbox)
    const confined = async () => {
      const found = await probing
      if (found?.kind !== "works") throw new Error("What is confined was found to work")
      const { command, ...watching } = await prepared(request, found)
      return {
        hosts,
        egress: options.egress,
        command,
        by: found.by,
        onGone: () => (request.isGuardedByCaller === true ? [] : sweep(watching)),
      }
    }
    const ground = { env: options.env, mark: `skein-process-${process.pid}-${++count}`, given, confined }
    const { startProcess } = await import("./lasting/start.ts")
    return startProcess(ground, request)
  }

  async function guard(roots: readonly string[]): Promise<() => readonly string[]> {
    if ((await confinement("workspace-write")).kind !== "confined") return () => []
    const watching = protect(
      roots.flatMap((root) => realpath(root) ?? []),
      options.env.HOME,
    )
    return () => sweep(watching)
  }

  async function prepared(request: Place, found: Works): Promise<Prepared> {
    const isInRoot = request.roots.some((root) => isWithin(request.cwd, root))
    const secret = (await options.secretFiles?.(isInRoot ? request.roots : [...request.roots, request.cwd])) ?? []
    const hidden = [...(options.hidden ?? []), ...secret]
    return prepare(request, { ...options, hidden }, found, folderOf, await stamper())
  }

  async function runInside(request: ExecRequest, found: Works, collector: Collector | undefined): Promise<Ran> {
    const { command, watched, trees } = await prepared(request, found)
    if (request.layer instanceof OverlayLayer) {
      // What was sent could not be taken back. What stays closed is left out when the layer is kept.
      const alone = { ...request, network: undefined, collector }
      return { end: await request.layer.use(() => runConfined(hosts, undefined, command, alone)), notes: [] }
    }
    const end = await runConfined(hosts, options.egress, command, { ...request, collector })
    return { end, notes: sweep({ watched, trees }) }
  }

  async function runPlain(request: ExecRequest, collected: Collector): Promise<Ran> {
    const mark = `skein-command-${process.pid}-${++count}`
    const env = { ...cleanEnvironment(options.env, { isConfined: false }), SKEIN_COMMAND: mark }
    const argv = unconfinedArguments(programOf(request.command, shell()), mark)
    const end = await runChild({ ...request, argv, env, mark, collector: collected })
    return { end, notes: [] }
  }

  function folderOf(roots: readonly string[], layer: OverlayLayer | undefined): PrivateFolder {
    const key = roots.join("\0")
    const known = layer === undefined ? folders.get(key) : layerFolders.get(layer)
    if (known !== undefined) return known
    const below = roots.filter((root) => isWithin(root, realTmp())).map((root) => relative(realTmp(), root))
    const made = privateFolder(layer?.facts.folder ?? options.tmp ?? "/tmp", below)
    if (layer === undefined) folders.set(key, made)
    else layerFolders.set(layer, made)
    return made
  }

  function close(): void {
    hosts.close()
    for (const folder of folders.values()) folder.remove()
  }

  return { confinement, run, start, guard, attach, examine: () => examine(options.bwrapPath, options.machine), close }
}

interface Ran {
  readonly end: ConfinedEnd
  /** Lines of ours, for behind the output. */
  readonly notes: readonly string[]
}

const NEVER_STARTED: ExecResult = {
  exitCode: null,
  signal: "SIGTERM",
  isTimedOut: false,
  output: "",
  bytes: 0,
  durationMs: 0,
  isGroupLeftBehind: false,
}

function withNotes(output: string, notes: readonly string[]): string {
  if (notes.length === 0) return output
  const isOpen = output !== "" && !output.endsWith("\n")
  return `${output}${isOpen ? "\n" : ""}${notes.map((note) => `[${note}]\n`).join("")}`
}
