import { SkeinError } from "@skein/protocol"
import { whoIs } from "./refusals.ts"
import type { Target } from "./wire.ts"

/** The stream ended before the reply did. */
export function cutOff(target: Target, cause?: unknown): SkeinError {
  const text = `The connection to ${whoIs(target)} ended in the middle of the reply. Try again.`
  return new SkeinError("provider.stream_cut", text, cause === undefined ? {} : { cause })
}
