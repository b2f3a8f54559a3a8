import { accessSync, constants } from "node:fs"
import type { Sandbox } from "@skein/protocol"
import { isWithin, lstat, reach, realpath } from "./paths.ts"
import type { Protection } from "./protect.ts"

export interface MountPlan {
  readonly sandbox: Sandbox
  /** Resolved. */
  readonly roots: readonly string[]
  readonly cwd: string
  /** Paths nobody may see. */
  readonly hidden: readonly string[]
  /** Host folder that stands in for `/tmp`, and an empty file that stands in for a hidden one. */
  readonly tmp: string
  readonly emptyFile: string
  readonly protection: Protection
  readonly isRoot: boolean
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

/**
 * The file system of a command, as bubblewrap's arguments: all of it read-only, and then, from the outside in, whatever
 * is said more precisely. The most precise path wins, whatever the order it was said in.
 */
export function mountArguments(plan: MountPlan): readonly string[] {
  const mounts = new Map<string, readonly string[]>()
  const put = (path: string, ...how: readonly string[]) => mounts.set(path, [...how, path])
  const sealed = new Set<string>()
  for (const folder of SOCKET_FOLDERS) {
    if (lstat(folder)?.isDirectory() !== true) continue
    put(folder, "--tmpfs")
    sealed.add(folder)
  }
  for (const path of PROGRAMS_IN_RUN) put(path, "--ro-bind-try", path)
  put("/tmp", "--bind", plan.tmp)
  put(plan.cwd, "--ro-bind", plan.cwd)
  for (const path of plan.hidden) {
    const real = realpath(path)
    const found = real === undefined ? undefined : lstat(real)
    if (real === undefined || found === undefined || real === "/" || !isReadable(real)) continue
    if (found.isDirectory()) {
      put(real, "--perms", "0500", "--tmpfs")
      sealed.add(real)
    } else put(real, "--ro-bind", plan.emptyFile)
  }
  const isWritable = plan.sandbox === "workspace-write"
  for (const root of plan.roots) put(root, isWritable ? "--bind" : "--ro-bind", root)
  if (isWithinAny(plan.cwd, plan.roots) && !plan.roots.includes(plan.cwd)) mounts.delete(plan.cwd)
  if (isWritable) {
    for (const path of plan.protection.writable) put(path, "--bind", path)
    for (const path of plan.protection.readOnly) if (!isMasked(path, mounts)) put(path, "--ro-bind", path)
  }
  const ordered = [...mounts].toSorted(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
  const visible = ordered.filter(([path]) => !isUnderMask(path, plan))
  return [
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    ...(plan.isRoot ? KERNEL_SETTINGS : []),
    ...visible.flatMap(([, how]) => how),
    ...visible.flatMap(([path]) => (sealed.has(path) ? ["--remount-ro", path] : [])),
  ]
}

function depth(path: string): number {
  return path === "/" ? 0 : path.split("/").length
}

/** What this user cannot read, a command of theirs cannot either. */
function isReadable(path: string): boolean {
  return reach(() => accessSync(path, constants.R_OK) ?? true) === true
}

function isWithinAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isWithin(path, folder))
}

/** Something is hidden there already; a read-only view of it would show it again. */
function isMasked(path: string, mounts: ReadonlyMap<string, readonly string[]>): boolean {
  const how = mounts.get(path)
  return how !== undefined && (how.includes("--tmpfs") || how[0] === "--ro-bind")
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
