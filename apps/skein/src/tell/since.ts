import { UsageError } from "../usage.ts"

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `30m`, `12h`, `7d` or `2w` in milliseconds; undefined for anything else. */
export function spanMs(text: string): number | undefined {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (UNITS_MS[unit] ?? 0)
}

/** `7d`, `12h`, `2w`, or a day as `2026-03-01`; as a point in time. Throws UsageError that names the flag. */
export function sinceOf(text: string | undefined, flag: string, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  const span = spanMs(text)
  if (span !== undefined) return nowMs - span
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00`).getTime() : Number.NaN
  if (!Number.isNaN(day)) return day
  throw new UsageError(`--${flag} takes a span as 7d, 12h or 2w, or a day as 2026-03-01, not ${JSON.stringify(text)}.`)
}
