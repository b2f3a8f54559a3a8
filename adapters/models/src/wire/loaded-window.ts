import type { ModelChunk } from "@skein/core/ports"
import { SkeinError, unlessAborted } from "@skein/protocol"
import { loadedWindow, type OwnServer } from "../local.ts"
import type { Target } from "./wire.ts"
import { whoIs } from "./wording.ts"

export interface Asking {
  readonly target: Target
  readonly server: OwnServer
  readonly signal: AbortSignal
  /** UTF-16 units of what was sent. */
  readonly unitsSent: number
}

/**
 * A reply of a server that cuts a conversation off where its window ends, without a word. Once it answers its model is
 * loaded, and it is asked how large a window that has; when it counts the tokens, they are held against what was sent.
 * Throws SkeinError `provider.invalid_request` that says what to set: an answer to half of a conversation is none.
 */
export async function* withinWindow(
  reply: AsyncIterable<readonly ModelChunk[]>,
  asking: Asking,
): AsyncGenerator<readonly ModelChunk[], void, undefined> {
  const wanted = asking.target.info.contextTokens
  let loaded: number | undefined
  let isAsked = false
  for await (const chunks of reply) {
    if (!isAsked) {
      isAsked = true
      loaded = await unlessAborted(loadedWindow(asking.target.modelId, asking.server), asking.signal)
      if (loaded !== undefined && wanted !== undefined && loaded < wanted) throw tooSmall(asking.target, loaded, wanted)
    }
    for (const chunk of chunks) {
      if (chunk.type === "usage") checkCount(asking, chunk.usage.input ?? 0, loaded ?? wanted)
    }
    yield chunks
  }
}

/** No tokenizer puts this many characters of code and prose into a token on average. */
const UNITS_PER_TOKEN_MAX = 8
/** A cut prompt ends at the window, but for what the server keeps free for the answer: half of it at most. */
const FILLED_MIN = 0.4

/** A server that had the beginning in its cache may count few; a cut one counts about as many as its window holds. */
function checkCount({ target, unitsSent }: Asking, counted: number, window: number | undefined): void {
  const isShort = counted > 0 && unitsSent / counted > UNITS_PER_TOKEN_MAX
  if (!isShort || (window !== undefined && counted < window * FILLED_MIN)) return
  const text = `${whoIs(target)} read ${counted} tokens of the ${unitsSent} characters that were sent: it cut the conversation off. ${cure(target, counted)}`
  throw new SkeinError("provider.invalid_request", text)
}

function tooSmall(target: Target, loaded: number, wanted: number): SkeinError {
  const text = `${whoIs(target)} loaded ${target.modelId} with a window of ${loaded} tokens where ${wanted} were asked for, and would cut the conversation off without a word. ${cure(target, loaded)}`
  return new SkeinError("provider.invalid_request", text)
}

function cure({ provider, modelId }: Target, tokens: number): string {
  return `Set models."${provider.id}/${modelId}".context_tokens = ${tokens}, or give the server a larger window.`
}
