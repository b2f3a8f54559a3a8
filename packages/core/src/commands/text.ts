import type { Usage } from "@skein/protocol"

/** `$0.0123`; what is too little to be written so is `<$0.0001`, as it is not nothing. */
export function money(microUsd: number): string {
  if (microUsd > 0 && microUsd < 50) return "<$0.0001"
  return `$${(microUsd / 1_000_000).toFixed(4)}`
}

/** `12,345`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",")
}

/** All tokens that went in and came out. */
export function tokensOf(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite + usage.output
}

/** How long ago, in the largest unit that says something. Times are milliseconds since the epoch. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor(Math.max(0, now - at) / 60_000)
  if (minutes < 1) return "just now"
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ago`
  return `${Math.floor(hours / 24)} days ago`
}

/** `1 turn`, `2 turns`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`
}

/** On one line, bounded. */
export function oneLine(text: string, charsMax = 72): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length <= charsMax ? line : `${line.slice(0, charsMax - 1)}…`
}

/** The first lines, and how many more there are. */
export function firstLines(lines: readonly string[], linesMax: number): readonly string[] {
  const more = lines.length - linesMax
  return more > 0 ? [...lines.slice(0, linesMax), `⋯ ${counted(more, "more line")}`] : lines
}

/** Rows with their first cells padded to one width. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length))
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`.trimEnd())
}

/** A path as from the session's folder. */
export function shownPath(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}
