import { CacheBreak, CacheMiss, MISS_CAUSES } from "../cache.ts"
import { CONTEXT_PROFILES } from "../choices.ts"
import { Usage } from "../content.ts"
import { SectionSchema } from "../events/turn.ts"
import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"

export const CompactionPreviewSchema = lazy(() =>
  z.object({
    tokensBefore: z.number(),
    tokensAfter: z.number(),
    contextTokensMax: z.number().optional(),
    triggerTokens: z.number().optional(),
    kept: z.array(z.string()),
    dropped: z.array(z.string()),
    inputsKept: z.number(),
    inputs: z.number(),
  }),
)

export const ContextReportSchema = lazy(() =>
  z.object({
    sections: z.array(SectionSchema()),
    inline: z.array(SectionSchema()),
    profile: z.enum(CONTEXT_PROFILES).optional(),
    toolTokens: z.number(),
    servers: z.array(z.object({ name: z.string(), tokens: z.number() })).optional(),
    messageTokens: z.number(),
    totalTokens: z.number(),
    contextTokens: z.number().optional(),
    conversation: z.array(z.object({ source: z.string(), tokens: z.number() })).optional(),
    cache: z
      .object({
        readTokens: z.number(),
        inputTokens: z.number(),
        miss: CacheMiss().optional(),
        breaks: z.array(CacheBreak()).optional(),
      })
      .optional(),
  }),
)

export const CacheForecastSchema = lazy(() => z.object({ tokens: z.number(), microUsd: z.number().optional() }))

const usageRow = () => ({
  steps: z.number(),
  usage: Usage(),
  microUsd: z.number().optional(),
  modelMs: z.number(),
  firstTokenMs: z.number().optional(),
  tokensPerSecond: z.number().optional(),
  misses: z.array(z.object({ cause: z.enum(MISS_CAUSES), steps: z.number(), tokens: z.number() })).optional(),
})

export const UsageReportSchema = lazy(() =>
  z.object({
    total: z.object(usageRow()),
    sessions: z.array(z.object({ ...usageRow(), sessionId: idSchema("ses"), preview: z.string() })),
    days: z.array(z.object({ ...usageRow(), day: z.string() })),
    models: z.array(z.object({ ...usageRow(), model: z.string() })),
    turns: z.array(z.object({ ...usageRow(), turnId: idSchema("trn"), preview: z.string() })),
  }),
)
