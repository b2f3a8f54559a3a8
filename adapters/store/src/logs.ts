import { closeSync } from "node:fs"
import type { LogPort, LogsPort } from "@skein/core/ports"
import { type SessionId, SkeinError } from "@skein/protocol"
import { Appender, type ToDisk } from "./append.ts"
import { listSessions } from "./list.ts"
import { type Held, hold, make, openForReading } from "./open.ts"
import { sessionFile } from "./paths.ts"
import { scan } from "./scan.ts"

export interface LogsOptions {
  /** Absolute. Made, for its owner alone, when the first session is. */
  readonly dataDir: string
  /** Told of logs that a list leaves out, one sentence each. */
  readonly onUnreadable?: ((sentence: string) => void) | undefined
  /** fdatasync when not given. */
  readonly toDisk?: ToDisk | undefined
}

/** Session logs as files: `<dataDir>/sessions/<sessionId>.jsonl`, one line for each event. */
export function logs(options: LogsOptions): LogsPort {
  const { dataDir, toDisk, onUnreadable } = options
  return {
    async create(sessionId) {
      const path = sessionFile(dataDir, sessionId)
      if (path === undefined)
        throw new SkeinError(
          "op.invalid",
          `Cannot create a session named ${JSON.stringify(sessionId)}: expected an id like ses_…`,
        )
      const held = await make(path)
      if (held === undefined)
        throw new SkeinError(
          "session.exists",
          `Cannot create session ${sessionId}: it is there already. Open it, or choose another id.`,
        )
      return port(held, toDisk)
    },
    async open(sessionId) {
      const path = sessionFile(dataDir, sessionId)
      const held = path === undefined ? undefined : await hold(path)
      if (held === undefined) throw notFound(sessionId, dataDir)
      return port(held, toDisk)
    },
    async read(sessionId, from) {
      const path = sessionFile(dataDir, sessionId)
      const fd = path === undefined ? undefined : openForReading(path)
      if (path === undefined || fd === undefined) throw notFound(sessionId, dataDir)
      try {
        const found = await scan(fd, path, from)
        if (found.lines === 0) throw notFound(sessionId, dataDir)
        return found.events
      } finally {
        closeSync(fd)
      }
    },
    list: (filter) => listSessions(dataDir, filter, onUnreadable ?? ignore),
  }
}

function port(held: Held, toDisk: ToDisk | undefined): LogPort {
  const appender = new Appender(held.file, toDisk)
  return {
    events: held.events,
    ...(held.repaired === undefined ? {} : { repaired: held.repaired }),
    append: async (events, { flush }) => await appender.append(events, flush),
    close: () => appender.close(),
  }
}

function notFound(sessionId: SessionId, dataDir: string): SkeinError {
  return new SkeinError(
    "session.not_found",
    `Cannot find session ${sessionId} in ${dataDir}. Check the id; skein resume --last goes on with the newest.`,
  )
}

function ignore(): void {}
