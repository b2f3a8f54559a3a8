/** `7 B`, `3.1 kB`, `200 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"]
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** A command as one line of a list. */
export function firstLine(command: string): string {
  const [line = "", ...more] = command.trim().split("\n")
  const rest = more.length === 0 ? "" : ` (+${more.length} line${more.length === 1 ? "" : "s"})`
  return (line.length > 100 ? `${line.slice(0, 99)}…` : line) + rest
}

/** How something ended. */
export function endingOf({
  exitCode,
  signal,
}: {
  readonly exitCode: number | null
  readonly signal: string | null
}): string {
  if (exitCode !== null) return `exit ${exitCode}`
  return signal === null ? "stopped" : `ended by ${signal}`
}
