import type { Effort } from "@skein/protocol"
import type { Target } from "./wire.ts"

/*
 * How a model is asked to think. The catalogue says it in `dialect.thinking`; for a model it does not hold, the name of
 * its family must do, and a family that is not named here is asked in its maker's newest way.
 */

export type ClaudeThinking =
  | { readonly style: "budget"; readonly tokens: number }
  | { readonly style: "adaptive"; readonly effort: string }

/** Claude before 4.6 takes a token budget, and so do other makers' models behind an Anthropic-like API. */
const CLAUDE_WITH_BUDGET = /claude-(?:3|(?:opus|sonnet|haiku)-4(?![-.](?:[6-9]|[1-9]\d)(?!\d)))/

/** Undefined: without thinking, or as the model does by itself. */
export function claudeThinking(target: Target, effort: Effort | undefined): ClaudeThinking | undefined {
  if (effort === undefined || !target.info.reasoning) return undefined
  const model = target.modelId
  const style = target.provider.dialect?.thinking ?? (hasClaudeBudget(model) ? "budget" : "adaptive")
  if (effort === "none") return style === "always" ? { style: "adaptive", effort: "low" } : undefined
  if (style === "budget") return { style, tokens: CLAUDE_BUDGETS[effort] }
  if (effort === "minimal") return { style: "adaptive", effort: "low" }
  // The 4.6 models know `max` and not yet `xhigh`.
  if (effort === "xhigh") return { style: "adaptive", effort: /-4[-.]6/.test(model) ? "max" : "xhigh" }
  return { style: "adaptive", effort }
}

function hasClaudeBudget(model: string): boolean {
  return !model.includes("claude") || CLAUDE_WITH_BUDGET.test(model)
}

const CLAUDE_BUDGETS = { minimal: 1024, low: 4096, medium: 10_000, high: 24_000, xhigh: 32_000 } as const

/** The `thinkingConfig` of a Gemini model: a budget before 3, a level since. */
export function geminiThinking(target: Target, effort: Effort): Readonly<Record<string, unknown>> {
  const includeThoughts = effort !== "none"
  const model = target.modelId
  if (geminiStyle(target) === "level") return { includeThoughts, thinkingLevel: geminiLevel(model, effort) }
  const least = model.includes("pro") ? 128 : 0
  return { includeThoughts, thinkingBudget: Math.max(least, GEMINI_BUDGETS[effort]) }
}

export function geminiStyle(target: Target): "budget" | "level" {
  const said = target.provider.dialect?.thinking
  if (said === "budget" || said === "level") return said
  return /gemini-(?:1|2)/.test(target.modelId) ? "budget" : "level"
}

const GEMINI_BUDGETS = { none: 0, minimal: 512, low: 2048, medium: 8192, high: 16_384, xhigh: 24_576 } as const

function geminiLevel(model: string, effort: Effort): string {
  const isPro = model.includes("pro")
  if (effort === "none" || effort === "minimal") return isPro ? "low" : "minimal"
  if (effort === "xhigh") return "high"
  // The first Pro of generation 3 knows two levels only.
  if (effort === "medium" && model.includes("gemini-3-pro")) return "high"
  return effort
}

/**
 * The word an OpenAI model knows: all know low, medium and high. `none` came with GPT-5.1 and `minimal` went, `xhigh` came
 * with 5.1-codex-max and 5.2. The codex models think always. Models of others behind the same field know no `minimal`
 * and no `xhigh`, but for those whose names say nothing.
 */
export function openaiEffort(modelId: string, effort: Effort): string {
  const name = modelId.slice(modelId.lastIndexOf("/") + 1)
  const { least, most } = EFFORT_WORDS.find(({ models }) => models.test(name)) ?? OTHERS
  if (effort === "none") return least
  if (effort === "minimal") return least === "minimal" ? least : "low"
  return effort === "xhigh" ? most : effort
}

const EFFORT_WORDS = [
  { models: /^(?:o\d|gpt-oss)/, least: "low", most: "high" },
  { models: /^gpt-5-codex/, least: "low", most: "high" },
  { models: /^gpt-5(?:-|$)/, least: "minimal", most: "high" },
  { models: /^gpt-5\.1-codex-max/, least: "low", most: "xhigh" },
  { models: /^gpt-5\.1-codex/, least: "low", most: "high" },
  { models: /^gpt-5\.1/, least: "none", most: "high" },
  { models: /^gpt-[\d.]+-codex/, least: "low", most: "xhigh" },
  { models: /^gpt-/, least: "none", most: "xhigh" },
] as const

const OTHERS = { least: "none", most: "high" } as const

/** The models before GPT-5, and those of others that speak OpenAI's wires, know one verbosity and refuse any other. */
export function takesVerbosity(modelId: string): boolean {
  return !/^(?:o\d|gpt-[34]|chatgpt-4|gpt-oss|grok)/.test(modelId.slice(modelId.lastIndexOf("/") + 1))
}
