import { closeSync, fstatSync } from "node:fs"
import type { EventType } from "@skein/protocol"
import { readIndex, readPoint } from "./beside.ts"
import type { Unsettled } from "./log-index.ts"
import { openForReading } from "./open.ts"
import { noLog } from "./verify.ts"

/** What opening a session will do, said by what is kept beside its log. */
export interface ResumePlan {
  /** The first event that has to be read, and how many bytes from there on. */
  readonly fromSeq: number
  readonly bytesToRead: number
  readonly bytes: number
  /** The newest event that the core's own cut has; absent when there is none that can be used. */
  readonly pointSeq?: number | undefined
  /** What the index says; absent when there is none that can be used. */
  readonly index?:
    | {
        /** What follows holds up to this event; so many bytes after it are not indexed. */
        readonly seq: number
        readonly bytesAfter: number
        readonly unsettled: Unsettled
        /** The newest compaction. */
        readonly compactionSeq?: number | undefined
        readonly counts: { readonly [T in EventType]?: number }
      }
    | undefined
}

/** Reads index and point only, never the log but for the lines that prove them. Throws SkeinError `session.not_found`. */
export function resumePlan(path: string): ResumePlan {
  const fd = openForReading(path)
  if (fd === undefined) throw noLog(path)
  try {
    const { size } = fstatSync(fd)
    const index = readIndex(path, fd)
    const cut = readPoint(path, fd)
    const isUsed = cut !== undefined && index !== undefined && index.last.seq >= cut.mark.seq
    const mark = isUsed ? cut.mark : undefined
    return {
      fromSeq: (mark?.seq ?? 0) + 1,
      bytesToRead: size - (mark === undefined ? 0 : mark.offset + mark.bytes),
      bytes: size,
      pointSeq: mark?.seq,
      index: index && {
        seq: index.last.seq,
        bytesAfter: size - index.last.offset - index.last.bytes,
        unsettled: index.unsettled,
        compactionSeq: index.compaction,
        counts: index.counts,
      },
    }
  } finally {
    closeSync(fd)
  }
}
