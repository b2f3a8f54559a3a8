import { accessSync, constants, statSync } from "node:fs"
import { relative } from "node:path"
import type { ArtifactsPort, Confinement, EgressPort, ExecPort, ExecRequest, ExecResult } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { isWithin, type Sandbox, SkeinError } from "@skein/protocol"
import { type ChildEnd, runChild } from "./child.ts"
import { cleanEnvironment } from "./environment.ts"
import { CONFINEMENT, CONFINEMENT_OVER_OWNERS, confinedArguments, programOf, unconfinedArguments } from "./launch.ts"
import { OverlayLayer } from "./layers/layer.ts"
import { mountArguments, realTmp } from "./mounts.ts"
import { type Collector, collector } from "./output.ts"
import { lstat, reach, realpath } from "./paths.ts"
import { type Probe, probe } from "./probe.ts"
import { type Protection, protect, sweep } from "./protect.ts"
import { hiddenPaths } from "./secrets.ts"
import { type PrivateFolder, privateFolder } from "./tmp.ts"

export interface ExecOptions {
  readonly artifacts: ArtifactsPort
  /** The person's environment; commands get a cleaned copy. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The person said that commands may run without a sandbox. */
  readonly consent?: "no-sandbox" | undefined
  /** Files and folders no command may see, besides the known secret stores: skein's own data and settings. Absolute. */
  readonly hidden?: readonly string[] | undefined
  /** The way out for commands that may use the network. */
  readonly egress?: EgressPort | undefined
  /** Files of secrets in folders that a command may see. Asked before each; absolute. */
  readonly secretFiles?: ((roots: readonly string[]) => Promise<readonly string[]>) | undefined
  /** Where bubblewrap is; looked for in the system's folders otherwise. */
  readonly bwrapPath?: string | undefined
  /** Where the private folder is made. */
  readonly tmp?: string | undefined
  /** The most that is kept of one output on disk. */
  readonly artifactBytesMax?: number | undefined
}

export interface ClosableExec extends ExecPort {
  /** Removes what commands left in their `/tmp`. A folder that was never closed is removed by the next skein. */
  close(): void
}

const ARTIFACT_BYTES_MAX = 256_000_000

