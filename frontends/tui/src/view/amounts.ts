/** How much of something there is, for a person: the same words wherever it is told. A unit stands behind a space. */

/** `0.4 s`, `12 s`, `2 m 04 s`, `3 h 02 m`. */
export function durationText(ms: number): string {
  const seconds = Math.max(ms, 0) / 1_000
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : clockText(Math.round(seconds))
}

/** How long something has been going on, in whole seconds that are over: `0 s`, `12 s`, `2 m 04 s`. */
export function elapsedText(ms: number): string {
  return clockText(Math.floor(Math.max(ms, 0) / 1_000))
}

function clockText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} m ${twoDigits(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`
}

function twoDigits(amount: number): string {
  return String(amount).padStart(2, "0")
}

/** `just now`, `5 min ago`, `2 h ago`, `yesterday`, `12 days ago`. Milliseconds on one scale. */
export function ageText(at: number, now: number): string {
  const minutes = Math.floor(Math.max(0, now - at) / 60_000)
  if (minutes < 1) return "just now"
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ago`
  const days = Math.floor(hours / 24)
  return days === 1 ? "yesterday" : `${days} days ago`
}

/** `812 B`, `3.1 kB`, `24 MB`. */
export function bytesText(bytes: number): string {
  return scaled(bytes, ["B", "kB", "MB", "GB"])
}

/** `640`, `18.2 k`, `1.2 M`: of tokens, mostly. */
export function shortCount(count: number): string {
  return scaled(count, ["", "k", "M", "G"])
}

function scaled(amount: number, units: readonly string[]): string {
  let value = amount
  let at = 0
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1_000
    at += 1
  }
  const digits = at === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[at] ?? ""}`.trimEnd()
}

/** `12,345` */
export function longCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",")
}

/** `1 turn`, `2 turns` */
export function counted(count: number, noun: string): string {
  return `${longCount(count)} ${noun}${count === 1 ? "" : "s"}`
}

/** `$0.18`, `$0.0042`: four places below a cent, so that little is not nothing. */
export function moneyText(microUsd: number): string {
  if (microUsd > 0 && microUsd < 50) return "<$0.0001"
  return `$${(microUsd / 1e6).toFixed(microUsd > 0 && microUsd < CENT_MICRO_USD ? 4 : 2)}`
}

const CENT_MICRO_USD = 10_000

/** `31 %`, and `<1 %` for what is little but not nothing. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return "0 %"
  const share = (part / whole) * 100
  return share > 0 && share < 1 ? "<1 %" : `${Math.round(share)} %`
}
