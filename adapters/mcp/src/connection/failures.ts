import { ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { NeedsLogin } from "../oauth/needs-login.ts"
import { CannotStart } from "../process/stdio-transport.ts"
import { STREAM_ENDED, STREAM_ENDED_TEXT } from "../wire/http.ts"
import type { Sdk } from "../wire/sdk.ts"
import type { Say } from "./said.ts"

/** What an error of the wire means for the connection and for whoever asked. */
export type Failure =
  /** The server answered, with a no. */
  | { readonly kind: "answered"; readonly why: string }
  /** It wants a login, or one that may do more: `scopes`. */
  | { readonly kind: "login"; readonly why: string; readonly scopes?: readonly string[] }
  /** The request never reached it: the connection is not the one it knows, and can be begun anew. */
  | { readonly kind: "stale"; readonly why: string }
  /** It is gone, or does not speak the protocol. */
  | { readonly kind: "gone"; readonly why: string }
  /** No second attempt would do better. */
  | { readonly kind: "impossible"; readonly why: string }

export function failureOf(error: unknown, sdk: Sdk, say: Say): Failure {
  if (error instanceof CannotStart || error instanceof ToolFailure || error instanceof TypeError)
    return isUnreachable(error)
      ? { kind: "gone", why: "cannot be reached" }
      : { kind: "impossible", why: say(messageOf(error), WHY_CHARS_MAX) }
  if (error instanceof NeedsLogin) return { kind: "login", why: say(error.message, WHY_CHARS_MAX) }
  if (sdk.InsufficientScopeError.isInstance(error)) return ofScope(error.requiredScope ?? "")
  if (error instanceof SkeinError) return { kind: "answered", why: `cannot be asked: ${say(error.message)}` }
  if (sdk.UnauthorizedError.isInstance(error)) return { kind: "login", why: "wants a login" }
  if (sdk.SdkHttpError.isInstance(error)) return ofStatus(error.status ?? 0, say(messageOf(error)))
  if (sdk.SseError.isInstance(error)) return ofStatus(error.code ?? 0, say(messageOf(error)))
  if (sdk.ProtocolError.isInstance(error)) return ofAnswer(error.code, say(error.message, WHY_CHARS_MAX))
  if (sdk.SdkError.isInstance(error) && error.code === sdk.SdkErrorCode.ConnectionClosed)
    return { kind: "gone", why: "closed the connection" }
  if (sdk.SdkError.isInstance(error)) return { kind: "answered", why: `was not understood: ${say(error.message)}` }
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "ConnectionRefused" || code === "ECONNREFUSED") return { kind: "stale", why: "cannot be reached" }
  return { kind: "gone", why: say(messageOf(error)) }
}

const WHY_CHARS_MAX = 2_000

function ofAnswer(code: number, said: string): Failure {
  if (code === STREAM_ENDED && said === STREAM_ENDED_TEXT)
    return { kind: "gone", why: "closed the connection before it answered" }
  return { kind: "answered", why: `refused: ${said} (${code})` }
}

/** Scopes are words of the server, and stand in a command that a person may copy (RFC 6749 §3.3). */
function ofScope(scope: string): Failure {
  const scopes = scope
    .split(" ")
    .filter((one) => /^[\w.:/-]{1,100}$/.test(one))
    .slice(0, SCOPES_MAX)
  if (scopes.length === 0) return { kind: "login", why: "wants a login that may do more" }
  return { kind: "login", why: `wants a login that may also ${scopes.join(" ")}`, scopes }
}

const SCOPES_MAX = 20

const UNAUTHORIZED = 401
/** The server does not know the session any more, and the protocol wants a new one. */
const NO_SESSION = 404

function ofStatus(status: number, said: string): Failure {
  if (status === UNAUTHORIZED) return { kind: "login", why: "wants a login" }
  if (status === NO_SESSION) return { kind: "stale", why: `answered HTTP 404: ${said}` }
  return { kind: "answered", why: `answered HTTP ${status}: ${said}` }
}

/** What `fetch` throws where there is no way: a TypeError on some platforms. */
function isUnreachable(error: Error): boolean {
  return error instanceof TypeError && /fetch|connect|network|socket/i.test(error.message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
