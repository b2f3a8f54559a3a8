import type { Target } from "./wire.ts"

/** What a person may see of a provider's text: one bounded line without control characters and without the key. */
export function shown(text: string, target: Target): string {
  const bare = target.key ? text.replaceAll(target.key, "[key]") : text
  const line = bare.replace(/[\p{Cc}\s]+/gu, " ").trim()
  return line.length > 600 ? `${line.slice(0, 600)}…` : line
}

/** `Anthropic (api.anthropic.com)`. */
export function whoIs(target: Target): string {
  return `${target.provider.name} (${hostOf(target.baseUrl)})`
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}

/** A cause is printed and recorded too, so one that holds the key is left out. */
export function withoutKey(cause: unknown, target: Target): unknown {
  const hasKey = target.key !== undefined && target.key !== "" && String(cause).includes(target.key)
  return hasKey ? undefined : cause
}
