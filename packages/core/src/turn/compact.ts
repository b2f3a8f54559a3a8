import { contextSize, messageTokens } from "../context/size.ts"
import { type LetGo, letGo, resultTokens } from "../context/trim.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"

/** Lets older context go. One line tells the person; the log keeps all. */
export async function compact(
  state: SessionState,
  cause: "auto" | "reactive" | "images",
  ports: TurnPorts,
): Promise<void> {
  const { contextTokens: tokensBefore, contextTokensMax } = contextSize(state, ports)
  const isImages = cause === "images"
  const plan = (isImages ? undefined : letGo(state, cause, contextTokensMax, ports.tokens)) ?? { elided: [] }
  const tokensAfter = tokensBefore - freed(state, plan, ports)
  const kind = cause === "auto" ? "auto" : plan.summary === undefined ? "micro" : "reactive"
  const { elided, summary } = plan
  const text = isImages
    ? "The provider refused the request. It is tried again without its images."
    : `Older context was left out to make room (about ${tokensBefore} tokens before, ${tokensAfter} after). The log keeps all.`
  await ports.emit([
    {
      type: "context.compacted",
      ...{ kind, elided: [...elided], summary, tokensBefore, tokensAfter },
      ...(isImages ? { imagesElided: true } : {}),
    },
    { type: "notice.posted", level: "info", text, code: "context.compacted" },
  ])
}

function freed(state: SessionState, { elided, summary }: LetGo, { tokens }: TurnPorts): number {
  if (summary === undefined) return resultTokens(state, elided, tokens)
  return messageTokens(state, tokens) - tokens.estimate(summary)
}
