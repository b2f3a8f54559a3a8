export interface Position {
  readonly line: number
  readonly column: number
}

/** What is wrong in a file of rules, and where. */
export class StarlarkError extends Error {
  override readonly name = "StarlarkError"
  readonly at: Position
  constructor(message: string, at: Position) {
    super(message)
    this.at = at
  }
}
