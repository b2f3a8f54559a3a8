import { closeSync } from "node:fs"
import type { LogPort, LogsPort } from "@skein/core/ports"
import { type SessionId, SkeinError } from "@skein/protocol"
import { Appender, type ToDisk } from "./append.ts"
import { keeper } from "./beside.ts"
import { follow } from "./follow.ts"
import type { Held } from "./held.ts"
import { hold, make, openForReading, seek } from "./open.ts"
import { sessionFile } from "./paths.ts"
import { scan } from "./scan.ts"
import type { Upgrades } from "./versions.ts"

export interface LogsOptions {
  /** Absolute. Made, for its owner alone, when the first session is. */
  readonly dataDir: string
  /** fdatasync when not given. */
  readonly toDisk?: ToDisk | undefined
  /** How older schemas become this one; those that this skein ships with when not given. */
  readonly upgrades?: Upgrades | undefined
}

/** Session logs as files: `<dataDir>/sessions/<sessionId>.jsonl`, one line for each event. */
export function logs(options: LogsOptions): LogsPort {
  const { dataDir, toDisk, upgrades } = options
  return {
    async create(sessionId) {
      const path = sessionFile(dataDir, sessionId)
      if (path === undefined)
        throw new SkeinError(
          "op.invalid",
          `Cannot create a session named ${JSON.stringify(sessionId)}: expected an id like ses_…`,
        )
      const held = await make(path, upgrades)
      if (held === undefined)
        throw new SkeinError(
          "session.exists",
          `Cannot create session ${sessionId}: it is there already. Open it, or choose another id.`,
        )
      return port(held, toDisk)
    },
    async open(sessionId, reader) {
      const path = sessionFile(dataDir, sessionId)
      const held = path === undefined ? undefined : await hold(path, upgrades, reader)
      if (held === undefined) throw notFound(sessionId, dataDir)
      return port(held, toDisk)
    },
    async read(sessionId, from) {
      const path = sessionFile(dataDir, sessionId)
      const fd = path === undefined ? undefined : openForReading(path)
      if (path === undefined || fd === undefined) throw notFound(sessionId, dataDir)
      try {
        const after = from === undefined ? undefined : seek(fd, path, from)
        const found = await scan(fd, path, { from, after, upgrades })
        if (found.lines === 0) throw notFound(sessionId, dataDir)
        return found.events
      } finally {
        closeSync(fd)
      }
    },
    follow(sessionId, from, signal) {
      const path = sessionFile(dataDir, sessionId)
      if (path === undefined) throw notFound(sessionId, dataDir)
      return follow(path, from, signal, upgrades)
    },
    fileOf: (sessionId) => sessionFile(dataDir, sessionId),
    async delete(sessionId) {
      const path = sessionFile(dataDir, sessionId)
      const { remove } = await import("./remove.ts")
      if (path === undefined || !(await remove(dataDir, sessionId, path))) throw notFound(sessionId, dataDir)
    },
  }
}

function port(held: Held, toDisk: ToDisk | undefined): LogPort {
  const appender = new Appender(held.file, held.index, toDisk)
  const beside = keeper(held.file.path, held.file.fd, held.index, held.keptSeq)
  let isOpen = true
  return {
    point: held.point,
    events: held.events,
    ...(held.repaired === undefined ? {} : { repaired: held.repaired }),
    append: async (events, { flush }) => await appender.append(events, flush),
    async savePoint(point) {
      if (isOpen) beside.savePoint(point)
    },
    async close() {
      if (isOpen) beside.close()
      isOpen = false
      await appender.close()
    },
  }
}

function notFound(sessionId: SessionId, dataDir: string): SkeinError {
  return new SkeinError(
    "session.not_found",
    `Cannot find session ${sessionId} in ${dataDir}. Check the id; skein resume --last goes on with the newest.`,
  )
}
