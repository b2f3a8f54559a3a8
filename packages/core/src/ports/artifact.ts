/** A full output kept beside the log. */
export interface Artifact {
  readonly id: string
  readonly bytes: number
  /** Absolute; the model may read it. */
  readonly path: string
}
