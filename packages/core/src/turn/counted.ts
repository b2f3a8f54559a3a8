import type { Usage } from "@skein/protocol"

/** What a provider counted, without what is no count: it would not survive the log. */
export function counted(usage: Partial<Usage>): Partial<Usage> {
  return Object.fromEntries(
    Object.entries(usage).filter(([, count]) => typeof count !== "number" || (Number.isFinite(count) && count >= 0)),
  )
}

/** As the provider counted, else as we estimate: which of the two, it says. */
export function usageOf(said: Partial<Usage>, estimated: Pick<Usage, "input" | "output">): Usage {
  const { input, output, cacheRead = 0, cacheWrite = 0, reasoning = 0, cacheWriteLong, searches } = counted(said)
  const isEstimated = input === undefined || output === undefined || said.isEstimated === true
  return {
    ...{ input: input ?? estimated.input, cacheRead, cacheWrite, output: output ?? estimated.output, reasoning },
    ...(cacheWriteLong === undefined ? {} : { cacheWriteLong }),
    ...(searches === undefined ? {} : { searches }),
    ...(isEstimated ? { isEstimated } : {}),
  }
}
