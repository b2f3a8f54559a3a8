import type { SessionId } from "@skein/protocol"
import type { Artifact } from "./artifact.ts"

/** Full outputs, kept beside the log and bounded in memory while they are written. */
export interface ArtifactsPort {
  /** Opens a new artifact, of that session or else of none. Its bytes are on disk as they are written, readable by the owner alone. */
  create(extension: string, sessionId?: SessionId): Promise<ArtifactWriter>
}

export interface ArtifactWriter {
  write(bytes: Uint8Array): void
  close(): Promise<Artifact>
  /** Removes it; for output that turned out small enough to need none. */
  discard(): Promise<void>
}
