import { knownHash } from "./key.ts"
import { decodeLine, type Line } from "./line.ts"
import { piecesOf } from "./lines.ts"
import { keyFileOf } from "./paths.ts"
import { readable } from "./world.ts"

/** Which entries are wanted; all conditions must hold. */
export interface AuditQuery {
  readonly actor?: string | undefined
  /** One action, or all that begin so: `call` is `call.start` and `call.settle`. */
  readonly action?: string | undefined
  /** Entries about one of these names: the name itself was never kept, so they are hashed and compared. */
  readonly names?: readonly string[] | undefined
  readonly decision?: string | undefined
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly sessionId?: string | undefined
  /** The newest so many. */
  readonly limit?: number | undefined
}

/**
 * Entries of a record, oldest first. Lines that are damaged are passed over: telling of them is `verifyAudit`'s.
 * Throws SkeinError where the operating system refuses.
 */
export function queryAudit(file: string, query: AuditQuery): readonly Line[] {
  return readable(file, () => linesFitting(file, query))
}

function linesFitting(file: string, query: AuditQuery): readonly Line[] {
  const fits = fitting(file, query)
  const { limit = Number.POSITIVE_INFINITY } = query
  const found: Line[] = []
  for (const { bytes } of piecesOf(file)) {
    const line = decodeLine(bytes.toString("utf8"))
    if (line === undefined || !fits(line)) continue
    found.push(line)
    if (found.length > limit * 2 + 100) found.splice(0, found.length - limit)
  }
  return found.slice(-limit)
}

function fitting(file: string, query: AuditQuery): (line: Line) => boolean {
  const { actor, action, names, decision, sinceMs = 0, untilMs = Number.POSITIVE_INFINITY, sessionId } = query
  const hash = names === undefined ? undefined : knownHash(keyFileOf(file))
  const hashes = names?.map((name) => hash?.(name))
  return (line) =>
    (actor === undefined || line.actor === actor) &&
    (action === undefined || line.action === action || line.action.startsWith(`${action}.`)) &&
    (hashes === undefined || line.resources.some(({ sha256 }) => hashes.includes(sha256))) &&
    (decision === undefined || line.decision === decision) &&
    line.at >= sinceMs &&
    line.at <= untilMs &&
    (sessionId === undefined || line.sessionId === sessionId)
}
