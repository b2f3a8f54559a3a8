/** For `catch`: what is not there is nothing, and any other error is one. */
export function absent(error: unknown): undefined {
  if (isAbsent(error)) return undefined
  throw error
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT"
}
