/** Adds to what the model sees beside the conversation. Every piece says where its bytes came from. */
export interface SourcesPort {
  /** What belongs at the start of a session: instructions, project files, the environment. Stable parts first. */
  gather(context: SourceContext): Promise<readonly GatheredSection[]>
  /** What becomes relevant because these paths (absolute) were touched: nested instruction files. */
  touched(paths: readonly string[], context: SourceContext): Promise<readonly GatheredSection[]>
}

export interface SourceContext {
  readonly cwd: string
  readonly roots: readonly string[]
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
