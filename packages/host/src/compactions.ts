import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type ReplaySeed, replaySeed, type SemanticSummary, semanticSummary, sessionText } from "@skein/core/artifacts"
import { type DurableEvent, type SessionId, SkeinError } from "@skein/protocol"
import { asNumber, asText, parseObject } from "@skein/protocol/json"

/** What was made of a session so that another can begin with it: beside its full outputs, and gone with it. */
export interface Compactions {
  /** Keeps where the log ends, in numbers, ids and hashes. Throws SkeinError when there is one of that name. */
  seed(events: readonly DurableEvent[], artifactId: string): Compacted<ReplaySeed>
  /** Keeps a text that sums the session up. Without a text one is made by rule. Throws as `seed` does. */
  summary(
    events: readonly DurableEvent[],
    facts: {
      readonly artifactId: string
      readonly text?: string | undefined
      readonly source: SemanticSummary["source"]
    },
  ): Compacted<SemanticSummary>
  /** Newest first. */
  list(sessionId: SessionId): readonly KeptCompaction[]
  /** All but the newest of each kind; removes them with `isApplied`. */
  prune(sessionId: SessionId, keptPerKind: number, isApplied: boolean): readonly KeptCompaction[]
}

export interface Compacted<T> {
  readonly file: string
  readonly artifact: T
}

export interface KeptCompaction {
  readonly kind: string
  readonly artifactId: string
  /** The newest event that it covers. */
  readonly seq: number
  readonly file: string
}

export function compactionsIn(sessionsDir: string): Compactions {
  const folderOf = (sessionId: SessionId) => join(sessionsDir, "artifacts", sessionId, "compactions")
  const keep = <T extends ReplaySeed | SemanticSummary>(artifact: T): Compacted<T> => {
    const folder = folderOf(artifact.sessionId)
    const file = join(folder, `${artifact.kind}.${artifact.artifactId}.json`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      writeFileSync(file, `${JSON.stringify(artifact)}\n`, { mode: 0o600, flag: "wx" })
    } catch (cause) {
      if (existsSync(file)) {
        throw new SkeinError(
          "op.invalid",
          `There is a ${artifact.kind} ${artifact.artifactId} already, at ${file}. Give another id.`,
          { cause },
        )
      }
      throw new SkeinError("log.unwritable", `Cannot keep ${file}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      })
    }
    return { file, artifact }
  }
  const list = (sessionId: SessionId) => keptIn(folderOf(sessionId))
  return {
    seed: (events, artifactId) => keep(replaySeed(events, named(artifactId))),
    summary: (events, { artifactId, text, source }) =>
      keep(semanticSummary(events, { artifactId: named(artifactId), text: text ?? sessionText(events), source })),
    list,
    prune(sessionId, keptPerKind, isApplied) {
      const kinds = Map.groupBy(list(sessionId), ({ kind }) => kind)
      const old = [...kinds.values()].flatMap((kept) => kept.slice(keptPerKind))
      if (isApplied) for (const { file } of old) rmSync(file)
      return old
    },
  }
}

/** The name becomes that of a file. Throws SkeinError. */
function named(artifactId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(artifactId)) return artifactId
  throw new SkeinError("op.invalid", `An artifact's id is letters, digits, - and _, not ${JSON.stringify(artifactId)}.`)
}

function keptIn(folder: string): KeptCompaction[] {
  if (!existsSync(folder)) return []
  const kept = readdirSync(folder).flatMap((name): KeptCompaction[] => {
    const [, kind, artifactId] = /^([a-z-]+)\.([\w-]+)\.json$/.exec(name) ?? []
    if (kind === undefined || artifactId === undefined) return []
    const file = join(folder, name)
    const artifact = parseObject(readFileSync(file, "utf8"))
    // A file of that name which holds something else is not ours to remove.
    if (artifact === undefined || asText(artifact.kind) !== kind) return []
    return [{ kind, artifactId, seq: asNumber(artifact.seq) ?? 0, file }]
  })
  return kept.toSorted((a, b) => b.seq - a.seq || (a.artifactId < b.artifactId ? 1 : -1))
}
