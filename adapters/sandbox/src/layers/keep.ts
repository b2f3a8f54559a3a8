import { closeSync, constants, mkdirSync, openSync } from "node:fs"
import { basename, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { PERMISSIONS } from "./access.ts"
import { removeTree } from "./folder.ts"
import { removeJournal, type Staging, type Step, writeJournal } from "./journal.ts"
import type { Libc } from "./libc.ts"
import { find, isUntouched, lineOf } from "./lower.ts"
import { Pinned, pinParent } from "./pinned.ts"
import { Stage } from "./stage.ts"
import { inodeAt, Overtaken, perform, type Site, takeBack } from "./steps.ts"
import type { Placed, Survey } from "./survey.ts"

export interface KeepOptions {
  /** The layer's own: here stands what is about to be done. */
  readonly folder: string
  readonly libc: Libc
}

/**
 * Puts all differences into the real folders, or none. First everything is copied beside them, on the same file system;
 * then each path changes in one step of the kernel, with what came out of it proved to be what was expected. Whatever
 * goes wrong on the way is taken back.
 */
export async function keepAll(survey: Survey, options: KeepOptions): Promise<void> {
  const { differences } = survey
  if (differences.length === 0) return
  const roots = [...new Set(differences.map(({ overlay }) => overlay.root))]
  const stagings = roots.map((root) => ({ root, name: `.skein-keep-${crypto.randomUUID()}` }))
  writeJournal(options.folder, { stagings, steps: [] })
  const sites: Site[] = []
  try {
    for (const staging of stagings) sites.push(makeSite(staging, options.libc))
    const steps = await stageAll(survey, sites, options)
    for (const site of sites) sync(site)
    writeJournal(options.folder, { stagings, steps })
    performAll(differences, steps, sites)
    for (const site of sites) sync(site)
  } catch (error) {
    // From here on there is nothing to finish, only to clean up.
    const unneeded = error instanceof Stranded ? [] : stagings
    writeJournal(options.folder, { stagings: unneeded, steps: [] })
    clearAway(unneeded, options.folder)
    throw failure(error, roots)
  } finally {
    for (const { staging } of sites) staging[Symbol.dispose]()
  }
  clearAway(stagings, options.folder)
}

/** Removes what was beside the real folders, and then the note that it was there. */
export function clearAway(stagings: readonly Staging[], folder: string): void {
  for (const { root, name } of stagings) {
    using pinned = Pinned.open(root)
    removeTree(pinned.at(name))
  }
  removeJournal(folder)
}

function makeSite({ root, name }: Staging, libc: Libc): Site {
  using folder = Pinned.open(root)
  mkdirSync(folder.at(name), { mode: 0o700 })
  return { root, staging: folder.child(name), libc }
}

/** Comings first, then goings, then permissions: a folder may be closed to us by its new ones. */
const ORDER = { put: 0, remove: 1, mode: 2 } as const

async function stageAll(
  { differences, withheld }: Survey,
  sites: readonly Site[],
  { libc }: KeepOptions,
): Promise<readonly Step[]> {
  const stages = sites.map(({ staging }) => new Stage({ libc, top: staging, isWithheld: (path) => withheld.has(path) }))
  const steps: Step[] = []
  const fixes: Step[] = []
  for (const difference of inOrder(differences)) {
    const { kind, path, below, above, overlay } = difference
    const at = sites.findIndex(({ root }) => root === overlay.root)
    const [site, stage] = [sites[at], stages[at]]
    if (site === undefined || stage === undefined) throw new Error(`No staging folder for ${overlay.root}`)
    const slot = String(steps.length)
    const before = below === undefined ? "" : lineOf(below)
    const step = { staging: at, path, slot, before, mode: 0, inode: "" }
    if (kind === "remove") steps.push({ ...step, kind })
    else if (kind === "mode" && above !== undefined && below !== undefined) {
      steps.push({ ...step, kind, mode: above.mode & PERMISSIONS, inode: String(below.ino) })
    } else if (above !== undefined) {
      const upper = join(overlay.folder, "upper")
      using folder = pinParent(upper, path)
      const source = { folder, name: basename(path), stats: above, path: join(overlay.root, path) }
      const closed = await stage.copy(source, site.staging, slot)
      const put = { ...step, inode: inodeAt(site.staging.at(slot)) }
      steps.push({ ...put, kind: below === undefined ? "add" : "exchange" })
      if (closed !== undefined) fixes.push({ ...put, kind: "mode", before: "", mode: closed })
    }
  }
  return [...steps, ...fixes]
}

function inOrder(differences: readonly Placed[]): readonly Placed[] {
  return differences.toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind])
}

function performAll(differences: readonly Placed[], steps: readonly Step[], sites: readonly Site[]): void {
  refuseChanged(differences)
  const done: { readonly step: Step; readonly site: Site }[] = []
  try {
    for (const step of steps) {
      const site = sites[step.staging]
      if (site === undefined) throw new Error(`No staging folder ${step.staging}`)
      perform(step, site)
      done.push({ step, site })
    }
  } catch (error) {
    const left = done.toReversed().flatMap(({ step, site }) => undone(step, site) ?? [])
    if (left.length > 0) throw new Stranded(left, sites, error)
    throw error
  }
}

/** While it was copied, which takes its time, somebody else may have come. */
function refuseChanged(differences: readonly Placed[]): void {
  const changed = differences.flatMap(({ overlay, path, below, kind }) => {
    using folder = pinParent(overlay.root, path)
    const now = find(folder, basename(path), kind !== "mode" && below?.kind === "folder")
    return isUntouched(below, now) ? [] : [join(overlay.root, path)]
  })
  if (changed.length > 0) throw conflict(changed)
}

function undone(step: Step, site: Site): { readonly path: string; readonly cause: unknown } | undefined {
  try {
    takeBack(step, site)
    return undefined
  } catch (cause) {
    return { path: join(site.root, step.path), cause }
  }
}

/** What was there before could not be put back everywhere; it is not removed. */
class Stranded extends Error {
  override readonly name = "Stranded"

  constructor(left: readonly { readonly path: string }[], sites: readonly Site[], cause: unknown) {
    const places = sites.map(({ staging }) => staging.path).join(", ")
    const paths = left.slice(0, 20).map(({ path }) => path)
    super(`${paths.join(", ")} could not be put back; what was there is in ${places}`, { cause })
  }
}

function failure(error: unknown, roots: readonly string[]): unknown {
  if (error instanceof Overtaken) return conflict([error.message])
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (!(error instanceof Stranded) && !/^E[A-Z0-9]+$/.test(code)) return error
  const text = error instanceof Error ? error.message : code
  const cure = "Check space and permissions there, then run it again."
  return new SkeinError("checkpoint.unwritable", `Nothing was kept in ${roots.join(", ")}: ${text}. ${cure}`, {
    cause: error,
  })
}

function sync({ staging, libc }: Site): void {
  const fd = openSync(staging.at("."), constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    libc.sync(fd)
  } finally {
    closeSync(fd)
  }
}

const NAMED_MAX = 20

/** Nothing was done, because something else changed these meanwhile. */
export function conflict(paths: readonly string[]): SkeinError {
  const more = paths.length > NAMED_MAX ? ` and ${paths.length - NAMED_MAX} more` : ""
  return new SkeinError(
    "checkpoint.conflict",
    `Nothing was kept: something else changed ${paths.slice(0, NAMED_MAX).join(", ")}${more} meanwhile. Run it again.`,
  )
}
