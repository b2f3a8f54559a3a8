import { closeSync, existsSync, fstatSync } from "node:fs"
import { SkeinError } from "@skein/protocol"
import { readIndex, readPoint } from "./beside.ts"
import { PIECE_BYTES, pieces } from "./catalogue/log-files.ts"
import { decodeLine } from "./line.ts"
import { LogIndex } from "./log-index.ts"
import { openForReading } from "./open.ts"
import { indexFile, pointFile } from "./paths.ts"
import type { Upgrades } from "./versions.ts"

/** All that can be said of a log by reading every byte of it. Nothing is changed. */
export interface Verification {
  readonly bytes: number
  /** Lines that are whole, readable or not. */
  readonly lines: number
  readonly events: number
  /** How many events of each type, most first. */
  readonly types: readonly { readonly type: string; readonly events: number }[]
  /** How many events of each schema version, as written. */
  readonly versions: readonly { readonly version: number; readonly events: number }[]
  /** Lines, counted from 1, whose event has another `seq` than the one after the last. */
  readonly gaps: readonly { readonly line: number; readonly expected: number; readonly found: number }[]
  /** Lines that cannot be read, and why. A damaged last line is a torn tail instead. */
  readonly damaged: readonly { readonly line: number; readonly reason: string }[]
  /** Bytes at the end that are no whole line, which the next writer moves aside. */
  readonly bytesTorn: number
  readonly index: Agreement
  readonly point: Agreement
  /** Whether the log can be opened, with all its events. */
  readonly isIntact: boolean
}

/** `unused`: it is there, and no writer would believe it. `disagrees`: one would, and should not. */
export type Agreement = "absent" | "agrees" | "unused" | "disagrees"

/** Throws SkeinError `session.not_found`. */
export async function verifyLog(path: string, options: { readonly upgrades?: Upgrades } = {}): Promise<Verification> {
  const fd = openForReading(path)
  if (fd === undefined) throw noLog(path)
  try {
    return await verified(fd, path, options.upgrades)
  } finally {
    closeSync(fd)
  }
}

export function noLog(path: string): SkeinError {
  return new SkeinError("session.not_found", `Cannot find a log at ${path}. Check the path.`)
}

async function verified(fd: number, path: string, upgrades: Upgrades | undefined): Promise<Verification> {
  const { size, ino } = fstatSync(fd)
  const kept = readIndex(path, fd)
  const index = new LogIndex()
  const types = new Map<string, number>()
  const versions = new Map<number, number>()
  const gaps: Verification["gaps"][number][] = []
  const damaged: { line: number; reason: string; offset: number; kind: string }[] = []
  let [lines, events, seq, end] = [0, 0, 0, 0]
  let indexed: Agreement = existsSync(indexFile(path)) ? "unused" : "absent"
  for (const { bytes, end: stop, offset } of pieces(fd, 0, size, Buffer.allocUnsafe(PIECE_BYTES))) {
    for (let start = 0; start < stop; ) {
      const newline = bytes.indexOf(0x0a, start)
      const line = decodeLine(bytes, start, newline, undefined, upgrades)
      const [at, length] = [offset + start, newline + 1 - start]
      start = newline + 1
      end = at + length
      lines++
      if (line.kind !== "event") {
        damaged.push({ line: lines, reason: line.reason, offset: at, kind: line.kind })
        continue
      }
      const { event } = line
      events++
      add(types, event.type)
      add(versions, line.version ?? Math.trunc(event.v))
      if (event.seq !== seq + 1) gaps.push({ line: lines, expected: seq + 1, found: event.seq })
      seq = event.seq
      index.add(event, at, length, line.sum)
      if (event.seq === kept?.last.seq)
        indexed = JSON.stringify(index.kept(ino)) === JSON.stringify(kept) ? "agrees" : "disagrees"
    }
    await new Promise(setImmediate)
  }
  // Of the last line alone it cannot be known whether it was ever whole.
  const last = damaged.at(-1)
  const isTorn = last?.kind === "damaged" && last.line === lines && damaged.at(-2)?.line !== lines - 1
  const torn = isTorn ? damaged.pop() : undefined
  const pointed = readPoint(path, fd) === undefined ? "unused" : "agrees"
  return {
    bytes: size,
    lines,
    events,
    types: [...types].map(([type, count]) => ({ type, events: count })).sort((a, b) => b.events - a.events),
    versions: [...versions].map(([version, count]) => ({ version, events: count })),
    gaps,
    damaged: damaged.map(({ line, reason }) => ({ line, reason })),
    bytesTorn: size - (torn?.offset ?? end),
    index: indexed,
    point: existsSync(pointFile(path)) ? pointed : "absent",
    isIntact: events > 0 && gaps.length === 0 && damaged.length === 0,
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