/** Runs commands, in bubblewrap unless the person said otherwise. Makes nothing until the first command. */
export function exec(options: ExecOptions): ClosableExec {
  let probing: Promise<Probe> | undefined
  const folders = new Map<string, PrivateFolder>()
  /** Gone with their layer: what it leaves in /tmp is not to be found later either. */
  const layerFolders = new WeakMap<OverlayLayer, PrivateFolder>()
  let count = 0

  async function confinement(sandbox: Sandbox): Promise<Confinement> {
    if (sandbox === "full-access") return { kind: "none", reason: "The sandbox is set to full-access." }
    if (options.consent === "no-sandbox") return { kind: "none", reason: "The person chose to run without a sandbox." }
    probing ??= probe(options.bwrapPath)
    const found = await probing
    if (found.kind === "works") return { kind: "confined", by: "bubblewrap" }
    return { kind: "unavailable", reason: found.reason, cure: found.cure }
  }

  /** What a command writes elsewhere is in no layer: nobody's consent lets it run there without a sandbox. */
  async function inLayer(): Promise<Confinement> {
    probing ??= probe(options.bwrapPath)
    const found = await probing
    if (found.kind === "works") return { kind: "confined", by: "bubblewrap" }
    return { kind: "unavailable", reason: found.reason, cure: found.cure }
  }

  async function run(request: ExecRequest): Promise<ExecResult> {
    const given = request.layer === undefined ? await confinement(request.sandbox) : await inLayer()
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
    })
    const found = await probing
    const isConfined = given.kind === "confined" && found?.kind === "works"
    const { end, notes } = isConfined
      ? await runConfined(request, found.bwrap, collected)
      : await runPlain(request, collected)
    const { output, bytes, artifact } = await collected.collect()
    if (isConfined && !end.report.includes("S") && end.signal === null) {
      throw new SkeinError(
        "sandbox.unavailable",
        `bubblewrap could not set up the sandbox for ${request.cwd}: ${output.trim()}`,
      )
    }
    return {
      exitCode: end.exitCode,
      signal: end.signal,
      isTimedOut: end.isTimedOut,
      output: withNotes(output, notes),
      bytes,
      ...(artifact === undefined ? {} : { artifact }),
      durationMs: Math.round(performance.now() - startedAt),
      isGroupLeftBehind: end.isGroupLeftBehind,
    }
  }

  async function runConfined(request: ExecRequest, bwrap: string, collected: Collector): Promise<Ran> {
    const roots = outermost(request.roots.flatMap((root) => realpath(root) ?? []))
    const layer = layerOf(request, roots)
    const folder = layer === undefined ? folderOf(roots) : folderIn(layer, roots)
    const cwd = realpath(request.cwd) ?? request.cwd
    const sandbox = request.sandbox === "read-only" ? "read-only" : "workspace-write"
    const all = protect(sandbox === "workspace-write" ? roots : [], options.env.HOME)
    const protection = layer === undefined ? all : within(all, roots)
    const secret = (await options.secretFiles?.([...roots, cwd])) ?? []
    const hidden = [...hiddenPaths(options.env.HOME, options.hidden ?? []), ...secret]
    const isRoot = process.getuid?.() === 0
    const mounts = mountArguments({ ...folder, sandbox, roots, cwd, hidden, protection, isRoot })
    const isForeign = isRoot && roots.some((root) => lstat(root)?.uid !== 0)
    const confinement = [
      ...(isForeign ? CONFINEMENT_OVER_OWNERS : CONFINEMENT),
      ...(layer === undefined ? [] : ownIds()),
    ]
    const program = programOf(request.command, shell())
    const env = cleanEnvironment(options.env, { isConfined: true, tmp: "/tmp" })
    const argv = confinedArguments({ bwrap, confinement, mounts, cwd, program })
    const child = { ...request, cwd: "/", env, isConfined: true, mark: "", collector: collected }
    if (layer !== undefined) {
      const entered = layer.entered(argv)
      return { end: await layer.use(() => runChild({ ...child, argv: entered })), notes: [] }
    }
    return { end: await runChild({ ...child, argv }), notes: sweep(protection.watched) }
  }

  async function runPlain(request: ExecRequest, collected: Collector): Promise<Ran> {
    const mark = `skein-command-${process.pid}-${++count}`
    const env = { ...cleanEnvironment(options.env, { isConfined: false }), SKEIN_COMMAND: mark }
    const argv = unconfinedArguments(programOf(request.command, shell()), mark)
    const end = await runChild({ ...request, argv, env, isConfined: false, mark, collector: collected })
    return { end, notes: [] }
  }

  function folderOf(roots: readonly string[]): PrivateFolder {
    const key = roots.join("\0")
    const known = folders.get(key)
    if (known !== undefined) return known
    const below = roots.filter((root) => isWithin(root, realTmp())).map((root) => relative(realTmp(), root))
    const made = privateFolder(options.tmp ?? "/tmp", below)
    folders.set(key, made)
    return made
  }

  function folderIn(layer: OverlayLayer, roots: readonly string[]): PrivateFolder {
    const known = layerFolders.get(layer)
    if (known !== undefined) return known
    const below = roots.filter((root) => isWithin(root, realTmp())).map((root) => relative(realTmp(), root))
    const made = privateFolder(layer.facts.folder, below)
    layerFolders.set(layer, made)
    return made
  }

  function close(): void {
    for (const folder of folders.values()) folder.remove()
  }

  return { confinement, run, close }
}

/** The layer over all of these folders: a folder beside it would be written in truth. */
function layerOf({ layer }: ExecRequest, roots: readonly string[]): OverlayLayer | undefined {
  if (layer === undefined) return undefined
  if (!(layer instanceof OverlayLayer)) throw new Error(`The layer ${layer.id} is not one of this sandbox`)
  const beside = roots.find((root) => !layer.roots.some((own) => isWithin(root, own)))
  if (beside === undefined) return layer
  throw new ToolFailure(`The command did not run: its changes in ${beside} could not be taken back.`)
}

/** Git's folder of a linked working tree lies elsewhere; in a layer it is not to be written. */
function within(protection: Protection, roots: readonly string[]): Protection {
  const isIn = (path: string) => roots.some((root) => isWithin(path, root))
  return {
    ...protection,
    writable: protection.writable.filter(isIn),
    readOnly: protection.readOnly.filter(isIn),
  }
}

/** Whoever mounts a layer is root in there, of nothing but their own; a command is who it always is. */
function ownIds(): readonly string[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  return uid === 0 ? [] : ["--uid", String(uid), "--gid", String(gid)]
}

interface Ran {
  readonly end: ChildEnd
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

/** Models write bash. Where there is none, the plain shell is better than nothing. */
function shell(): string {
  return reach(() => accessSync("/bin/bash", constants.X_OK) ?? true) === true ? "/bin/bash" : "/bin/sh"
}

function outermost(roots: readonly string[]): readonly string[] {
  return roots.filter(
    (root, at) => !roots.some((other, otherAt) => isWithin(root, other) && (root !== other || otherAt < at)),
  )
}

function withNotes(output: string, notes: readonly string[]): string {
  if (notes.length === 0) return output
  const isOpen = output !== "" && !output.endsWith("\n")
  return `${output}${isOpen ? "\n" : ""}${notes.map((note) => `[${note}]\n`).join("")}`
}
