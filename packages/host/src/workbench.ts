import type { LogsPort } from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"
import { type Compactions, compactionsIn } from "./compactions.ts"
import { borrowedFile, type Diagnostics, diagnosticsOf } from "./diagnostics.ts"

/** What a person looks into logs with, beside using their sessions. */
export interface Workbench<Store> {
  readonly diagnostics: Diagnostics
  /** The same for a log that lies anywhere, read in a copy that is gone afterwards. */
  diagnosed<T>(file: string, use: (at: Diagnostics, sessionId: SessionId) => Promise<T>): Promise<T>
  readonly compactions: Compactions
  /** What the store says of the bytes of a log, and makes up. */
  readonly store: Store
  /** Where the log of a session lies, if there is one. */
  fileOf(sessionId: SessionId): string
}

export interface WorkbenchOptions<Store> {
  readonly logs: LogsPort
  readonly logsIn: (dataDir: string) => LogsPort
  readonly dataDir: string
  /** Our version: a replay point of another is of no use. */
  readonly version: string
  readonly store: Store & { sessionFile(dataDir: string, sessionId: string): string | undefined }
}

export function workbenchOf<Store>(options: WorkbenchOptions<Store>): Workbench<Store> {
  const { dataDir, logsIn, version, store } = options
  const inFolder = (folder: string) => (sessionId: SessionId) => store.sessionFile(folder, sessionId) ?? ""
  const over = (logs: LogsPort, folder: string) =>
    diagnosticsOf({ logs, version, now: () => performance.now(), fileOf: inFolder(folder) })
  return {
    diagnostics: over(options.logs, dataDir),
    async diagnosed<T>(file: string, use: (at: Diagnostics, sessionId: SessionId) => Promise<T>): Promise<T> {
      const borrowed = borrowedFile(file, (folder, sessionId) => inFolder(folder)(sessionId))
      try {
        return await use(over(logsIn(borrowed.dataDir), borrowed.dataDir), borrowed.sessionId)
      } finally {
        borrowed.remove()
      }
    },
    compactions: compactionsIn(dataDir),
    store,
    fileOf: inFolder(dataDir),
  }
}
