import type { Continued, ModelRequest } from "../ports/index.ts"
import type { CacheRecord } from "../transcript/state.ts"

/** A provider that twice in a row did not have what it had said to keep is told everything from then on. */
const LOST_MAX = 2

/**
 * Where a request goes on from, when its provider keeps the conversation (FEATURES PROV-21): the same model is asked, and the
 * conversation is that of the request before, its reply, and what came since. `messagesBefore` of it were in that request.
 */
export function continuedOf(
  { sent, lost }: CacheRecord,
  { model, messages }: Pick<ModelRequest, "model" | "messages">,
  messagesBefore: number | undefined,
): Continued | undefined {
  if (sent?.storedAs === undefined || sent.model !== model || messagesBefore === undefined || lost >= LOST_MAX)
    return undefined
  const hasReply = messages[messagesBefore - 1]?.role === "user" && messages[messagesBefore]?.role === "assistant"
  const messagesFrom = messagesBefore + 1
  return hasReply && messages[messagesFrom]?.role === "user" ? { replyId: sent.storedAs, messagesFrom } : undefined
}

/** Why everything is sent although some of it is kept; undefined where nothing is kept, or where it serves. */
export function wholeAgain({ sent, lost }: CacheRecord, model: string, continues: Continued | undefined) {
  if (sent?.storedAs === undefined || continues !== undefined || lost >= LOST_MAX) return undefined
  const why = sent.model === model ? "it has changed since" : `what is kept is that of ${sent.model}`
  return `${model} is sent the whole conversation: ${why}.`
}
