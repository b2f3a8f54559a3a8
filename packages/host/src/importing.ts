import type { LogsPort, RandomPort } from "@skein/core/ports"
import { type DurableEvent, type EventOf, type SessionId, type Settings, SkeinError } from "@skein/protocol"
import { located } from "./locate.ts"
import { redactedEvents } from "./redact/events.ts"

/** Sessions of other programs, as the host gives them. */
export interface ForeignLogs<Found, Format, Report, Summary> {
  /** All on this machine, newest first. */
  list(format?: Format): Promise<readonly Found[]>
  /** Those that a file holds; none when it is of no program known here. Throws SkeinError `import.unreadable`. */
  detect(path: string): Promise<readonly Found[]>
  /** Makes a session of it, unless it is here already and unchanged. Throws SkeinError `import.unreadable`. */
  import(found: Found): Promise<ImportedAs<Report>>
  /** Reads a log and counts what it holds; keeps nothing. Throws SkeinError `import.unreadable`. */
  summarise(path: string): Promise<Summary>
}

export type ImportedAs<Report> =
  | { readonly kind: "unchanged"; readonly sessionId: SessionId }
  | {
      readonly kind: "new"
      readonly sessionId: SessionId
      /** What was made of it when it was shorter. */
      readonly earlier?: SessionId | undefined
      readonly report: Report
    }

/** What reads them; loaded when it is first asked. */
interface Reader<Found, Format, Report, Summary> {
  list(format?: Format): Promise<readonly Found[]>
  detect(path: string): Promise<readonly Found[]>
  summarise(path: string): Promise<Summary>
  read(found: Found, choices: Choices): Promise<Reading<Report>>
}

/** The package that reads them; the ids of what is made of them are the host's. */
export interface ForeignModule<Found, Format, Report, Summary, Draft> {
  importers(from: { readonly home: string; readonly env: Env }): {
    list(format?: Format): Promise<readonly Found[]>
    detect(path: string): Promise<readonly Found[]>
    read(found: Found, choices: Choices): Promise<DraftReading<Report, Draft>>
  }
  stamped(drafts: Draft, about: { sessionId: SessionId; newId: RandomPort["id"] }): AsyncIterable<DurableEvent>
  summariseForeign(path: string): Promise<Summary>
}

type Env = Readonly<Record<string, string | undefined>>
type DraftReading<Report, Draft> =
  | Extract<Reading<Report>, { kind: "unchanged" }>
  | (Omit<Extract<Reading<Report>, { kind: "new" }>, "events"> & { readonly drafts: Draft })

/** Whose sessions are read, and who names what is made of them. */
export interface ReadFrom {
  readonly home: string
  readonly env: Env
  readonly newId: RandomPort["id"]
}

/** What reads the sessions of other programs as events of ours. */
export function readerOf<Found, Format, Report, Summary, Draft>(
  { importers, stamped, summariseForeign }: ForeignModule<Found, Format, Report, Summary, Draft>,
  { home, env, newId }: ReadFrom,
): Reader<Found, Format, Report, Summary> {
  const { list, detect, read } = importers({ home, env })
  return {
    ...{ list, detect, summarise: summariseForeign },
    async read(found, choices) {
      const reading = await read(found, choices)
      if (reading.kind === "unchanged") return reading
      const { drafts, ...rest } = reading
      return { ...rest, events: stamped(drafts, { sessionId: rest.sessionId, newId }) }
    },
  }
}

interface Choices {
  readonly settings: Settings
  readonly version: string
  readonly cwd: string
  readonly locate: typeof located
  readonly shaOf: (sessionId: SessionId) => Promise<string | undefined>
}

type Reading<Report> =
  | { readonly kind: "unchanged"; readonly sessionId: SessionId }
  | {
      readonly kind: "new"
      readonly sessionId: SessionId
      readonly earlier?: SessionId | undefined
      readonly events: AsyncIterable<DurableEvent>
      report(): Report
    }

export interface ImportOptions<Found, Format, Report, Summary> {
  readonly reader: Reader<Found, Format, Report, Summary>
  readonly logs: LogsPort
  readonly settingsFor: (path: string) => Settings
  readonly version: string
  /** For a session whose log names no folder. */
  readonly cwd: string
  /** Takes secrets out of what tools gave: nobody did when it was written. */
  readonly redact: (text: string) => string
}

export function foreignLogs<Found extends { readonly cwd: string }, Format, Report, Summary>(
  options: ImportOptions<Found, Format, Report, Summary>,
): ForeignLogs<Found, Format, Report, Summary> {
  const { reader, logs, settingsFor, version, cwd, redact } = options
  return {
    list: (format) => reader.list(format),
    detect: (path) => reader.detect(path),
    summarise: (path) => reader.summarise(path),
    async import(found) {
      const settings = settingsFor(found.cwd === "" ? cwd : found.cwd)
      const shaOf = (sessionId: SessionId) => sourceShaOf(logs, sessionId)
      const reading = await reader.read(found, { settings, version, cwd, locate: located, shaOf })
      if (reading.kind === "unchanged") return reading
      const { sessionId, earlier, events, report } = reading
      await keepLog(logs, sessionId, redactedEvents(events, redact))
      return { kind: "new", sessionId, earlier, report: report() }
    },
  }
}

/** Events between two appends: enough that none waits for the disk, few enough to be nothing in memory. */
const EVENTS_AT_ONCE = 256

/**
 * Writes events as the log of a new session. On disk when it resolves; when it fails, nothing is left. Throws SkeinError as
 * the log does, and whatever the events end with.
 */
export async function keepLog(
  logs: LogsPort,
  sessionId: SessionId,
  events: AsyncIterable<DurableEvent>,
): Promise<void> {
  const log = await logs.create(sessionId)
  try {
    let waiting: DurableEvent[] = []
    for await (const event of events) {
      waiting.push(event)
      if (waiting.length < EVENTS_AT_ONCE) continue
      await log.append(waiting, { flush: false })
      waiting = []
    }
    await log.append(waiting, { flush: true })
    await log.close()
  } catch (error) {
    await log.close()
    await logs.delete(sessionId)
    throw error
  }
}

/** What the session was made from, by its bytes; undefined when there is no such session. */
export async function sourceShaOf(logs: LogsPort, sessionId: SessionId): Promise<string | undefined> {
  try {
    const events = await logs.read(sessionId)
    const created = events.find((event): event is EventOf<"session.created"> => event.type === "session.created")
    return created?.source?.sha256 ?? ""
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") return undefined
    throw error
  }
}
