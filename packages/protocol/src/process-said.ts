/** Bytes of a process's output. */
export interface ProcessSaid {
  readonly base64: string
  /** The place of the first of them in the whole output. */
  readonly from: number
  readonly isRunning: boolean
}
