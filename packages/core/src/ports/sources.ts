import type { ContextProfile, Instructions } from "@skein/protocol"

/** Adds to what the model sees beside the conversation. Every piece says where its bytes came from. */
export interface SourcesPort {
  /** What belongs at the start of a session: instructions, project files, the environment. Stable parts first. */
  gather(context: SourceContext): Promise<readonly GatheredSection[]>
  /** What becomes relevant because these paths (absolute) were touched: nested instruction files. */
  touched(paths: readonly string[], context: SourceContext): Promise<readonly GatheredSection[]>
  /**
   * Notes on those of these files whose content is another by now. The same change is always told by the same text, so
   * that it is told once. Asked before every step. Left out, nothing is watched.
   */
  changed?(seen: readonly SeenFile[], context: SourceContext): Promise<readonly GatheredSection[]>
}

/** A file as the model last saw it. */
export interface SeenFile {
  /** Absolute. */
  readonly path: string
  /** SHA-256 of the whole content, hex. */
  readonly sha256: string
}

export interface SourceContext {
  readonly cwd: string
  readonly roots: readonly string[]
  /** Absent: `standard`. */
  readonly profile?: ContextProfile | undefined
  /** The output style that is wanted, by name. Absent: none. */
  readonly outputStyle?: string | undefined
  /** What the session's client gives it to go by. Absent: nothing. */
  readonly instructions?: Instructions | undefined
  /** How large a map of the repository is wanted. Absent: none. */
  readonly repoMapTokens?: number | undefined
}

export interface GatheredSection {
  /** `instructions`, `agents_md`, `environment` …: what kind of text this is. */
  readonly source: string
  readonly path?: string | undefined
  readonly text: string
  /** SHA-256 of the text, hex. */
  readonly sha256: string
  readonly bytes: number
  readonly bytesOmitted?: number | undefined
}
