import { accessSync, constants } from "node:fs"
import { type ExecRequest, type ResourceBounds, ToolFailure } from "@skein/core/ports"
import { isWithin, SkeinError } from "@skein/protocol"
import type { ConfinedCommand } from "./confined.ts"
import { cleanEnvironment } from "./environment.ts"
import { seccompFilter } from "./jail/filter.ts"
import { landlockRules } from "./jail/rules.ts"
import { CONFINEMENT, CONFINEMENT_OVER_OWNERS, OVER_OWNERS_BITS } from "./launch.ts"
import { OverlayLayer } from "./layers/layer.ts"
import { boundsOf } from "./limits.ts"
import { type Looks, looks, remembering } from "./looks.ts"
import { type MountPlan, type Mounts, mountsOf, pinsOf } from "./mounts.ts"
import { allBut, LANDLOCK_DEVICES } from "./open-paths.ts"
import type { ExecOptions } from "./options.ts"
import { reach, realpath } from "./paths.ts"
import type { Works } from "./probe.ts"
import { type Protection, protect } from "./protect.ts"
import { hiddenPaths } from "./secrets.ts"
import type { Stamper } from "./stamps.ts"
import type { PrivateFolder } from "./tmp.ts"

export type Prepared = Pick<Protection, "watched" | "trees"> & { readonly command: ConfinedCommand }

/** Where something is to run, and what it may use there. */
export type Place = Pick<ExecRequest, "cwd" | "roots" | "sandbox" | "network" | "layer" | "bounds">

/** Decides what one command may do, from what is there now: nothing of it comes from the command. */
export function prepare(
  request: Place,
  options: ExecOptions,
  found: Works,
  folderOf: (roots: readonly string[], layer: OverlayLayer | undefined) => PrivateFolder,
  stamp: Stamper,
): Prepared {
  const roots = outermost(request.roots.flatMap((root) => realpath(root) ?? []))
  const layer = layerOf(request, roots)
  const isWritable = request.sandbox === "workspace-write" || (layer !== undefined && request.sandbox !== "read-only")
  const protection = protect(isWritable ? roots : [], options.env.HOME)
  const facts: Facts = {
    roots,
    cwd: roots.includes(request.cwd) ? request.cwd : (realpath(request.cwd) ?? request.cwd),
    layer,
    isWritable,
    protection: layer === undefined ? protection : within(protection, roots),
    folder: folderOf(roots, layer),
    bounds: boundsOf({ ...options.bounds, ...request.bounds }),
    stamp,
  }
  const command =
    found.rung === "bubblewrap"
      ? inBubblewrap(request, options, found, facts)
      : inLandlock(request, options, found, facts)
  return { command, watched: facts.protection.watched, trees: facts.protection.trees }
}

interface Facts {
  readonly roots: readonly string[]
  readonly cwd: string
  readonly layer: OverlayLayer | undefined
  readonly isWritable: boolean
  readonly protection: Protection
  readonly folder: PrivateFolder
  readonly bounds: ResourceBounds
  readonly stamp: Stamper
}

function inBubblewrap(
  request: Place,
  options: ExecOptions,
  found: Extract<Works, { rung: "bubblewrap" }>,
  facts: Facts,
): ConfinedCommand {
  const { roots, cwd, isWritable, protection, bounds, layer } = facts
  const processesMax = bounds.processesMax ?? 0
  const { around, isForeign, mounts, identity } = surroundingsOf(options, found.bwrap, facts)
  const plan = {
    around,
    // Of bubblewrap's own making, with each host.
    scratch: "/dev/shm",
    isNamespaced: true,
    processesMax,
    capabilities: isForeign ? OVER_OWNERS_BITS : 0,
    filter: filterFor(true),
  }
  const writable = [...(isWritable ? [...roots, ...protection.writable] : []), mounts.tmp]
  return {
    place: placeOf(request, facts),
    identity: `${processesMax}\0${identity}`,
    // The next command must see what was put into the layer meanwhile.
    isAlone: layer !== undefined,
    plan,
    pins: isWritable ? pinsOf(protection, mounts.places) : [],
    landlock:
      found.landlockAbi === 0
        ? undefined
        : landlockRules({ abi: found.landlockAbi, writable, devices: ["/dev"], hasNetwork: true }),
    cwd,
    environment: environmentFor(options.env, "/tmp"),
    shell: shell(),
    bounds,
  }
}

/** What a host is started in, and what tells whether that is still what is there. */
interface Surroundings {
  readonly around: readonly string[]
  readonly isForeign: boolean
  readonly mounts: Mounts
  readonly identity: string
}

const remembered = remembering<Surroundings>()

