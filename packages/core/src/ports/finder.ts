import type { FoundPaths } from "@skein/protocol"

/** Names of files and folders, kept current while somebody asks. */
export interface FinderPort {
  /**
   * Those below `root`, absolute, that fit what was typed, best first. Ignore rules are honoured, and what came or went since
   * the last question is seen. Throws SkeinError `op.invalid` for a root that is no folder.
   */
  find(root: string, query: string, limit: number): Promise<FoundPaths>
}
