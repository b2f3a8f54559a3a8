import { type ContentBlock, type Item, type ModelInfo, type Settings, SkeinError } from "@skein/protocol"
import type { ModelPort, TokensPort, ToolSpec, ToolsPort } from "../ports/index.ts"
import { isNested } from "../transcript/calls.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnLimits } from "../turn/decide.ts"
import { visibleFrom } from "./messages.ts"
import { toolsFor } from "./request.ts"
import { shellWords } from "./shell-words.ts"

export interface ContextSize {
  /** Tokens the next request would hold, estimated. */
  readonly contextTokens: number
  /** The model's window less room for its answer; undefined when the window is not known. */
  readonly contextTokensMax: number | undefined
  /** From how many tokens on room is made, unasked; undefined when the window is not known. */
  readonly triggers: { readonly elideTokens: number; readonly summaryTokens: number } | undefined
  /** How many tokens the provider counts for one that is estimated: more than one for dense scripts. Asked for seldom. */
  readonly density: number
}

interface SizePorts {
  readonly limits: Pick<TurnLimits, "elideAt" | "compactAt">
  readonly model: ModelPort
  readonly tools: ToolsPort
  readonly tokens: TokensPort
}

/** Room kept for an answer when the model's own limit is not known, and at most. */
const ANSWER_TOKENS = 32_000

/** How full the model's window is. */
export function contextSize(state: SessionState, ports: SizePorts): ContextSize {
  const contextTokensMax = windowOf(modelNow(state), ports.model, state.settings.window)
  const contextTokens = requestTokens(state, ports)
  return {
    contextTokens,
    contextTokensMax,
    triggers: contextTokensMax === undefined ? undefined : triggersOf(state, contextTokensMax, ports.limits),
    get density() {
      return Math.min(Math.max(contextTokens / Math.max(estimatedTokens(state, ports), 1), 1), DENSITY_MAX)
    },
  }
}

/** Beyond this a provider counts something else. */
const DENSITY_MAX = 4

/** The newest request as the provider counted it and what came since; all of it estimated where nothing was counted. */
function requestTokens(state: SessionState, ports: SizePorts): number {
  const { counted } = state.compaction
  if (counted === undefined) return estimatedTokens(state, ports)
  let sum = counted.tokens
  for (let at = counted.itemsTo; at < state.items.length; at++) {
    const item = state.items[at]
    if (item !== undefined) sum += itemTokens(item, ports.tokens)
  }
  return sum
}

function estimatedTokens(state: SessionState, ports: SizePorts): number {
  return systemTokens(state) + toolTokens(state, ports) + messageTokens(state, ports.tokens)
}

/**
 * Shares of what can fill up: the first request after a summary holds what no further one could take away, and measured
 * with it a large one would call for the next summary at once.
 */
function triggersOf(state: SessionState, max: number, { elideAt, compactAt }: SizePorts["limits"]) {
  const baseline = Math.min(state.compaction.baselineTokens, max)
  const at = (share: number) => Math.floor(baseline + (max - baseline) * share)
  return { elideTokens: at(Math.min(elideAt, compactAt)), summaryTokens: at(compactAt) }
}

export function messageTokens(state: SessionState, tokens: TokensPort): number {
  let sum = 0
  for (const item of state.items.slice(visibleFrom(state.items))) sum += itemTokens(item, tokens)
  return sum
}

/** The schemas of the tools that the model is offered, as sent. */
export function toolTokens(state: SessionState, ports: Pick<SizePorts, "tools" | "tokens">): number {
  let sum = 0
  for (const spec of toolsFor(state, ports.tools)) {
    const size = toolSizes.get(spec) ?? ports.tokens.estimate(JSON.stringify(spec))
    toolSizes.set(spec, size)
    sum += size
  }
  return sum
}

function systemTokens(state: SessionState): number {
  return state.system.reduce((sum, section) => sum + section.tokens, 0)
}

/** A model's window less room for its answer; undefined when it is not known. */
export function windowOf(model: string, models: ModelPort, given?: Settings["window"]): number | undefined {
  const { contextTokens: known, outputTokensMax } = factsOf(model, models) ?? {}
  const contextTokens = given?.model === model ? given.tokens : known
  if (contextTokens === undefined) return undefined
  return contextTokens - Math.min(outputTokensMax ?? ANSWER_TOKENS, ANSWER_TOKENS, Math.floor(contextTokens / 4))
}

/** What is known of a model. One that is not known has no numbers; the request itself will say what is wrong. */
export function factsOf(model: string, models: ModelPort): ModelInfo | undefined {
  try {
    return models.describe(model)
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

// Items and tools never change once made, so their size is counted once.
const itemSizes = new WeakMap<Item, number>()
const toolSizes = new WeakMap<ToolSpec, number>()

/** What one item adds to a request, as it stands now. */
export function itemTokens(item: Item, tokens: TokensPort): number {
  const known = itemSizes.get(item)
  if (known !== undefined) return known
  const size = countItem(item, tokens)
  itemSizes.set(item, size)
  return size
}

/** Per message and call: role, ids and brackets. */
const FRAME_TOKENS = 8

function countItem(item: Item, tokens: TokensPort): number {
  switch (item.kind) {
    case "user_message":
      return FRAME_TOKENS + contentTokens(item.input, tokens)
    case "context":
      return item.sections.reduce((sum, section) => sum + section.tokens, FRAME_TOKENS)
    case "agent_message":
    case "reasoning":
      return item.status === "discarded" ? 0 : tokens.estimate(item.text)
    case "hosted_call":
      return item.isDiscarded ? 0 : tokens.estimate(JSON.stringify(item.providerData?.data ?? ""))
    case "tool_call": {
      if (isNested(item)) return 0
      const input = tokens.estimate(JSON.stringify(item.input ?? item.inputText ?? ""))
      const result = item.result
      return (
        2 * FRAME_TOKENS +
        input +
        (result === undefined || result.isElided ? 0 : contentTokens(result.forModel, tokens))
      )
    }
    case "shell":
      return item.isPrivate ? 0 : FRAME_TOKENS + contentTokens(shellWords(item), tokens)
    case "compaction":
      return item.summary === undefined ? 0 : 2 * FRAME_TOKENS + tokens.estimate(item.summary)
    case "notice":
      return 0
  }
}

/** What providers charge for an image is theirs to say; this is the size of a full-resolution one. */
const IMAGE_TOKENS = 1_600

function contentTokens(content: readonly ContentBlock[], tokens: TokensPort): number {
  return content.reduce((sum, block) => sum + (block.type === "text" ? tokens.estimate(block.text) : IMAGE_TOKENS), 0)
}
