import type { Usage } from "./content.ts"

export const NO_USAGE: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 }

/** Estimated when either part is. */
export function addUsage(total: Usage, more: Usage): Usage {
  const cacheWriteLong = (total.cacheWriteLong ?? 0) + (more.cacheWriteLong ?? 0)
  return {
    input: total.input + more.input,
    cacheRead: total.cacheRead + more.cacheRead,
    cacheWrite: total.cacheWrite + more.cacheWrite,
    output: total.output + more.output,
    reasoning: total.reasoning + more.reasoning,
    ...(cacheWriteLong > 0 ? { cacheWriteLong } : {}),
    ...(total.isEstimated === true || more.isEstimated === true ? { isEstimated: true } : {}),
  }
}
