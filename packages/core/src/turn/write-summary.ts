import type { DurableDraft } from "@skein/protocol"
import { digest } from "../context/digest.ts"
import { hasWork, SUMMARY_TOKENS_MAX } from "../context/relief.ts"
import type { Room } from "../context/room.ts"
import { contextSize, factsOf, windowOf } from "../context/size.ts"
import { conversationText, summaryInstructions } from "../context/summary.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import { isSpent } from "./budget.ts"
import { complete } from "./complete.ts"
import type { TurnPorts } from "./ports.ts"

/** A new summary of what the model sees, without the earlier ones. */
export interface Written {
  readonly text: string
  readonly by: "model" | "rule"
  /** Why the model's was asked for and not used. */
  readonly failure?: string | undefined
  /** Whether the model was not asked because it had failed too often. */
  readonly isBroken: boolean
  readonly spent: readonly DurableDraft[]
}

interface WriteOptions {
  readonly kind: "auto" | "reactive" | "forced"
  readonly room: Room
  readonly isTight: boolean
  readonly keep?: string | undefined
}

/** After so many failures in a row the model is asked no more, until the person asks for it and it succeeds. */
const FAILURES_MAX = 3

/** The model's summary, or one by rule when it cannot be asked, does not answer, or is stopped. */
export async function writeSummary(
  state: SessionState,
  { kind, room, isTight, keep }: WriteOptions,
  ports: TurnPorts,
): Promise<Written> {
  const byRule = { by: "rule", text: ruleText(state, room), isBroken: false, spent: [] } as const
  if (isTight || !hasWork(state)) return byRule
  if (kind !== "forced" && state.compaction.failures >= FAILURES_MAX) return { ...byRule, isBroken: true }
  const choice = ports.taskFor("compaction", modelNow(state))
  if (isSpent(state, ports) || choice.kind !== "model") return byRule
  const request = summaryRequest(state, { kind, keep, model: choice.model }, ports)
  const { text, failure, spent } = await complete(request, "summary", ports)
  if (failure !== undefined) return { ...byRule, failure, spent }
  return { text: text.trim(), by: "model", isBroken: false, spent }
}

/** Half of the room: the other half is for what earlier summaries hold. */
function ruleText(state: SessionState, room: Room): string {
  return digest(state.items, Math.floor(room.summaryBytes / 2)) || "Nothing was done so far."
}

/** The share of the window that the summary's input may take. */
const INPUT_SHARE = 0.7
const CHARS_PER_TOKEN = 3

interface Asked extends Pick<WriteOptions, "kind" | "keep"> {
  readonly model: string
}

function summaryRequest(state: SessionState, { kind, keep, model }: Asked, ports: TurnPorts) {
  const { contextTokens, density } = contextSize(state, ports)
  const contextTokensMax = windowOf(model, ports.model)
  // What was just refused did not fit, whatever is known of the window; what was not, did.
  const held = kind === "reactive" ? contextTokens * INPUT_SHARE : contextTokens
  const charsMax = Math.floor(
    Math.min(contextTokensMax ?? held, Math.max(held, MIN_TOKENS)) * ((INPUT_SHARE * CHARS_PER_TOKEN) / density),
  )
  return {
    model,
    ...plainRequest(
      summaryInstructions({ keep, prompt: state.settings.compactPrompt }),
      conversationText(state.items, charsMax),
    ),
    outputTokensMax: Math.min(SUMMARY_TOKENS_MAX, factsOf(model, ports.model)?.outputTokensMax ?? SUMMARY_TOKENS_MAX),
    cacheKey: state.sessionId,
  }
}

const MIN_TOKENS = 1_000

/** Nothing to think about: within so few tokens thoughts would leave no room for the text. */
export function plainRequest(instructions: string, text: string) {
  const content = [{ type: "text", text: `<conversation>\n${text}\n</conversation>` }] as const
  return { system: [instructions], messages: [{ role: "user", content }], effort: "none" } as const
}
