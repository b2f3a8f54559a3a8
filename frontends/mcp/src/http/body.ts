import { readRequestBody } from "@modelcontextprotocol/server"
import { refused } from "./guard.ts"

/** A message holds a file at most. */
export const BODY_BYTES_MAX = 4 * 1024 * 1024
/** Whoever sends slower than this holds a connection, not a conversation. */
const BODY_MS_MAX = 15_000

/** The body as JSON, or the response that says why not. */
export async function bodyOf(request: Request, msMax = BODY_MS_MAX): Promise<{ readonly value: unknown } | Response> {
  const type = request.headers.get("content-type") ?? ""
  if (!/^application\/json\s*(;|$)/i.test(type.trim())) return refused(415, "Send application/json.")
  const slow = Promise.withResolvers<"slow">()
  const timer = setTimeout(() => slow.resolve("slow"), msMax)
  try {
    const read = await Promise.race([readRequestBody(request, BODY_BYTES_MAX), slow.promise])
    if (read === "slow") return refused(408, `The body did not come within ${msMax / 1000} seconds.`)
    if (read.tooLarge) return refused(413, `A message is longer than ${BODY_BYTES_MAX} bytes.`)
    return { value: JSON.parse(read.text) }
  } catch (error) {
    if (error instanceof SyntaxError) return refused(400, "The body is not JSON.")
    throw error
  } finally {
    clearTimeout(timer)
  }
}
