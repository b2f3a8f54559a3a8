import { SkeinError } from "@skein/protocol"
import type { Target } from "./wire.ts"
import { whoIs } from "./wording.ts"

/** The stream ended before the reply did. */
export function cutOff(target: Target, cause?: unknown): SkeinError {
  const text = `The connection to ${whoIs(target)} ended in the middle of the reply. Try again.`
  return new SkeinError("provider.stream_cut", text, cause === undefined ? {} : { cause })
}
