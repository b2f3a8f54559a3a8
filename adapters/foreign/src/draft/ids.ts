import type { Id, IdPrefix, SessionId } from "@skein/protocol"
import { sha256Of } from "../files/fingerprint.ts"
import type { Format } from "../format.ts"

/** Ids are at most 64 characters after their prefix, and counters follow. */
const NAME_CHARS_MAX = 44

/**
 * The id of the session made of another program's: the same for the same source, so that a second import finds the first.
 * `count` is 2 and more when the source has grown since, and is imported again beside it.
 */
export function sessionIdOf(format: Format, id: string, count = 1): SessionId {
  const clean = id.replace(/^ses_/, "").replace(/[^A-Za-z0-9-]/g, "-")
  const isSame = clean === id.replace(/^ses_/, "") && clean !== "" && clean.length <= NAME_CHARS_MAX
  // What had to be changed to be an id must not become that of another session.
  const name = isSame ? clean : `${clean.slice(0, 32)}-${sha256Of(id).slice(0, 10)}`
  return `ses_${format}-${name}${count > 1 ? `-${count}` : ""}`
}

/** Counts the ids within one session. The same source gives the same ids. */
export function idsOf(sessionId: SessionId): <P extends IdPrefix>(prefix: P) => Id<P> {
  const base = `x${sha256Of(sessionId).slice(0, 16)}`
  const counts = new Map<string, number>()
  return (prefix) => {
    const count = (counts.get(prefix) ?? 0) + 1
    counts.set(prefix, count)
    return `${prefix}_${base}-${count}`
  }
}
