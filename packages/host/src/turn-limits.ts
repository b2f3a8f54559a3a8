import type { Config } from "@skein/config"
import { DEFAULT_LIMITS } from "@skein/core"

/** What a turn may do by itself before somebody has to say more, as the configuration has it. */
export function turnLimitsOf({ values: { waiting, context } }: Config): typeof DEFAULT_LIMITS {
  return { ...DEFAULT_LIMITS, ...waiting, compactAt: context.compactAt, windowing: context.isWindowed }
}
