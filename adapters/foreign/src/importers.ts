import { type DurableEvent, EVENT_VERSION, type Id, type SessionId, type Settings, SkeinError } from "@skein/protocol"
import { claude } from "./claude/index.ts"
import { codex } from "./codex/index.ts"
import { sessionIdOf } from "./draft/ids.ts"
import { draftsOf, type Workspace } from "./draft/session.ts"
import type { TimedDraft } from "./draft/timed.ts"
import type { Format, FoundSession } from "./format.ts"
import { Ledger, type LossReport } from "./ledger.ts"
import { opencode } from "./opencode/index.ts"
import { pi } from "./pi/index.ts"
import type { Reader, Roots } from "./reader.ts"

export const READERS: readonly Reader[] = [codex, claude, opencode, pi]

/** What the host decides of a session that is made of another program's. */
export interface ImportChoices {
  /** What a new session in that folder would have: another program's model may have no key here. */
  readonly settings: Settings
  /** Our version. */
  readonly version: string
  /** The folder of a session whose log names none; the home folder when absent. */
  readonly cwd?: string | undefined
  /** What is known of the folder; its path alone when absent. */
  readonly locate?: ((cwd: string) => Promise<Workspace>) | undefined
  /** The session that one of ours has already: its `source.sha256`, or undefined when there is no such session. */
  readonly shaOf?: ((sessionId: SessionId) => Promise<string | undefined>) | undefined
}

export type Reading =
  /** It is here already, and has not changed since. */
  | { readonly kind: "unchanged"; readonly sessionId: SessionId }
  | {
      readonly kind: "new"
      readonly sessionId: SessionId
      /** What was made of the same source when it was shorter; it stays as it is. */
      readonly earlier?: SessionId | undefined
      /** To be read once, in order. The first is `session.created`. */
      readonly drafts: AsyncIterable<TimedDraft>
      /** What was kept and lost so far: the whole of it once the drafts have been read to their end. */
      report(): LossReport
    }

export interface Importers {
  /** The sessions that a file holds, of whatever program; none when it is of no program known here. */
  detect(path: string): Promise<readonly FoundSession[]>
  /** All sessions of other programs on this machine, newest first. Reads the beginnings of logs. */
  list(format?: Format): Promise<readonly FoundSession[]>
  /** Throws SkeinError `import.unreadable`. */
  read(found: FoundSession, choices: ImportChoices): Promise<Reading>
}

export function importers(roots: Roots): Importers {
  return {
    detect,
    async list(format) {
      const found: FoundSession[] = []
      for (const reader of READERS.filter((one) => format === undefined || one.format === format)) {
        for await (const path of reader.places(roots)) found.push(...(await findQuietly(reader, path)))
      }
      return found.sort((a, b) => b.at - a.at)
    },
    read: (found, choices) => read(found, { ...choices, cwd: choices.cwd ?? roots.home }),
  }
}

export async function detect(path: string): Promise<readonly FoundSession[]> {
  return readable(path, async () => {
    for (const reader of READERS) {
      const found = await reader.find(path)
      if (found.length > 0) return found
    }
    return []
  })
}

/** A list is of what can be read: one file that cannot be must not hide the others. Asked for by name, it is an error. */
async function findQuietly(reader: Reader, path: string): Promise<readonly FoundSession[]> {
  try {
    return await reader.find(path)
  } catch (cause) {
    if (cause instanceof Error) return []
    throw cause
  }
}

async function read(found: FoundSession, choices: ImportChoices & { readonly cwd: string }): Promise<Reading> {
  const reader = readerOf(found.format)
  const { sha256, bytes } = await readable(found.path, () => reader.fingerprint(found))
  const place = await placeFor(found, sha256, choices)
  if (place.kind === "unchanged") return place
  const ledger = new Ledger()
  if (found.cwd === "") ledger.lose("no_folder")
  const { format, path, id, isInteractive, at } = found
  const cwd = found.cwd === "" ? choices.cwd : found.cwd
  const head = {
    ...{ sessionId: place.sessionId, at, isInteractive },
    workspace: (await choices.locate?.(cwd)) ?? { path: cwd },
    settings: choices.settings,
    version: choices.version,
    source: { format, path, id, sha256 },
  }
  const beats = reader.beats(found, ledger, bytes)
  return { ...place, drafts: draftsOf(beats, head, ledger), report: () => ledger.report(found) }
}

type Place =
  | { readonly kind: "unchanged"; readonly sessionId: SessionId }
  | { readonly kind: "new"; readonly sessionId: SessionId; readonly earlier?: SessionId | undefined }

/** The first id of the source that is free, unless an import of just these bytes is there. */
async function placeFor({ format, id }: FoundSession, sha256: string, { shaOf }: ImportChoices): Promise<Place> {
  let earlier: SessionId | undefined
  for (let count = 1; ; count++) {
    const sessionId = sessionIdOf(format, id, count)
    const known = await shaOf?.(sessionId)
    if (known === undefined) return { kind: "new", sessionId, ...(earlier === undefined ? {} : { earlier }) }
    if (known === sha256) return { kind: "unchanged", sessionId }
    earlier = sessionId
  }
}

export function readerOf(format: Format): Reader {
  const reader = READERS.find((one) => one.format === format)
  if (reader === undefined) throw new Error(`There is no reader of ${format}`)
  return reader
}

/** What the disk refuses is told with what was tried. */
async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SkeinError || !(cause instanceof Error)) throw cause
    throw new SkeinError("import.unreadable", `Cannot read ${path}: ${cause.message}`, { cause })
  }
}

/** Drafts as the events of a log: counted from 1, with the times of the source. */
export async function* stamped(
  drafts: AsyncIterable<TimedDraft>,
  { sessionId, newId }: { readonly sessionId: SessionId; readonly newId: (prefix: "evt") => Id<"evt"> },
): AsyncGenerator<DurableEvent> {
  let seq = 0
  for await (const { at, draft } of drafts) {
    seq += 1
    yield { ...draft, v: EVENT_VERSION, seq, id: newId("evt"), at, sessionId }
  }
}
