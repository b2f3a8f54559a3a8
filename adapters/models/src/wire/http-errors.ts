import { SkeinError } from "@skein/protocol"
import { isOwnMachine } from "../network.ts"
import { asObject, type JsonObject } from "./json.ts"
import { waitIn, waitInBody } from "./limits.ts"
import { type Refusal, refusalOf, refused } from "./refusals.ts"
import type { Target } from "./wire.ts"
import { shown, whoIs, withoutKey } from "./wording.ts"

/** What a response that is no stream said. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Its beginning is enough. */
  readonly body: string
  /** Milliseconds since the epoch, for a `Retry-After` that names a date. */
  readonly now: number
}

/** The error of an answer that is not the stream we asked for. */
export function httpError(answer: Answer, target: Target): SkeinError {
  const body = jsonOf(answer.body)
  const isSuccess = answer.status >= 200 && answer.status < 300
  const hasError = body !== undefined && (asObject(body.error) !== undefined || body.type === "error")
  if ((isSuccess && !hasError) || isRedirect(answer.status)) return notAStream(answer, target)
  const said: Refusal = body === undefined ? { kind: "", message: textOfHtml(answer.body) } : refusalOf(body)
  const retryAfterMs = waitOf(answer, body) ?? said.retryAfterMs
  const httpStatus = isSuccess ? said.httpStatus : answer.status
  return refused({ ...said, httpStatus, retryAfterMs, requestId: requestIdOf(answer.headers) }, target)
}

/** Whatever says it, the most exact first. */
function waitOf({ headers, now }: Answer, body: JsonObject | undefined): number | undefined {
  const inBody = body === undefined ? undefined : waitInBody(asObject(body.error) ?? body, now)
  return inBody ?? waitIn(headers, now)
}

/** Which header holds the provider's id of the request, for its support. */
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get("request-id") ?? headers.get("x-request-id") ?? headers.get("x-generation-id") ?? undefined
}

/** The error of a connection that failed before the answer began. */
export function connectionError(cause: unknown, target: Target): SkeinError {
  const words = wordsOf(cause)
  const who = whoIs(target)
  const text = TLS.test(words)
    ? `The certificate of ${who} was not accepted (${shown(words, target)}). A proxy may be in between; give its certificate in NODE_EXTRA_CA_CERTS.`
    : `Could not reach ${who} (${shown(words, target)}). ${adviceFor(target)}`
  const isNobodyThere = REFUSED.test(words) && isOwnMachine(target.baseUrl)
  const code = isNobodyThere ? "provider.not_running" : "provider.unavailable"
  return new SkeinError(code, text, { cause: withoutKey(cause, target) })
}

const REFUSED = /ECONNREFUSED|ConnectionRefused/

const TLS = /certificate|CERT_|self.signed|UNABLE_TO_(?:VERIFY|GET)|ERR_TLS|SSL/i

function adviceFor(target: Target): string {
  return isOwnMachine(target.baseUrl)
    ? "Is the server running?"
    : "Check the network, the proxy settings and the base URL."
}

/** The code once, and of the runtime's message what is no advice of its own. */
function wordsOf(cause: unknown): string {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(RUNTIME_ADVICE, "")
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined
  return typeof code !== "string" || message.includes(code) ? message : `${code} ${message}`
}

const RUNTIME_ADVICE = /[.:]? ?(?:Unable to connect\. )?Is the computer able to access the url\?$/

function notAStream(answer: Answer, target: Target): SkeinError {
  const where = answer.headers.get("location")
  const what = isRedirect(answer.status)
    ? `a redirect to ${shown(where ?? "nowhere", target)}`
    : `${answer.headers.get("content-type") ?? "an unnamed type"}, starting with: ${shown(textOfHtml(answer.body), target).slice(0, 200)}`
  const text = `${whoIs(target)} answered HTTP ${answer.status} with no event stream but ${what}. Check the base URL, and whether a proxy is in between.`
  return new SkeinError("provider.protocol", text, { httpStatus: answer.status })
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}

/** An object, or the first of a list, as Google wraps its errors at times. */
function jsonOf(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return asObject(Array.isArray(value) ? value[0] : value)
  } catch {
    return undefined
  }
}

/** The words of a proxy's page, not its markup. */
function textOfHtml(body: string): string {
  if (!body.trimStart().startsWith("<")) return body
  return body
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
}
