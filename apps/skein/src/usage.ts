/** The command line was not understood. The text says what was given and what there is. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** Known, and not here yet: said plainly instead of doing nothing. */
export class Blocked extends Error {
  override readonly name = "Blocked"
}
