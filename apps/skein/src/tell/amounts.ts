/** `$0.0042`; `$12.34` from ten dollars on; `<$0.0001` for what is not nothing; `?` when no price was known. */
export function money(microUsd: number | undefined): string {
  if (microUsd === undefined) return "?"
  if (microUsd > 0 && microUsd < 50) return "<$0.0001"
  const usd = microUsd / 1_000_000
  return `$${usd.toFixed(usd >= 10 ? 2 : 4)}`
}

/** `950`, `12.4k`, `1.2M`. */
export function tokens(count: number): string {
  if (count < 1_000) return String(count)
  if (count < 999_500) return `${short(count / 1_000)}k`
  return `${short(count / 1_000_000)}M`
}

/** Without a decimal that says nothing. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, "")
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `now`, `5 min ago`, `2 h ago`, `3 d ago`, and the day itself from four weeks on. */
export function age(epochMs: number, nowMs: number): string {
  const ms = Math.max(nowMs - epochMs, 0)
  if (ms < MINUTE_MS) return "now"
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ago`
  if (ms < 28 * DAY_MS) return `${Math.floor(ms / DAY_MS)} d ago`
  return minute(epochMs).slice(0, 10)
}

/** `2026-03-01 14:05`, where the machine is. */
export function minute(epochMs: number): string {
  const local = epochMs - new Date(epochMs).getTimezoneOffset() * 60_000
  return new Date(local).toISOString().slice(0, 16).replace("T", " ")
}

/** `0.4 ms`, `340 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < MINUTE_MS) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ${Math.round((ms % MINUTE_MS) / 1_000)} s`
  return `${Math.floor(ms / HOUR_MS)} h ${Math.round((ms % HOUR_MS) / MINUTE_MS)} min`
}

/** `1 turn`, `3 turns`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `640 B`, `12 kB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${short(bytes / 1_000)} kB`
  return `${short(bytes / 1_000_000)} MB`
}
