import type { CallId } from "@skein/protocol"
import { contextSize, messageTokens } from "../context/size.ts"
import { digest, elidable } from "../context/trim.ts"
import { callOf } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"

/** The share of the window that a digest may take. */
const DIGEST_SHARE = 0.3
const CHARS_PER_TOKEN = 3
/** When the window is not known, a digest of this size is small enough for any model in use. */
const DIGEST_CHARS_UNKNOWN = 24_000

/**
 * Lets older context go, gently first: results of older calls, and when that was not enough, everything but the
 * person's words and the newest part. One line tells the person; the log keeps all.
 */
export async function compact(
  state: SessionState,
  cause: "auto" | "reactive" | "images",
  ports: TurnPorts,
): Promise<void> {
  const { contextTokens: tokensBefore, contextTokensMax } = contextSize(state, ports)
  const plan = cause === "images" ? { elided: [], imagesElided: true } : letGo(state, contextTokensMax)
  const summaryTokens = plan.summary === undefined ? 0 : ports.tokens.estimate(plan.summary)
  const freed =
    plan.summary === undefined ? resultTokens(state, plan.elided, ports) : messageTokens(state, ports.tokens)
  const tokensAfter = tokensBefore - freed + summaryTokens
  const kind = cause === "auto" ? "auto" : plan.summary === undefined ? "micro" : "reactive"
  const text =
    cause === "images"
      ? "The provider refused the request. It is tried again without its images."
      : `Older context was left out to make room (about ${tokensBefore} tokens before, ${tokensAfter} after). The log keeps all.`
  await ports.emit([
    { type: "context.compacted", kind, ...plan, tokensBefore, tokensAfter },
    { type: "notice.posted", level: "info", text, code: "context.compacted" },
  ])
}

interface LetGo {
  readonly elided: CallId[]
  readonly summary?: string
  readonly imagesElided?: boolean
}

function letGo(state: SessionState, contextTokensMax: number | undefined): LetGo {
  const elided = elidable(state)
  if (elided.length > 0 && state.turn?.compactions === 0) return { elided }
  const chars =
    contextTokensMax === undefined ? DIGEST_CHARS_UNKNOWN : contextTokensMax * DIGEST_SHARE * CHARS_PER_TOKEN
  return { elided: [], summary: digest(state, Math.floor(chars)) }
}

function resultTokens(state: SessionState, callIds: readonly CallId[], ports: TurnPorts): number {
  const texts = callIds.flatMap((callId) => callOf(state, callId)?.result?.forModel ?? [])
  return texts.reduce((sum, block) => sum + (block.type === "text" ? ports.tokens.estimate(block.text) : 0), 0)
}
