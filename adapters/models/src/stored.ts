import type { ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { Target } from "./wire/wire.ts"
import { whoIs } from "./wire/wording.ts"

/**
 * The error of a request that went on from a conversation which the provider was to keep: whatever it refuses then, it may
 * take when it is told everything. It lets go after a while, of another account, and where it may keep nothing.
 */
export function storedLost(error: unknown, { continues }: ModelRequest, target: Target): unknown {
  const isContinued = continues !== undefined && target.provider.dialect?.storesReplies === true
  if (!isContinued || !(error instanceof SkeinError)) return error
  const isRefused = error.code === "provider.invalid_request" || /previous.response/i.test(error.message)
  if (!isRefused) return error
  const text = `${whoIs(target)} did not go on from the conversation it was to keep: all of it is sent again. It said: ${error.message}`
  const { httpStatus, requestId } = error
  return new SkeinError("provider.stored_lost", text, {
    cause: error,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(requestId === undefined ? {} : { requestId }),
  })
}
