import {
  type Engine,
  editDistance,
  type SessionFilter,
  type SessionId,
  type SessionSummary,
  SkeinError,
} from "@skein/protocol"
import { oneLine } from "../tell/visible.ts"

type Asks = Pick<Engine, "ask">

/**
 * The session a person means: by its id, with or without `ses_`, by its exact title, by the words it began with where it has
 * none, or by the beginning of its id where no other begins so. Of several with one title it is the newest. A whole id is believed without a look: whether there is
 * such a session is said by whoever opens it. Throws SkeinError `session.not_found`, naming what is near.
 */
export async function sessionNamed(engine: Asks, name: string): Promise<SessionId> {
  if (UUID.test(bare(name))) return `ses_${bare(name).toLowerCase()}`
  const sessions = await engine.ask({ type: "sessions.list", ...EVERY })
  const exact =
    sessions.find(({ sessionId }) => sessionId === `ses_${bare(name)}`) ??
    sessions.find(({ title, isArchived }) => title === name && !isArchived) ??
    sessions.find(({ title }) => title === name)
  if (exact !== undefined) return exact.sessionId
  const ids = beginningWith(name, sessions)
  const begun = ids.length > 0 ? ids : calledBy(name, sessions)
  const [only] = begun
  if (only !== undefined && begun.length === 1) return only.sessionId
  if (only !== undefined) {
    const those = begun.slice(0, SHOWN_MAX).map(row)
    const more = begun.length > SHOWN_MAX ? [`and ${begun.length - SHOWN_MAX} more`] : []
    throw new SkeinError("session.not_found", [`Several sessions begin with ${name}:`, ...those, ...more].join("\n  "))
  }
  throw notFound(name, sessions)
}

/** Those without a title are listed by how they began, and are called that. */
function calledBy(name: string, sessions: readonly SessionSummary[]): readonly SessionSummary[] {
  return sessions.filter(({ title, preview }) => title === undefined && oneLine(preview) === name)
}

/** The refusal for a session that is not there, with those that may have been meant. */
export async function notFoundNear(engine: Asks, name: string): Promise<SkeinError> {
  return notFound(name, await engine.ask({ type: "sessions.list", ...EVERY }))
}

/** The newest session there is to go on with. Throws SkeinError `session.not_found`, saying where it was looked for. */
export async function newestSession(engine: Asks, filter: SessionFilter): Promise<SessionId> {
  const [last] = await engine.ask({ type: "sessions.list", ...filter, limit: 1 })
  if (last !== undefined) return last.sessionId
  const where = filter.cwd === undefined ? "" : ` for ${filter.cwd}; --all looks in every folder`
  throw new SkeinError("session.not_found", `There is no session to go on with${where}.`)
}

const EVERY = { includesArchived: true, includesNonInteractive: true, includesSubagents: true } as const

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Shorter beginnings are words as often as ids. */
const BEGINNING_CHARS_MIN = 4

const SHOWN_MAX = 5

const bare = (name: string) => (name.startsWith("ses_") ? name.slice(4) : name)

function beginningWith(name: string, sessions: readonly SessionSummary[]): readonly SessionSummary[] {
  if (bare(name).length < BEGINNING_CHARS_MIN) return []
  return sessions.filter(({ sessionId }) => sessionId.startsWith(`ses_${bare(name)}`))
}

function notFound(name: string, sessions: readonly SessionSummary[]): SkeinError {
  const said = `Cannot find session ${name}.`
  const near = nearest(name, sessions)
  if (near.length > 0) return new SkeinError("session.not_found", [`${said} Near it:`, ...near.map(row)].join("\n  "))
  const cure = sessions.length === 0 ? "There is no session yet." : "skein session list shows what there is."
  return new SkeinError("session.not_found", `${said} ${cure}`)
}

/** By title, or by an id of which a few characters differ. */
function nearest(name: string, sessions: readonly SessionSummary[]): readonly SessionSummary[] {
  const wanted = name.toLowerCase()
  return sessions
    .map((session) => ({ session, distance: distanceTo(wanted, session) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 4) && distance < wanted.length)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, SHOWN_MAX)
    .map(({ session }) => session)
}

function distanceTo(wanted: string, { sessionId, title, preview }: SessionSummary): number {
  const toTitle = wordsApart(wanted, (title ?? oneLine(preview)).toLowerCase())
  const id = bare(sessionId)
  // Ids begin with the time, so what was mistyped may stand anywhere but the rest still fits.
  const isIdLike = /^[0-9a-f-]{8,}$/.test(bare(wanted))
  return Math.min(toTitle, isIdLike ? editDistance(bare(wanted), id.slice(0, bare(wanted).length)) : toTitle)
}

function wordsApart(wanted: string, title: string): number {
  return wanted.length >= BEGINNING_CHARS_MIN && title.includes(wanted) ? 0 : editDistance(wanted, title)
}

function row({ sessionId, title, preview }: SessionSummary): string {
  return `${sessionId}  ${oneLine(title ?? preview).slice(0, 60)}`
}
