import type { ToolResult } from "@skein/core/ports"
import type { FileChange } from "@skein/protocol"
import type { AfterChange } from "./after-step.ts"
import type { PreparedChange } from "./change.ts"
import { diffOf, type TextDiff } from "./diff.ts"

/** A change that was made, and what the file holds now. */
export interface Made {
  readonly change: PreparedChange
  /** Null when the file is taken away. */
  readonly sha256: string | null
  /** What a program made of it afterwards. */
  readonly rewritten?: { readonly bytes: Uint8Array; readonly by: string } | undefined
}

/** Of the model's own diff it knows; of what came on top, as much as helps it to go on. */
const REWRITTEN_LINES_MAX = 40

/** All that was made by one call, told in one result. */
export async function reportOf(
  made: readonly Made[],
  { notes, shown }: Pick<AfterChange, "notes" | "shown">,
): Promise<ToolResult> {
  const told = await Promise.all(made.map(tell))
  const counted = told.length === 1 ? summaryOf(told[0]?.diff) : `${told.length} files`
  const summary = shown === undefined ? counted : `${counted}, ${shown.summary}`
  return {
    forModel: [...told.map(({ text }) => text), ...notes].map((text) => ({ type: "text", text })),
    forHuman: {
      kind: "diff",
      body: [...told.map(({ diff }) => diff.text), ...(shown?.lines ?? [])].join("\n"),
      summary,
    },
    changes: told.map(({ change }) => change),
    observed: made.flatMap(({ change, sha256 }) => (sha256 === null ? [] : [{ path: change.place.path, sha256 }])),
    provenance: {
      source: made.length === 1 ? (made[0]?.change.place.path ?? "") : "edits of the workspace",
      isTrusted: true,
    },
  }
}

const summaryOf = (diff: TextDiff | undefined) => `+${diff?.added ?? 0} −${diff?.removed ?? 0}`

interface Told {
  readonly text: string
  readonly diff: TextDiff
  readonly change: FileChange
}

async function tell({ change, sha256, rewritten }: Made): Promise<Told> {
  const { place, before } = change
  const diff = rewritten === undefined ? change.diff : await diffOf(place.shown, before?.bytes ?? null, rewritten.bytes)
  return {
    text: `${sentence(change)}${await onTop(change, rewritten)}`,
    diff,
    change: {
      path: place.path,
      kind: before === null ? "add" : sha256 === null ? "delete" : "update",
      before: before?.sha256 ?? null,
      after: sha256,
      ...(diff.text === "" ? {} : { diff: diff.text }),
    },
  }
}

function sentence({ place, before, after, diff, note }: PreparedChange): string {
  const rest = note === undefined ? "" : ` ${note}`
  if (after === null) return `Deleted ${place.shown}.${rest}`
  if (before === null) return `Created ${place.shown} (${diff.added} lines).${rest}`
  const at = diff.lines.length === 0 ? "" : ` at line${diff.lines.length === 1 ? "" : "s"} ${diff.lines.join(", ")}`
  return `Changed ${place.shown}${at} (${summaryOf(diff)}).${rest}`
}

/** The next edit has to fit what is there now. */
async function onTop({ place, after }: PreparedChange, rewritten: Made["rewritten"]): Promise<string> {
  if (rewritten === undefined) return ""
  const { text } = await diffOf(place.shown, after, rewritten.bytes, REWRITTEN_LINES_MAX)
  return text === "" ? "" : ` ${rewritten.by} then formatted it:\n${text}`
}
