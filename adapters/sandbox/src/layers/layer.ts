import { lstatSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Layer } from "@skein/core/ports"
import { type FileChange, SkeinError } from "@skein/protocol"
import { lstat } from "../paths.ts"
import type { Changes } from "./changes.ts"
import { type Entrance, entered, type Overlay } from "./enter.ts"
import type { Libc } from "./libc.ts"
import type { Found } from "./lower.ts"
import type { Placed, Survey } from "./survey.ts"
import { type Withholding, withholding } from "./withheld.ts"

export interface LayerFacts {
  readonly id: string
  /** Of this layer alone. */
  readonly folder: string
  /** Removes that folder, at the layer's end. */
  readonly remove: () => void
  readonly overlays: readonly Overlay[]
  readonly home: string | undefined
  readonly libc: Libc
  readonly entrance: Entrance
}

/** One throw-away layer over one or more folders. */
export class OverlayLayer implements Layer {
  readonly id: string
  readonly roots: readonly string[]
  readonly facts: LayerFacts
  /** What a file system said of itself before anything was done here. Whatever has a later time was changed since. */
  readonly #openedNs: bigint
  /** Each path that differs, as the folder below had it when the layer first differed there. */
  readonly #found = new Map<string, Found | undefined>()
  readonly #overtaken = new Set<string>()
  readonly #isWithheld: Withholding
  #queue: Promise<unknown> = Promise.resolve()
  #isOpen = true

  constructor(facts: LayerFacts) {
    this.id = facts.id
    this.roots = facts.overlays.map(({ root }) => root)
    this.facts = facts
    this.#isWithheld = withholding(this.roots, facts.home)
    this.#openedNs = quietMoment(facts.folder)
  }

  /** One after the other: two mounts over one upper folder do not see each other. Afterwards what was found is noted. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    return await this.#inTurn(async () => {
      try {
        return await work()
      } finally {
        await this.#noted()
      }
    })
  }

  /** What is done in it by programs of ours: in turn with commands, which must not find a half of it. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    return await this.#inTurn(work)
  }

  /** The command, run where this layer is mounted. See `entered`. */
  entered(argv: readonly string[], cwd?: string): string[] {
    const isRoot = process.getuid?.() === 0
    const isOverOwners = isRoot && this.roots.some((root) => lstat(root)?.uid !== 0)
    return entered({ ...this.facts, isOverOwners, cwd }, argv)
  }

  async changes(): Promise<readonly FileChange[]> {
    return (await this.#told()).changes
  }

  async notes(): Promise<readonly string[]> {
    return (await this.#told()).notes
  }

  async #told(): Promise<Changes> {
    return await this.#inTurn(async () => {
      const { changesOf } = await import("./changes.ts")
      return await changesOf(await this.#noted(), this.facts.libc)
    })
  }

  async keep(): Promise<void> {
    await this.#inTurn(async () => {
      const surveyed = await this.#noted()
      const { keepAll } = await import("./keep.ts")
      await this.#refuseOvertaken(surveyed.differences)
      await keepAll(surveyed, this.facts)
      this.#close()
    })
  }

  async discard(): Promise<void> {
    await this.#inTurn(async () => this.#close(), "also when closed")
  }

  async #noted(): Promise<Survey> {
    const { survey } = await import("./survey.ts")
    const surveyed = await survey(this.facts, this.#isWithheld)
    this.#note(surveyed)
    return surveyed
  }

  #inTurn<T>(work: () => Promise<T>, whenClosed?: "also when closed"): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (!this.#isOpen && whenClosed === undefined)
        throw new SkeinError("sandbox.unavailable", "This layer was kept or discarded already. Run the command again.")
      return await work()
    })
    // Whoever asked for it hears of its failure; the next one only waits for its end.
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  #close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.facts.remove()
  }

  #note({ differences }: Survey): void {
    for (const difference of differences) {
      const path = join(difference.overlay.root, difference.path)
      if (this.#found.has(path)) continue
      this.#found.set(path, difference.below)
      if (this.#isOvertaken(difference)) this.#overtaken.add(path)
    }
  }

  /** Whether somebody else changed it after the layer was opened and before it was first seen to differ. */
  #isOvertaken({ kind, below, path, overlay }: Placed): boolean {
    if (below?.kind === "folder" && kind === "mode") return false // names came or went in it, which is no matter here
    if (below !== undefined) return below.ctimeNs > this.#openedNs
    // What is not there may have been there, and was copied into the layer: the layer's own mark of a copy says so.
    const { libc } = this.facts
    const isCopy = libc.attributesOf(join(overlay.folder, "upper", path)).includes("user.overlay.origin")
    const folder = lstatSync(join(overlay.root, path, ".."), { bigint: true, throwIfNoEntry: false })
    return isCopy && (folder === undefined || folder.ctimeNs > this.#openedNs)
  }

  async #refuseOvertaken(differences: readonly Placed[]): Promise<void> {
    const [{ isUntouched }, { conflict }] = await Promise.all([import("./lower.ts"), import("./keep.ts")])
    const changed = differences.flatMap((difference) => {
      const path = join(difference.overlay.root, difference.path)
      const isSame = isUntouched(this.#found.get(path), difference.below)
      return isSame && !this.#overtaken.has(path) ? [] : [path]
    })
    if (changed.length > 0) throw conflict(changed)
  }
}

/**
 * The file system's time, which advances in steps of some milliseconds, at the end of a step: what is changed after this
 * returns has a later one.
 */
function quietMoment(folder: string): bigint {
  const probe = join(folder, "moment")
  const now = () => {
    writeFileSync(probe, "")
    rmSync(probe)
    return lstatSync(folder, { bigint: true }).ctimeNs
  }
  const first = now()
  while (now() === first) Bun.sleepSync(1)
  return first
}
