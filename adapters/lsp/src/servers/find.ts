import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { isWithin } from "@skein/protocol"
import type { ServerRow } from "./row.ts"

/** Where a program is looked for. */
export interface Search {
  readonly path: string | undefined
  /** The session's folder. */
  readonly workspace: string
  /** From here up to the workspace programs of the project are looked for. */
  readonly root: string
  /** Whether they may be taken at all. */
  readonly isTrusted: boolean
}

/** A program as it can be started; undefined when it is not there, or may not be taken. */
export function programAt(name: string, search: Search): string | undefined {
  if (isAbsolute(name)) return isRunnable(name, search) ? name : undefined
  if (name.includes("/")) return undefined
  return foldersOf(search)
    .map((folder) => join(folder, name))
    .find((path) => isRunnable(path, search))
}

/** The folder that a server serves, for a file of it. */
export function rootOf(path: string, workspace: string, { rootMarkers }: Pick<ServerRow, "rootMarkers">): string {
  const outermostFirst = foldersBetween(dirname(path), workspace).toReversed()
  return outermostFirst.find((folder) => rootMarkers.some((marker) => existsSync(join(folder, marker)))) ?? workspace
}

/** Whether it would run code of the project's own: servers look for it in every folder above, where a session begins does not stop them. */
export function runsOfProject({ runsOfProject }: Pick<ServerRow, "runsOfProject">, root: string): boolean {
  if (runsOfProject === undefined) return false
  if (runsOfProject === "always") return true
  return foldersBetween(root, "/").some((folder) => runsOfProject.some((name) => existsSync(join(folder, name))))
}

/** From the inner to the outer, both included. */
function foldersBetween(inner: string, outer: string): readonly string[] {
  const folders: string[] = []
  for (let at = inner; isWithin(at, outer); at = dirname(at)) {
    folders.push(at)
    if (at === outer || at === dirname(at)) break
  }
  return folders
}

/** What the project brings is what its own commands use, so it goes first. */
function foldersOf({ path, workspace, root, isTrusted }: Search): readonly string[] {
  const own = foldersBetween(root, workspace).flatMap((folder) => OWN.map((name) => join(folder, name)))
  const machine = (path ?? "").split(":").filter(isAbsolute)
  return isTrusted ? [...own, ...machine] : machine
}

const OWN = ["node_modules/.bin", ".venv/bin", "venv/bin", "vendor/bin"] as const

/** A link on the PATH that leads into the project is the project's. */
function isRunnable(path: string, { workspace, isTrusted }: Search): boolean {
  try {
    if (!statSync(path).isFile()) return false
    accessSync(path, constants.X_OK)
    return isTrusted || !(isWithin(path, workspace) || isWithin(realpathSync(path), workspace))
  } catch (error) {
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}
