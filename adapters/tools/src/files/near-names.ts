import { basename, dirname, join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { nearest } from "../input/near-names.ts"
import type { Place } from "./place.ts"

/** " Did you mean src/a.ts?", from the names in the same folder; empty when none is near. */
export async function nearNames(place: Place, world: ToolWorld): Promise<string> {
  const folder = dirname(place.path)
  try {
    const names = (await world.files.list(folder)).map((entry) => entry.name)
    const near = nearest(basename(place.path), names)
    const shownFolder = dirname(place.shown)
    return near.length === 0 ? "" : ` Did you mean ${near.map((name) => join(shownFolder, name)).join(" or ")}?`
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    return ` Its folder ${folder} is not there either.`
  }
}
