import { type CodeEdit, type CodePlace, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { currentFile, type PreparedChange, planChange } from "../files/change.ts"
import { placeOf } from "../files/place.ts"
import { codeOf, queryOf } from "./port.ts"

const FILES_MAX = 200

/** Works out what a rename would make of each file. Throws ToolFailure when there is nothing to do, or it cannot be done. */
export async function renamed(
  point: CodePlace,
  newName: string,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<readonly PreparedChange[]>> {
  const edits = await codeOf(world).rename(point, newName, queryOf(context))
  if (edits.length === 0)
    throw new ToolFailure("The language server finds nothing to rename there. Nothing was written.")
  const byFile = Map.groupBy(edits, ({ range }) => range.path)
  if (byFile.size > FILES_MAX)
    throw new ToolFailure(`This rename would change ${byFile.size} files, which is too many.`)
  const planned = await Promise.all([...byFile].map(([path, own]) => planFile(path, own, world, context)))
  return {
    effects: planned.flatMap(({ effects }) => effects),
    actions: planned.flatMap(({ actions }) => actions),
    fingerprint: planned.map(({ fingerprint }) => fingerprint).join("\n"),
    prepared: planned.map(({ prepared }) => prepared),
  }
}

async function planFile(path: string, edits: readonly CodeEdit[], world: ToolWorld, context: PlanContext) {
  const place = await placeOf(path, world, context)
  const before = await currentFile(place, world)
  if (before === null) throw new ToolFailure(`${place.shown} is gone. Nothing was written.`)
  // The server read it as UTF-8 too; what is anything else it counted otherwise.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(before.bytes)
  if (Buffer.compare(Buffer.from(text), before.bytes) !== 0) {
    throw new ToolFailure(`${place.shown} is not UTF-8, and cannot be renamed in. Nothing was written.`)
  }
  return await planChange(place, before, Buffer.from(applied(text, edits, place.shown)))
}

/** From the last to the first, so that those before keep their places. */
function applied(text: string, edits: readonly CodeEdit[], shown: string): string {
  const starts = lineStarts(text)
  const spans = edits
    .map(({ range, newText }) => ({
      from: offsetOf(starts, range.line, range.column, text.length),
      to: offsetOf(starts, range.lineEnd, range.columnEnd, text.length),
      newText,
    }))
    .toSorted((a, b) => b.from - a.from)
  let result = text
  let before = Number.POSITIVE_INFINITY
  for (const { from, to, newText } of spans) {
    if (to > before || from > to)
      throw new ToolFailure(`The language server gave edits of ${shown} that overlap. Nothing was written.`)
    result = result.slice(0, from) + newText + result.slice(to)
    before = from
  }
  return result
}

/** Of each line, by what ends lines in the protocol. */
function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)]
}

function offsetOf(starts: readonly number[], line: number, column: number, most: number): number {
  return Math.min(most, (starts[line - 1] ?? most) + column - 1)
}
