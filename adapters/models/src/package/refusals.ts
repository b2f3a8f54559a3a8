import { SkeinError } from "@skein/protocol"
import { refused } from "../wire/refusals.ts"
import type { PackageTarget } from "./target.ts"

/** Whatever a package threw, as the one error a model may end with. */
export function refusedByPackage(error: unknown, target: PackageTarget): SkeinError {
  if (error instanceof SkeinError) return error
  const facts = (typeof error === "object" && error !== null ? error : {}) as ErrorFields
  const message = error instanceof Error ? error.message : String(error)
  const refusal = {
    httpStatus: facts.statusCode,
    kind: [facts.name, wordsOf(facts.data), facts.responseBody].filter((word) => typeof word === "string").join(" "),
    message,
    retryAfterMs: retryAfterMs(facts.responseHeaders ?? {}),
    requestId: facts.responseHeaders?.["x-amzn-requestid"] ?? facts.responseHeaders?.["request-id"],
  }
  // Messages and classes go by name, key and address; the wire, which a package has not, is not read.
  const provider = { ...target.row, wire: "openai-chat" as const }
  return refused(refusal, { ...target, provider })
}

/** The fields of the packages' `APICallError` that decide what is done; there are none on other errors. */
interface ErrorFields {
  readonly name?: string
  readonly statusCode?: number
  readonly responseHeaders?: Readonly<Record<string, string>>
  readonly responseBody?: string
  readonly data?: unknown
}

/** Bedrock names the class of an error inside a stream in the data: `throttlingException`. */
function wordsOf(data: unknown): string {
  if (typeof data !== "object" || data === null) return ""
  return Object.keys(data)
    .join(" ")
    .replaceAll("throttlingException", "rate_limit")
    .replaceAll("serviceUnavailableException", "overloaded")
}

function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN)
  if (Number.isFinite(ms)) return ms
  const seconds = Number(headers["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}
