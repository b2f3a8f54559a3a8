import { type PlanContext, ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { EDITABLE_BYTES_MAX } from "../files/change.ts"
import { type Place, placeOf, reads } from "../files/place.ts"
import { decodeText } from "../files/text.ts"

/** A file that a model is shown. */
export interface Source {
  readonly place: Place
  readonly text: string
  /** Bytes at its end that are not shown. */
  readonly left: number
}

/** Where files are that the model named, and that reading them is what is done. */
export async function sourcesPlan(paths: readonly string[], world: ToolWorld, context: PlanContext) {
  const places = await Promise.all(paths.map((path) => placeOf(path, world, context)))
  const each = places.map(reads)
  return {
    places,
    effects: each.length === 0 ? [{ kind: "none" } as const] : each.flatMap(({ effects }) => effects),
    actions: each.flatMap(({ actions }) => actions),
    fingerprint: places.map(({ path }) => path).join("\n"),
  }
}

/** Throws ToolFailure for what is no text. */
export async function sourceAt(place: Place, world: ToolWorld, charsMax: number): Promise<Source> {
  const { bytes } = await world.files.read(place.path, { bytesMax: EDITABLE_BYTES_MAX })
  const text = decodeText(bytes)?.raw
  if (text === undefined) throw new ToolFailure(`${place.shown} is no text file.`)
  return { place, text: text.slice(0, charsMax), left: Math.max(0, text.length - charsMax) }
}

/** As a model is shown it: named, numbered, and plainly content. */
export function sourceText({ place, text, left }: Source): string {
  const numbered = text.split("\n").map((line, at) => `${at + 1}\t${line}`)
  const more = left === 0 ? "" : `\n(${left} more characters)`
  return `<file path="${place.shown}">\n${numbered.join("\n")}${more}\n</file>`
}
