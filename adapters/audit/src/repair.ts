import type { Head } from "./head.ts"
import { type Fields, type Line, sha256 } from "./line.ts"

interface Found {
  /** The last whole line of the record; undefined when there is none. */
  readonly last: Line | undefined
  readonly head: Head | "missing"
  /** The bytes after it. */
  readonly torn: Buffer
  readonly now: number
}

/** The line that says what was wrong with the end of the record, and its number. Undefined when nothing was. */
export function repairOf({
  last,
  head,
  torn,
  now,
}: Found): { readonly seq: number; readonly fields: Fields } | undefined {
  const end = last?.seq ?? 0
  const lost = head !== "missing" && head.seq > end ? { lines: head.seq - end, sum: head.sum } : undefined
  const headState = wrongHead(last, head)
  if (torn.length === 0 && lost === undefined && headState === undefined) return undefined
  return {
    seq: (lost === undefined || head === "missing" ? end : head.seq) + 1,
    fields: {
      at: now,
      actor: "skein",
      action: "audit.repair",
      resources: [],
      torn: torn.length === 0 ? undefined : { bytes: torn.length, sha256: sha256(torn) },
      lost,
      head: headState,
    },
  }
}

/** A kill between a line and its head leaves the head behind, and nothing wrong. */
function wrongHead(last: Line | undefined, head: Head | "missing"): "missing" | "differs" | undefined {
  if (last === undefined) return undefined
  if (head === "missing") return "missing"
  return head.seq === last.seq && head.sum !== last.sum ? "differs" : undefined
}
