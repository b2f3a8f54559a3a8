/** `$0.18`, `$0.0042`: four places below a cent, so that little is not nothing. Micro-USD. */
export function moneyText(microUsd: number): string {
  return `$${(microUsd / 1e6).toFixed(microUsd > 0 && microUsd < CENT_MICRO_USD ? 4 : 2)}`
}

const CENT_MICRO_USD = 10_000

/** `840`, `12.3 k`, `1.2 M` */
export function shortCount(count: number): string {
  if (count < 1_000) return `${Math.round(count)}`
  const [amount, unit] = count < 999_950 ? [count / 1_000, "k"] : [count / 1e6, "M"]
  return `${amount >= 100 ? Math.round(amount) : Number(amount.toFixed(1))} ${unit}`
}

/** `12,345` */
export function longCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",")
}

/** `1 turn`, `2 turns` */
export function counted(count: number, noun: string): string {
  return `${longCount(count)} ${noun}${count === 1 ? "" : "s"}`
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

/** `0.8 s`, `12 s`, `2 min 14 s`, `1 h 03 min` */
export function durationText(ms: number): string {
  const seconds = ms / 1_000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`
}

/** `512 B`, `3.1 kB`, `12 MB` */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"]
  return `${amount >= 10 ? Math.round(amount) : amount.toFixed(1)} ${unit}`
}

/** `31 %`, and `<1 %` for what is little but not nothing. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return "0 %"
  const share = (part / whole) * 100
  return share > 0 && share < 1 ? "<1 %" : `${Math.round(share)} %`
}