/** What was seen at the last command is not asked for again, as long as no folder that it was seen in has changed. */
function surroundingsOf(options: ExecOptions, bwrap: string, facts: Facts): Surroundings {
  const { roots, cwd, layer, isWritable, folder } = facts
  const plan = {
    bwrap,
    roots,
    cwd,
    sandbox: isWritable ? "workspace-write" : "read-only",
    home: options.env.HOME,
    extra: options.hidden ?? [],
    ...{ tmp: folder.tmp, ways: folder.ways, emptyFile: folder.emptyFile },
    writable: facts.protection.writable.filter((path) => !roots.some((root) => isWithin(path, root))),
    isRoot: process.getuid?.() === 0,
  } as const
  if (layer === undefined) return remembered(JSON.stringify(plan), facts.stamp, (looks) => surround(plan, looks))
  const { around, ...made } = surround(plan, looks, ownIds())
  const entered = layer.entered(around)
  return { ...made, around: entered, identity: JSON.stringify([entered, made.mounts.identity]) }
}

interface Surrounded extends Omit<MountPlan, "hidden"> {
  readonly bwrap: string
  readonly home: string | undefined
  readonly extra: readonly string[]
}

function surround(plan: Surrounded, looks: Looks, ids: readonly string[] = []): Surroundings {
  const mounts = mountsOf({ ...plan, hidden: hiddenPaths(plan.home, plan.extra, looks) }, looks)
  const isForeign = plan.isRoot && plan.roots.some((root) => looks.lstat(root)?.uid !== 0)
  const confinement = isForeign ? CONFINEMENT_OVER_OWNERS : CONFINEMENT
  const around = [plan.bwrap, ...confinement, ...ids, ...mounts.arguments, "--chdir", "/", "--"]
  return { around, isForeign, mounts, identity: JSON.stringify([around, mounts.identity]) }
}

/** Without namespaces: what is not granted by its path cannot be opened, and that is all. */
function inLandlock(
  request: Place,
  options: ExecOptions,
  found: Extract<Works, { rung: "landlock" }>,
  facts: Facts,
): ConfinedCommand {
  if (request.layer !== undefined) throw new SkeinError("sandbox.unavailable", NO_LAYERS)
  const { roots, cwd, isWritable, protection, folder, bounds } = facts
  const hidden = hiddenPaths(options.env.HOME, options.hidden ?? [], looks).flatMap((path) => realpath(path) ?? [])
  const closed = [...protection.readOnly, ...hidden]
  const tmp = folder.tmp
  const plan = {
    around: [],
    scratch: folder.scratch,
    isNamespaced: false,
    processesMax: 0,
    capabilities: 0,
    filter: filterFor(false),
  }
  const writable = [...(isWritable ? roots.flatMap((root) => allBut(root, closed)) : []), tmp]
  const readable = allBut("/", [...UNREADABLE, ...hidden])
  return {
    place: placeOf(request, facts),
    identity: "landlock",
    isAlone: false,
    plan,
    pins: [],
    landlock: landlockRules({
      abi: found.landlockAbi,
      writable,
      devices: LANDLOCK_DEVICES,
      readable,
      hasNetwork: false,
    }),
    cwd,
    environment: environmentFor(options.env, tmp),
    shell: shell(),
    bounds,
  }
}

/** Other processes, and the machine's sockets. */
const UNREADABLE = ["/proc", "/run", "/var/run"] as const

const NO_LAYERS =
  "Changes cannot be kept apart in a layer without bubblewrap. Install it, or run the command without a dry run."

/** The layer over all of these folders: a folder beside it would be written in truth. */
function layerOf({ layer }: Place, roots: readonly string[]): OverlayLayer | undefined {
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

/** Commands that may reach the network are not beside such as may not: they would share a loopback address. */
function placeOf(request: Place, { roots, cwd }: Facts): string {
  const kind = [request.sandbox, request.network === undefined ? "" : "network", request.layer?.id ?? ""]
  // A folder inside the roots makes no difference to what is mounted.
  const elsewhere = roots.some((root) => isWithin(cwd, root)) ? "" : cwd
  return [...kind, elsewhere, ...roots].join("\0")
}

const environments = new WeakMap<ExecOptions["env"], Map<string, Readonly<Record<string, string>>>>()

/** Judging every variable by name and value takes longer than all the rest of this file. */
function environmentFor(env: ExecOptions["env"], tmp: string): Readonly<Record<string, string>> {
  const known = environments.get(env) ?? new Map<string, Readonly<Record<string, string>>>()
  environments.set(env, known)
  const made = known.get(tmp) ?? cleanEnvironment(env, { isConfined: true, tmp })
  known.set(tmp, made)
  return made
}

const filters = new Map<boolean, Uint32Array>()

function filterFor(isNamespaced: boolean): Uint32Array {
  const made =
    filters.get(isNamespaced) ?? seccompFilter({ arch: process.arch === "arm64" ? "arm64" : "x64", isNamespaced })
  filters.set(isNamespaced, made)
  return made
}

/** Models write bash. Where there is none, the plain shell is better than nothing. */
export function shell(): string {
  return reach(() => accessSync("/bin/bash", constants.X_OK) ?? true) === true ? "/bin/bash" : "/bin/sh"
}

function outermost(roots: readonly string[]): readonly string[] {
  return roots.filter(
    (root, at) => !roots.some((other, otherAt) => isWithin(root, other) && (root !== other || otherAt < at)),
  )
}
