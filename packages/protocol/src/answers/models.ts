import { EFFORTS, TIERS } from "../choices.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"
import { TASKS } from "../tasks.ts"

const rates = () => ({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
  cacheWriteLong: z.number().optional(),
})

const price = () => ({
  ...rates(),
  searches: z.number().optional(),
  bands: z.array(z.object({ ...rates(), aboveTokens: z.number() })).optional(),
})

export const ModelInfoSchema = lazy(() =>
  z.object({
    provider: z.string(),
    id: z.string(),
    name: z.string().optional(),
    contextTokens: z.number().optional(),
    outputTokensMax: z.number().optional(),
    price: z.object(price()).optional(),
    prices: z.array(z.object({ ...price(), since: z.string().optional() })).optional(),
    cache: z
      .object({
        kind: z.enum(["marks", "key", "prefix", "none"]),
        ttlMs: z.number().optional(),
        tokensMin: z.number().optional(),
        isPerEffort: z.boolean().optional(),
      })
      .optional(),
    images: z.boolean(),
    tools: z.boolean(),
    reasoning: z.boolean(),
    search: z.object({ isCacheable: z.boolean(), isBoundable: z.boolean() }).optional(),
    hasVerbosity: z.boolean().optional(),
    isReady: z.boolean(),
  }),
)

export const TierInfoSchema = lazy(() =>
  z.object({
    tier: z.enum(TIERS),
    model: z.string().optional(),
    effort: z.enum(EFFORTS).optional(),
    blocker: z.string().optional(),
    price: z.object(price()).optional(),
    turnMicroUsd: z.number().optional(),
    turnMs: z.number().optional(),
    turns: z.number().optional(),
  }),
)

export const TaskInfoSchema = lazy(() =>
  z.object({
    task: z.enum(TASKS),
    choice: z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("model"),
        model: z.string(),
        effort: z.enum(EFFORTS).optional(),
        why: z.string(),
      }),
      z.object({ kind: z.literal("rule"), why: z.string() }),
      z.object({ kind: z.literal("off"), why: z.string() }),
    ]),
  }),
)
