import { type FileBytes, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { diffOf, type TextDiff } from "./diff.ts"
import { sha256Of } from "./open.ts"
import { type Place, writeActions, writeEffects } from "./place.ts"

/** A file's next content, worked out; written only when the file is still as it was then. Null stands for no file. */
export interface PreparedChange {
  readonly place: Place
  readonly before: FileBytes | null
  readonly after: Uint8Array | null
  readonly diff: TextDiff
  /** Where the new file comes from: it keeps that one's mode and attributes. Absolute, resolved. */
  readonly like?: string | undefined
  /** Permission bits: of a new file those it gets, of one that goes those it has, should it have to come back. */
  readonly mode?: number | undefined
  /** For the model, after "Edited src/a.ts": ` at lines 3, 9 (+2 −1).` and what it should know besides. */
  readonly note?: string | undefined
}

/** Largest file that is edited. What is larger is for a command. */
export const EDITABLE_BYTES_MAX = 16_000_000

/** The file now; null when there is none. Throws ToolFailure for anything that is no file. */
export async function currentFile(place: Place, world: ToolWorld): Promise<FileBytes | null> {
  const stat = await world.files.stat(place.path)
  if (stat === undefined) return (await world.unsaved?.(place.path)) ?? null
  if (stat.kind === "directory") throw new ToolFailure(`${place.shown} is a folder, not a file.`)
  return await world.files.read(place.path, { bytesMax: EDITABLE_BYTES_MAX })
}

/** Refuses when the model has read the file and its bytes are others now, and shows what changed since. */
export async function refuseStale(place: Place, now: FileBytes, world: ToolWorld, context: PlanContext): Promise<void> {
  const observed = context.observed(place.path)
  if (observed === undefined || observed === now.sha256) return
  const before = world.seen?.get(observed)
  const diff = before === undefined ? undefined : await diffOf(place.shown, before, now.bytes, 60)
  const what = diff === undefined || diff.text === "" ? "" : ` What changed since you read it:\n${diff.text}`
  throw new ToolFailure(
    `${place.shown} was changed by someone else since you read it. Nothing was written; read it again first.${what}`,
  )
}

export async function planChange(
  place: Place,
  before: FileBytes | null,
  after: Uint8Array | null,
  note?: string,
): Promise<Planned<PreparedChange>> {
  const diff = await diffOf(place.shown, before?.bytes ?? null, after)
  return {
    effects: writeEffects(place),
    actions: writeActions(place, diff.text, after === null ? "delete" : "write"),
    fingerprint: [place.path, before?.sha256 ?? "none", after === null ? "none" : sha256Of(after)].join("\n"),
    prepared: { place, before, after, diff, note },
  }
}
