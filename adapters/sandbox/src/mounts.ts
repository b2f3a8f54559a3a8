import type { Stats } from "node:fs"
import { join } from "node:path"
import type { Sandbox } from "@skein/protocol"
import { isWithin } from "@skein/protocol"
import type { Pin } from "./jail/request.ts"
import type { Looks } from "./looks.ts"
import { realpath } from "./paths.ts"
import type { Protection } from "./protect.ts"
import { resolver } from "./resolver.ts"

export interface MountPlan {
  readonly sandbox: Sandbox
  /** Resolved. */
  readonly roots: readonly string[]
  readonly cwd: string
  /** Paths nobody may see. */
  readonly hidden: readonly string[]
  /** Host folder that stands in for `/tmp`, and an empty file that stands in for a hidden one. */
  readonly tmp: string
  readonly ways: readonly string[]
  readonly emptyFile: string
  /** Writable too, wherever they lie. */
  readonly writable: readonly string[]
  readonly isRoot: boolean
}

export interface Mounts {
  /** Made once, when a host starts: bubblewrap's arguments. */
  readonly arguments: readonly string[]
  /** Whether what they were made from is still what is there: paths with what tells one file from the next of its name. */
  readonly identity: string
  /** `/tmp` without links. */
  readonly tmp: string
  /** Folders and files that stand for nothing, the others for themselves. */
  readonly places: ReadonlyMap<string, { readonly isMask?: boolean }>
}

/** Where the world's sockets are: agents, containers, displays, message buses. A read-only mount does not stop a connect. */
const SOCKET_FOLDERS = ["/run", "/var/run"] as const
/** Writable to root even without any capability: kernel settings, and a file that reboots the machine. */
const KERNEL_SETTINGS = ["/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus"].flatMap((path) => [
  "--ro-bind-try",
  path,
  path,
])
/** Where whole operating systems keep their programs, below such a folder. */
const PROGRAMS_IN_RUN = ["/run/current-system", "/run/opengl-driver"] as const

/** Made anew for every command; a workspace in there, or a view of the machine's own, would undo that. */
const OWN_KERNEL_FOLDERS = ["/proc", "/dev"] as const

/**
 * The file system of a command: all of it read-only, and then, from the outside in, whatever is said more precisely. The
 * most precise path wins, whatever the order it was said in. What is closed inside the roots is not bubblewrap's work: a
 * file that somebody replaces loses its mounts in every namespace, so each command gets these anew.
 */
