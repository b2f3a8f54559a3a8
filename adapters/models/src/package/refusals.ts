import { SkeinError } from "@skein/protocol"
import { type Answer, httpError } from "../wire/http-errors.ts"
import { refused } from "../wire/refusals.ts"
import { withoutSecret } from "../wire/wording.ts"
import type { PackageTarget } from "./target.ts"

/** Thrown from a package's `fetch`: an answer that is a page or a document, which no package should read as a stream. */
export class NotAStream extends Error {
  override readonly name = "NotAStream"
  readonly answer: Answer
  constructor(answer: Answer) {
    super("The answer is no stream.")
    this.answer = answer
  }
}

/** Whatever a package threw, as the one error a model may end with. */
export function refusedByPackage(error: unknown, target: PackageTarget): SkeinError {
  if (error instanceof SkeinError) return error
  // Messages and classes go by name, key and address; the wire, which a package has not, is not read.
  const provider = { ...target.row, wire: "openai-chat" as const }
  if (error instanceof NotAStream) {
    const answer = { ...error.answer, body: bare(error.answer.body, target) }
    return httpError(answer, { ...target, provider })
  }
  const facts = (typeof error === "object" && error !== null ? error : {}) as ErrorFields
  // What a package throws for an error inside a stream is no Error, but looks like one.
  const message = typeof facts.message === "string" ? facts.message : String(error)
  const kind = [facts.name, wordsOf(facts.data), facts.responseBody]
    .filter((word) => typeof word === "string")
    .join(" ")
  const refusal = {
    httpStatus: facts.statusCode,
    kind: bare(kind, target),
    message: bare(message, target),
    retryAfterMs: retryAfterMs(facts.responseHeaders ?? {}),
    requestId: facts.responseHeaders?.["x-amzn-requestid"] ?? facts.responseHeaders?.["request-id"],
  }
  return refused(refusal, { ...target, provider })
}

/** AWS quotes the whole request that it would have signed otherwise, the session's token with it. */
function bare(text: string, { secrets = [] }: PackageTarget): string {
  return secrets.reduce(withoutSecret, text)
}

/** The fields of the packages' `APICallError` that decide what is done; there are none on other errors. */
interface ErrorFields {
  readonly name?: string
  readonly message?: string
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
