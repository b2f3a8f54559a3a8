/** Milliseconds since the epoch of what logs write as a time: a number, or a date of RFC 3339. Undefined for neither. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return Math.round(value)
  if (typeof value !== "string") return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}

/** Gives each line a time: its own, or that of the line before. Time never runs backwards in one log. */
export function clockOf(start: number): (value: unknown) => number {
  let last = start
  return (value) => {
    last = Math.max(last, timeOf(value) ?? last)
    return last
  }
}