export function mountsOf(plan: MountPlan, looks: Looks): Mounts {
  const mounts = new Map<string, Mount>([["/", { how: ["--ro-bind", "/"] }]])
  maskSockets(mounts, looks)
  const tmp = realTmp(looks)
  mounts.set(tmp, { how: ["--bind", plan.tmp] })
  for (const way of plan.ways) mounts.set(join(tmp, way), { how: ["--bind", join(plan.tmp, way)] })
  if (!isWithinAny(plan.cwd, plan.roots) && plan.cwd !== "/") mounts.set(plan.cwd, { how: ["--ro-bind", plan.cwd] })
  maskHidden(mounts, plan, looks)
  const isWritable = plan.sandbox === "workspace-write"
  for (const root of plan.roots) mounts.set(root, { how: [isWritable ? "--bind" : "--ro-bind", root] })
  if (isWritable) {
    // That of a linked working tree lies outside of the roots.
    for (const path of plan.writable) {
      if (!isWithinAny(path, plan.roots)) mounts.set(path, { how: ["--bind", path] })
    }
  }
  const ordered = [...mounts]
    .filter(([path]) => !isWithinAny(path, OWN_KERNEL_FOLDERS) && !isUnderMask(path, plan))
    .toSorted(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
  const [outermost = [], ...inner] = ordered.map(([path, { how }]) => [...how, path])
  const sealed = ordered.flatMap(([path, { how }]) => (how.includes("--tmpfs") ? ["--remount-ro", path] : []))
  // Devices are mounts of their own; what else lay there would wait for the next command.
  const kernel = [
    "--dev",
    "/dev",
    "--tmpfs",
    "/dev/shm",
    "--remount-ro",
    "/dev",
    "--proc",
    "/proc",
    ...(plan.isRoot ? KERNEL_SETTINGS : []),
  ]
  return {
    arguments: [...outermost, ...kernel, ...inner.flat(), ...sealed],
    identity: ordered.map(([path, { stats }]) => `${path}=${fileIdentity(stats ?? looks.lstat(path))}`).join("\0"),
    tmp,
    places: mounts,
  }
}

/** Made anew for every command: folders that must stay where they are, then what in them must stay as it is. */
export function pinsOf({ writable, readOnly }: Protection, places: Mounts["places"]): readonly Pin[] {
  const isReadOnly = new Map([
    ...writable.map((path) => [path, false] as const),
    ...readOnly.map((path) => [path, true] as const),
  ])
  return [...isReadOnly]
    .toSorted(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .filter(([path]) => !isWithinAny(path, OWN_KERNEL_FOLDERS) && !isMasked(path, places))
    .map(([path, closed]) => ({ path, isReadOnly: closed }))
}

/** Where something is hidden, a read-only view would show it again. */
function isMasked(path: string, places: Mounts["places"]): boolean {
  const around = [...places].filter(([place]) => isWithin(path, place))
  const [nearest] = around.toSorted(([a], [b]) => depth(b) - depth(a))
  return nearest?.[1].isMask === true
}

/** A number alone may be another file's tomorrow; the birth tells them apart. */
function fileIdentity(found: Stats | undefined): string {
  return found === undefined ? "" : `${found.dev}:${found.ino}:${found.birthtimeMs}`
}

/** `/tmp` without links. */
export function realTmp(looks: Pick<Looks, "realpath"> = { realpath }): string {
  return looks.realpath("/tmp") ?? "/tmp"
}

interface Mount {
  /** bubblewrap's option and its source, without the destination. */
  readonly how: readonly string[]
  readonly isMask?: boolean
  /** What is there, where that was looked at already. */
  readonly stats?: Stats
}

function maskSockets(mounts: Map<string, Mount>, { lstat }: Looks): void {
  for (const folder of SOCKET_FOLDERS) {
    if (lstat(folder)?.isDirectory() === true) mounts.set(folder, { how: ["--tmpfs"], isMask: true })
  }
  for (const path of PROGRAMS_IN_RUN) {
    if (lstat(path) !== undefined) mounts.set(path, { how: ["--ro-bind", path] })
  }
}

function maskHidden(mounts: Map<string, Mount>, { hidden, emptyFile, isRoot }: MountPlan, looks: Looks): void {
  const resolve = resolver(looks)
  for (const path of hidden) {
    const found = resolve(path)
    // What this user cannot read, a command of theirs cannot either.
    if (found === undefined || found.real === "/" || !(isRoot || looks.isReadable(found.real))) continue
    const { real, stats } = found
    const how = stats.isDirectory() ? ["--perms", "0500", "--tmpfs"] : ["--ro-bind", emptyFile]
    mounts.set(real, { how, isMask: true, stats })
  }
}

function depth(path: string): number {
  return path === "/" ? 0 : path.split("/").length
}

function isWithinAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(path, folder))
}

/** A hidden path inside a folder that is masked anyway has nothing to be mounted on. */
function isUnderMask(path: string, plan: MountPlan): boolean {
  const masks = ["/tmp", ...SOCKET_FOLDERS]
  const isVisible = [...plan.roots, plan.cwd].some((folder) => isWithin(path, folder) || isWithin(folder, path))
  return (
    !isVisible &&
    masks.some((mask) => path !== mask && isWithin(path, mask)) &&
    !PROGRAMS_IN_RUN.some((kept) => kept === path)
  )
}
