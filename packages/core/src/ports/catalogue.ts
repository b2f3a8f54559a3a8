import type {
  PromptRecord,
  SearchHit,
  SessionFilter,
  SessionId,
  SessionSummary,
  TypicalTurns,
  UsageReport,
} from "@skein/protocol"

/**
 * What is known of all sessions without opening one. Derived from the logs and from nothing else: deleted or damaged, it
 * is made anew and says the same. Unreadable logs are left out and reported through the host's log.
 */
export interface CataloguePort {
  /** Newest change first. */
  list(filter: SessionFilter): Promise<readonly SessionSummary[]>
  /** Sessions in which these words were said, by whom or what ever, best first; archived ones too. */
  search(query: {
    readonly text: string
    readonly cwd?: string | undefined
    readonly limit?: number | undefined
  }): Promise<readonly SearchHit[]>
  /** What the person said, newest first, consecutive repeats once. */
  prompts(filter: {
    readonly cwd?: string | undefined
    readonly limit?: number | undefined
  }): Promise<readonly PromptRecord[]>
  usage(filter: {
    readonly sessionId?: SessionId | undefined
    readonly sinceMs?: number | undefined
  }): Promise<UsageReport>
  /** Medians of the newest turns in which a model was asked, 500 at most. */
  typical(): Promise<TypicalTurns>
}
