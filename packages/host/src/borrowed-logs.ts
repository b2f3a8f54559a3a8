import type { CataloguePort, LogsPort } from "@skein/core/ports"
import { type SessionId, SkeinError } from "@skein/protocol"
import { bothSpent } from "./borrowed-usage.ts"

interface Keeper {
  readonly logs: LogsPort
  readonly catalogue: CataloguePort
}

/**
 * Sessions of which nothing stays, and through which kept ones can be gone on with all the same: a kept one is copied
 * when it is first opened, and never written to.
 */
export function borrowed(own: Keeper, kept: Keeper): Keeper {
  /** When the newest event of a kept session was that was copied: what came later is its copy's own. */
  const copiedTo = new Map<SessionId, number>()
  const onCopied = (sessionId: SessionId, at: number) => void copiedTo.set(sessionId, at)
  return {
    logs: borrowedLogs(own.logs, kept.logs, onCopied),
    catalogue: borrowedCatalogue(own.catalogue, kept.catalogue, copiedTo),
  }
}

function borrowedLogs(own: LogsPort, kept: LogsPort, onCopied: (sessionId: SessionId, at: number) => void): LogsPort {
  const isOwn = async (sessionId: SessionId): Promise<boolean> => {
    try {
      await own.read(sessionId)
      return true
    } catch (error) {
      if (error instanceof SkeinError && error.code === "session.not_found") return false
      throw error
    }
  }
  return {
    create: (sessionId) => own.create(sessionId),
    async open(sessionId, reader) {
      if (!(await isOwn(sessionId))) {
        const events = await kept.read(sessionId)
        const copy = await own.create(sessionId)
        await copy.append(events, { flush: false })
        await copy.close()
        onCopied(sessionId, events.at(-1)?.at ?? 0)
      }
      return own.open(sessionId, reader)
    },
    read: async (sessionId, from) => ((await isOwn(sessionId)) ? own : kept).read(sessionId, from),
    async *follow(sessionId, from, signal) {
      yield* ((await isOwn(sessionId)) ? own : kept).follow(sessionId, from, signal)
    },
    async delete(sessionId) {
      if (await isOwn(sessionId)) return own.delete(sessionId)
      throw new SkeinError("op.invalid", `Session ${sessionId} is kept elsewhere: delete it without --ephemeral.`)
    },
  }
}

/** What is known of kept sessions and of those of which nothing stays, as of one lot. */
function borrowedCatalogue(
  own: CataloguePort,
  kept: CataloguePort,
  copiedTo: ReadonlyMap<SessionId, number>,
): CataloguePort {
  return {
    ...kept,
    async list(filter) {
      const [ours, theirs] = await Promise.all([own.list(filter), kept.list(filter)])
      const copied = new Set(ours.map((session) => session.sessionId))
      return [...ours, ...theirs.filter((session) => !copied.has(session.sessionId))]
        .toSorted((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, filter.limit)
    },
    async usage(filter) {
      const ours = await own.usage(filter)
      // A copy holds all that it was copied from.
      if (filter.sessionId !== undefined) return ours.sessions.length > 0 ? ours : kept.usage(filter)
      let all = await kept.usage(filter)
      for (const { sessionId } of ours.sessions) {
        const sinceMs = Math.max(filter.sinceMs ?? 0, (copiedTo.get(sessionId) ?? -1) + 1)
        all = bothSpent(all, await own.usage({ sessionId, sinceMs }))
      }
      return all
    },
  }
}
