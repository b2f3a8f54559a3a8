import { ToolFailure } from "@skein/core/ports"
import type { Planned } from "../define.ts"
import { type PreparedChange, planChange } from "../files/change.ts"
import { CONTEXT_LINES } from "../files/diff.ts"
import { decodeText, encodeText } from "../files/text.ts"

/**
 * A planned change with only some of its hunks: those a person wants, counted from 1 over all files as the diff shows them.
 * Left out, all of them. Throws ToolFailure for a number that no hunk has.
 */
export async function withHunks(
  planned: Planned<readonly PreparedChange[]>,
  wanted: readonly number[] | undefined,
): Promise<Planned<readonly PreparedChange[]>> {
  if (wanted === undefined) return { ...planned, hunksCount: hunksIn(planned) }
  const numbers = new Set(wanted)
  let count = 0
  const kept: Planned<PreparedChange>[] = []
  for (const change of planned.prepared) {
    const chosen = await chosenOf(change, () => numbers.has(++count))
    if (chosen !== undefined) kept.push(await planChange(change.place, change.before, chosen, change.note))
  }
  const unknown = wanted.find((number) => number > count)
  if (unknown !== undefined)
    throw new ToolFailure(`There is no hunk ${unknown}: there are ${count}. Nothing was written.`)
  if (kept.length === 0) throw new ToolFailure("No hunk is left. Nothing was written.")
  return {
    effects: kept.flatMap(({ effects }) => effects),
    actions: kept.flatMap(({ actions }) => actions),
    fingerprint: kept.map(({ fingerprint }) => fingerprint).join("\n"),
    prepared: kept.map(({ prepared }) => prepared),
  }
}

function hunksIn({ actions }: Planned<unknown>): number {
  return actions.reduce((count, { diff = "" }) => count + (diff.match(/^@@ /gm)?.length ?? 0), 0)
}

/** The file's bytes with the hunks that are wanted; undefined when none of them is. */
async function chosenOf(
  { before, after, place }: PreparedChange,
  isWanted: () => boolean,
): Promise<Uint8Array | undefined> {
  const [old, next] = [before, after && { bytes: after }].map((file) => file && decodeText(file.bytes))
  if (!old || !next) throw new ToolFailure(`${place.shown} has no hunks to choose from. Nothing was written.`)
  const { diffArrays } = await import("diff")
  const parts = diffArrays(linesWithEnds(old.raw), linesWithEnds(next.raw))
  let [isAny, isInHunk, isTaken, raw] = [false, false, false, ""]
  for (const { added, removed, value } of parts) {
    const isChange = added || removed
    if (isChange && !isInHunk) isTaken = isWanted()
    isInHunk = isChange || (isInHunk && value.length <= BETWEEN_MAX)
    isAny ||= isChange && isTaken
    if (!isChange || (isTaken ? added : removed)) raw += value.join("")
  }
  if (!isAny) return undefined
  return Buffer.concat([before?.bytes.subarray(0, old.bomBytes) ?? Buffer.of(), encodeText(old.encoding, raw)])
}

/** The diff that a person sees shows three lines around a change, and what these join as one hunk. */
const BETWEEN_MAX = 2 * CONTEXT_LINES

const linesWithEnds = (raw: string) => raw.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
