/** Milliseconds since the epoch of what logs write as a time: a number, or a date of RFC 3339. Undefined for neither, and for what no log can have seen. */
export function timeOf(value: unknown): number | undefined {
  const at = typeof value === "number" ? Math.round(value) : typeof value === "string" ? Date.parse(value) : Number.NaN
  return at > 0 && at <= LATEST ? at : undefined
}

/** The end of the year 9999: what is later is no time that anything was written at, and no `Date` from some time on. */
const LATEST = 253_402_300_799_999

/** Gives each line a time: its own, or that of the line before. Time never runs backwards in one log. */
export function clockOf(start: number): (value: unknown) => number {
  let last = start
  return (value) => {
    last = Math.max(last, timeOf(value) ?? last)
    return last
  }
}
