import { isAbsolute, join, relative } from "node:path"
import { type Effect, type PlanContext, ToolFailure, vendoredIn } from "@skein/core/ports"
import type { PlannedAction } from "@skein/protocol"
import { isWithin } from "@skein/protocol"
import type { Planned, ToolWorld } from "../define.ts"
import { runsLater } from "./runs-later.ts"
import { isKept, refuseSecrets } from "./secrets.ts"

/** Where a path given by the model really leads. */
export interface Place {
  /** Absolute, links resolved. */
  readonly path: string
  /** For texts: relative to the session's folder when below it. */
  readonly shown: string
  /** Within the session's roots, compared by whole components. */
  readonly isInside: boolean
  /** In a folder of the workspace that holds what others wrote: its dependencies, a vendored tree. */
  readonly isVendored: boolean
  /** Kept by skein for the model: read as if it were inside, written like any other place outside. */
  readonly isKept: boolean
  /** What would run its content later without asking, when something would. */
  readonly runsLater?: string | undefined
}

/** Resolves a path. Throws ToolFailure for what no file tool opens in any mode. */
export async function placeOf(path: string, world: ToolWorld, context: PlanContext): Promise<Place> {
  if (path.trim() === "") throw new ToolFailure("The path is empty.")
  if (path.includes("\0")) throw new ToolFailure("A path cannot hold a NUL character.")
  if (/^~[\w.-]*(\/|$)/.test(path)) {
    throw new ToolFailure(`"~" is not expanded in ${path}: write the absolute path, or one relative to ${context.cwd}.`)
  }
  const named = isAbsolute(path) ? path : join(context.cwd, path)
  const real = await world.files.resolve(named)
  const kept = await isKept(real, world)
  await refuseSecrets(join(named), real, kept, world)
  const root = await rootOf(real, world, context)
  const below = isWithin(real, context.cwd)
  return {
    path: real,
    shown: below && real !== context.cwd ? relative(context.cwd, real) : real,
    isInside: root !== undefined,
    isVendored: root !== undefined && vendoredIn(relative(root, real)) !== undefined,
    isKept: kept,
    runsLater: runsLater(root === undefined ? real : relative(root, real)),
  }
}

/** The effects and actions of reading a place. */
export function reads({ path, isInside, isKept }: Place): Pick<Planned<unknown>, "effects" | "actions"> {
  return {
    effects: [{ kind: "read", paths: [path], isInside: isInside || isKept }],
    actions: [{ verb: "read", target: path }],
  }
}

/** The effects of writing a file. One that something runs later says so, so that it is asked about in nearly every mode. */
export function writeEffects({ path, isInside, runsLater }: Place): readonly Effect[] {
  return [{ kind: "write", paths: [path], isInside, ...(runsLater === undefined ? {} : { runsLater }) }]
}

/** The actions of writing a file, for the person who is asked. */
export function writeActions(place: Place, diff: string, verb: "write" | "delete" = "write"): readonly PlannedAction[] {
  const write = { verb, target: place.path, diff }
  return place.runsLater === undefined
    ? [write]
    : [write, { verb: "change what runs later", target: `${place.path} (${place.runsLater})` }]
}

async function rootOf(real: string, world: ToolWorld, context: PlanContext): Promise<string | undefined> {
  const named = context.roots.find((root) => isWithin(real, root))
  if (named !== undefined) return named
  // A root can be given by a path that holds a link.
  for (const root of context.roots) {
    const resolved = await world.files.resolve(root)
    if (resolved !== root && isWithin(real, resolved)) return resolved
  }
  return undefined
}

/** What somebody else wrote and nobody here has looked at: outside of the roots, or brought in by a package manager. */
export function provenance(place: Place): { source: string; isTrusted: boolean } {
  return { source: place.path, isTrusted: place.isInside && !place.isVendored }
}
