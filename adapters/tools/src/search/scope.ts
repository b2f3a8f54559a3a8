import { basename, dirname, relative } from "node:path"
import { type PlanContext, ToolFailure, vendoredIn } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import type { Planned, ToolWorld } from "../define.ts"
import { placeOf, reads } from "../files/place.ts"
import { tmpNote } from "../files/private-tmp.ts"
import { storesOf } from "../files/secrets.ts"

/** Where a search happens, links resolved. */
export interface Scope {
  /** The folder to search in, or the folder of the one file to search. Absolute, resolved. */
  readonly folder: string
  /** Set when the model named a file. */
  readonly file: string | undefined
  /** What stands before a found path so that it reads as from the session's folder: `` or `src/` or `/etc/`. */
  readonly prefix: string
  readonly isInside: boolean
  /** See `Place`. */
  readonly isVendored: boolean
  /** Places below the folder that hold keys, from the folder. */
  readonly secrets: readonly string[]
  /** Files below the folder whose content is not searched, from the folder. Their names are no secret. */
  readonly unread: readonly string[]
}

/** Resolves what a search would read. Throws ToolFailure when nothing is there, or nothing a tool may read. */
export async function planSearch(path: string, world: ToolWorld, context: PlanContext): Promise<Planned<Scope>> {
  const resolved = await resolveExisting(path, world, context)
  const folder = resolved.isFolder ? resolved.path : dirname(resolved.path)
  const isRooted = context.roots.some((root) => isWithin(folder, root))
  const unread = (await world.secretFiles?.below(isRooted ? context.roots : [folder])) ?? []
  const prepared: Scope = {
    folder,
    file: resolved.isFolder ? undefined : basename(resolved.path),
    prefix: prefixOf(folder, context.cwd),
    isInside: resolved.isInside,
    isVendored: resolved.isVendored,
    secrets: [...NEVER_BELOW_ROOT, ...(await storesOf(world))]
      .filter((secret) => isWithin(secret, folder))
      .map((secret) => relative(folder, secret)),
    unread: unread.filter((path) => isWithin(path, folder)).map((path) => relative(folder, path)),
  }
  return { ...reads(resolved), prepared }
}

export interface ListedFolder {
  readonly path: string
  readonly isInside: boolean
  readonly isVendored: boolean
}

/** For tools that list one folder: a file there is a failure. */
export async function planFolder(path: string, world: ToolWorld, context: PlanContext): Promise<Planned<ListedFolder>> {
  const resolved = await resolveExisting(path, world, context)
  if (!resolved.isFolder) throw new ToolFailure(`Cannot list ${path}: it is a file. Use read for its content.`)
  const { path: real, isInside, isVendored } = resolved
  return { ...reads(resolved), prepared: { path: real, isInside, isVendored } }
}

async function resolveExisting(path: string, world: ToolWorld, context: PlanContext) {
  const place = await placeOf(path, world, context)
  if (NEVER_BELOW_ROOT.some((never) => isWithin(place.path, never))) {
    throw new ToolFailure(`Cannot search ${path}: it holds devices and processes, not files.`)
  }
  const found = await world.files.stat(place.path)
  if (found === undefined)
    throw new ToolFailure(`Cannot search ${path}: nothing is there.${await tmpNote(place, world, context)}`)
  if (found.kind !== "file" && found.kind !== "directory") {
    throw new ToolFailure(`Cannot search ${path}: it is neither a file nor a folder.`)
  }
  const isFolder = found.kind === "directory"
  if (isFolder && place.isKept) {
    throw new ToolFailure(`Cannot search ${path}: only files in it can be read, by the path that was told.`)
  }
  return { ...place, isFolder }
}

/** Endless files, devices, and other processes' environments. */
const NEVER_BELOW_ROOT = ["/proc", "/sys", "/dev", "/run/secrets"]

/** Stores of keys and passwords, wherever they lie: a search that starts above them goes around them. */
export const NEVER_SEARCHED = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".netrc",
  ".git-credentials",
  ".pypirc",
  ".pgpass",
  ".password-store",
  ".vault-token",
  ".mozilla",
  ".kube/config",
  ".docker/config.json",
  ".config/gcloud",
  ".config/gh",
  ".config/op",
  // Without braces: as plain names they cost next to nothing in each path that is looked at.
  ".config/google-chrome",
  ".config/chromium",
  ".config/BraveSoftware",
  ".config/microsoft-edge",
  ".local/share/keyrings",
  ".local/share/kwalletd",
] as const

/** Where what was found came from, and whether it may be followed without asking. */
export function provenanceOf(scope: Scope, paths: Iterable<string>): { source: string; isTrusted: boolean } {
  const isOwn =
    scope.isInside && !scope.isVendored && !Iterator.from(paths).some((path) => vendoredIn(path) !== undefined)
  return { source: isOwn ? "workspace" : scope.folder, isTrusted: isOwn }
}

/** As the model would write it: relative while that is no detour, absolute otherwise. */
function prefixOf(folder: string, cwd: string): string {
  const from = relative(cwd, folder)
  if (from === "") return ""
  return from.startsWith("..") ? `${folder}/`.replace("//", "/") : `${from}/`
}
