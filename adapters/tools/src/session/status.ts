import type { SessionView } from "@skein/protocol"

/** What a session costs and how much room it has left, for the model itself. */
export function statusText(
  view: SessionView,
  {
    contextTokens,
    contextTokensMax,
  }: { readonly contextTokens: number; readonly contextTokensMax?: number | undefined },
): string {
  const { settings, usage, microUsd, goal } = view
  const { tokensMax, microUsdMax, sessionMicroUsdMax, dayMicroUsdMax } = settings.limits
  const left = contextTokensMax === undefined ? "unknown" : String(Math.max(0, contextTokensMax - contextTokens))
  const spent = usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  return [
    `model: ${settings.model}, mode ${settings.mode}, sandbox ${settings.sandbox}`,
    `context: about ${contextTokens} tokens used, ${left} left`,
    `tokens: ${spent} (input ${usage.input}, from cache ${usage.cacheRead}, into cache ${usage.cacheWrite}, output ${usage.output})${limit(tokensMax === undefined ? undefined : `${tokensMax} a turn`)}`,
    `cost: ${microUsd === undefined ? "unknown" : usd(microUsd)}${limit(microUsdMax === undefined ? undefined : `${usd(microUsdMax)} a turn`)}`,
    ...(sessionMicroUsdMax === undefined
      ? []
      : [
          `budget of this session: ${usd(sessionMicroUsdMax)}, ${usd(Math.max(0, sessionMicroUsdMax - (microUsd ?? 0)))} left`,
        ]),
    ...(dayMicroUsdMax === undefined ? [] : [`budget of the person's day, over all sessions: ${usd(dayMicroUsdMax)}`]),
    ...(goal === undefined ? [] : [`goal: ${goal}`]),
    `session: ${view.sessionId}`,
  ].join("\n")
}

function usd(microUsd: number): string {
  return `$${(microUsd / 1_000_000).toFixed(4)}`
}

function limit(max: number | string | undefined): string {
  return max === undefined ? "" : `, at most ${max}`
}
