import { isAbsolute, join } from "node:path"
import { type FileBytes, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { currentFile, type PreparedChange, planChange, refuseStale } from "../files/change.ts"
import { type Place, placeOf } from "../files/place.ts"

/** A file on the way through a patch: what it is now, and what the operations so far make of it. Null stands for no file. */
export interface Draft {
  readonly place: Place
  readonly before: FileBytes | null
  readonly bytes: Uint8Array | null
  /** Where it comes from, when it moved here. */
  readonly like?: string | undefined
  readonly mode?: number | undefined
  readonly note?: string | undefined
}

/** The files that a patch has to do with, each under its real path. */
export class Drafts {
  readonly #byPath = new Map<string, Draft>()
  readonly #world: ToolWorld
  readonly #context: PlanContext

  constructor(world: ToolWorld, context: PlanContext) {
    this.#world = world
    this.#context = context
  }

  /** Refuses what no file tool opens, and what somebody changed since the model read it. */
  async at(path: string): Promise<Draft> {
    const place = await placeOf(path, this.#world, this.#context)
    const known = this.#byPath.get(place.path)
    if (known !== undefined) return known
    const before = await currentFile(place, this.#world)
    if (before !== null) await refuseStale(place, before, this.#world, this.#context)
    return { place, before, bytes: before?.bytes ?? null }
  }

  /** As above; a link is not taken away by what it leads to. */
  async notThroughLink(path: string): Promise<Draft> {
    const named = isAbsolute(path) ? path : join(this.#context.cwd, path)
    const draft = await this.at(path)
    if ((await this.#world.files.stat(named))?.kind !== "link") return draft
    throw new ToolFailure(`${path} is a link to ${draft.place.path}. Use bash to move or delete a link.`)
  }

  keep(draft: Draft): void {
    this.#byPath.set(draft.place.path, draft)
  }

  isObserved({ place }: Draft): boolean {
    return this.#context.observed(place.path) !== undefined
  }

  /** What remains to be done. A file that ends as it was needs nothing. */
  async planned(): Promise<Planned<readonly PreparedChange[]>> {
    const drafts = [...this.#byPath.values()].filter(isChange)
    const planned = await Promise.all(drafts.map((draft) => this.#planOf(draft)))
    return {
      effects: planned.flatMap(({ effects }) => effects),
      actions: planned.flatMap(({ actions }) => actions),
      fingerprint: planned.map(({ fingerprint }) => fingerprint).join("\n"),
      prepared: planned.map(({ prepared }) => prepared),
    }
  }

  async #planOf({ place, before, bytes, like, mode, note }: Draft): Promise<Planned<PreparedChange>> {
    const planned = await planChange(place, before, bytes, note)
    const kept = bytes === null ? (await this.#world.files.stat(place.path))?.mode : mode
    return { ...planned, prepared: { ...planned.prepared, ...(before === null ? { like } : {}), mode: kept } }
  }
}

function isChange({ before, bytes }: Draft): boolean {
  if (before === null || bytes === null) return before !== null || bytes !== null
  return !Buffer.from(before.bytes).equals(bytes)
}
