import type { ContentBlock, SessionId } from "@skein/protocol"
import type { ModelRequest } from "../ports/index.ts"

interface Small {
  readonly model: string
  readonly instructions: string
  readonly content: readonly ContentBlock[]
  readonly outputTokensMax: number
  readonly sessionId: SessionId
  /** Keeps its cache apart from the conversation's. */
  readonly purpose: string
}

/** One question beside the conversation, with nothing to think about and no tools. */
export function smallRequest({ model, instructions, content, outputTokensMax, sessionId, purpose }: Small) {
  const request: Omit<ModelRequest, "tools"> = {
    ...{ model, system: [instructions], messages: [{ role: "user", content }], effort: "none" },
    ...{ outputTokensMax, cacheKey: `${sessionId}-${purpose}` },
  }
  return request
}

/** A text as the only content, cut where it is too long. */
export function textContent(text: string, charsMax: number): readonly ContentBlock[] {
  return [{ type: "text", text: text.slice(0, charsMax).toWellFormed() }]
}
