import { closeSync, fstatSync } from "node:fs"
import type { DurableEvent, EventType, SessionFilter, SessionSummary } from "@skein/protocol"
import { decodeLine, type Line } from "../line.ts"
import { openForReading } from "../open.ts"
import type { Upgrades } from "../versions.ts"
import { folderMatch } from "./folder.ts"
import { type LogFile, logFiles, PIECE_BYTES, pieces } from "./log-files.ts"
import { addToRow, isListed, newestFirst, ROW_EVENTS, type Row, startRow, summaryOf, touch } from "./row.ts"

/**
 * The sessions, newest change first, from the logs alone: what the catalogue must say too, and what is said where there
 * is none. Of a file only its first line, turns' starts, changes and last line are decoded; the rest is searched as bytes.
 */
export async function listSessions(
  dataDir: string,
  filter: SessionFilter,
  onUnreadable: (sentence: string) => void,
  upgrades?: Upgrades,
): Promise<readonly SessionSummary[]> {
  const isHere = filter.cwd === undefined ? () => true : folderMatch(filter.cwd)
  const rows: Row[] = []
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let looked = 0
  for (const file of logFiles(dataDir)) {
    if (++looked % FILES_BETWEEN_YIELDS === 0) await new Promise(setImmediate)
    try {
      const row = rowOf(file, piece, upgrades)
      if (row !== undefined && isListed(row, filter, isHere)) rows.push(row)
    } catch (error) {
      onUnreadable(leftOut(file.path, error))
    }
  }
  return rows.sort(newestFirst).slice(0, filter.limit).map(summaryOf)
}

export function leftOut(path: string, error: unknown): string {
  return `Left ${path} out of the session list: ${error instanceof Error ? error.message : String(error)}`
}

/** The row that the first line of a log begins. Throws when there is none. */
export function firstRow(sessionId: Row["sessionId"], line: Line): Row {
  if (line.kind !== "event") throw new Error(`its first line cannot be read, because ${line.reason}`)
  if (line.event.type !== "session.created") throw new Error("its first line creates no session")
  return startRow(sessionId, line.event)
}

const FILES_BETWEEN_YIELDS = 128

/** Undefined when it holds no whole line yet, or is gone. */
function rowOf(file: LogFile, piece: Buffer, upgrades: Upgrades | undefined): Row | undefined {
  const fd = openForReading(file.path)
  if (fd === undefined) return undefined
  try {
    let row: Row | undefined
    for (const { bytes, end } of pieces(fd, 0, fstatSync(fd).size, piece)) {
      const lines = new Lines(bytes, end, upgrades)
      row ??= firstRow(file.sessionId, lines.at(0))
      for (const type of ROW_EVENTS) for (const event of lines.ofType(type)) addToRow(row, event)
      touch(row, lines.newestAt() ?? row.updatedAt)
    }
    return row
  } finally {
    closeSync(fd)
  }
}

/** Lines of a piece, each decoded at most once, since decoding spends them. */
class Lines {
  readonly #bytes: Buffer
  readonly #end: number
  readonly #upgrades: Upgrades | undefined
  readonly #decoded = new Map<number, Line>()

  constructor(bytes: Buffer, end: number, upgrades: Upgrades | undefined) {
    this.#bytes = bytes
    this.#end = end
    this.#upgrades = upgrades
  }

  at(start: number): Line {
    const line = this.#decoded.get(start) ?? this.#decode(start)
    this.#decoded.set(start, line)
    return line
  }

  /** Quotes inside a text are escaped on disk, so these bytes stand only where a member named type does. */
  *ofType(type: EventType): Generator<DurableEvent> {
    const needle = `"type":"${type}"`
    for (let found = this.#bytes.indexOf(needle); found >= 0 && found < this.#end; ) {
      const line = this.at(this.#startOf(found))
      if (line.kind === "event" && line.event.type === type) yield line.event
      found = this.#bytes.indexOf(needle, this.#bytes.indexOf(0x0a, found))
    }
  }

  /** When the newest line that can be read was written. */
  newestAt(): number | undefined {
    for (let start = this.#startOf(this.#end - 1); ; start = this.#startOf(start - 1)) {
      const line = this.at(start)
      if (line.kind === "event") return line.event.at
      if (start === 0) return undefined
    }
  }

  #startOf(place: number): number {
    return this.#bytes.subarray(0, place).lastIndexOf(0x0a) + 1
  }

  #decode(start: number): Line {
    return decodeLine(this.#bytes, start, this.#bytes.indexOf(0x0a, start), undefined, this.#upgrades)
  }
}
