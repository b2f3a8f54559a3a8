import { SkeinError } from "@skein/protocol"

/** What a status means for whoever wanted to connect. */
export function refusedBy(url: URL, status: number): SkeinError {
  if (status === 429 || status === 503)
    return new SkeinError("engine.unreachable", `${url.origin} is busy (${status}).`)
  const why = status === 401 ? "the token is not the one of its token file" : `it answered with ${status}`
  return new SkeinError("engine.refused", `${url.origin} did not let us in: ${why}.`)
}

export function unreachable(where: string, cause: unknown): SkeinError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SkeinError("engine.unreachable", `Cannot reach the engine at ${where}: ${why}`, { cause })
}
