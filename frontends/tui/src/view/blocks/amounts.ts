/** `0.4 s`, `12 s`, `2 m 14 s`, `3 h 2 m`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(milliseconds, 0) / 1_000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} m ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`
}

/** How long something has been going on: whole seconds, and nothing before the first is over. */
export function elapsedText(milliseconds: number): string | undefined {
  const seconds = Math.floor(milliseconds / 1_000)
  if (seconds < 1) return undefined
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1_000)
}

/** `812 B`, `3.1 kB`, `24 MB`. */
export function bytesText(bytes: number): string {
  return scaled(bytes, ["B", "kB", "MB", "GB"], " ")
}

/** `640`, `18.2k`, `1.2M`. */
export function tokensText(tokens: number): string {
  return scaled(tokens, ["", "k", "M", "G"], "")
}

function scaled(amount: number, units: readonly string[], gap: string): string {
  let value = amount
  let at = 0
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1_000
    at += 1
  }
  const digits = at === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits).replace(/\.0$/, "")}${gap}${units[at] ?? ""}`
}

/** `$0.18`; what is less than a cent is said as such. */
export function moneyText(microUsd: number): string {
  if (microUsd > 0 && microUsd < 10_000) return "<$0.01"
  return `$${(microUsd / 1_000_000).toFixed(2)}`
}

export function countText(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`
}
