import type { CataloguePort, LogsPort } from "@skein/core/ports"
import { type SessionId, SkeinError } from "@skein/protocol"

/**
 * Logs of which nothing stays, and through which kept sessions can be gone on with all the same: a kept one is copied
 * when it is first opened, and never written to.
 */
export function borrowedLogs(own: LogsPort, kept: LogsPort): LogsPort {
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
export function borrowedCatalogue(own: CataloguePort, kept: CataloguePort): CataloguePort {
  return {
    ...kept,
    async list(filter) {
      const [ours, theirs] = await Promise.all([own.list(filter), kept.list(filter)])
      const copied = new Set(ours.map((session) => session.sessionId))
      return [...ours, ...theirs.filter((session) => !copied.has(session.sessionId))]
        .toSorted((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, filter.limit)
    },
  }
}
