import { type ErrorCode, SkeinError } from "@skein/protocol"
import { asArray, asNumber, asObject, asText, type JsonObject } from "./json.ts"
import type { Target } from "./wire.ts"
import { shown, whoIs } from "./wording.ts"

/** What a provider said when it refused, in a response or inside a stream. */
export interface Refusal {
  readonly httpStatus?: number | undefined
  /** Type, code and status words, whatever the provider calls them. */
  readonly kind: string
  readonly message: string
  readonly retryAfterMs?: number | undefined
  readonly requestId?: string | undefined
}

/** The error of a refusal: its class decides what is done about it, its text says what was tried and what to do. */
export function refused(given: Refusal, target: Target): SkeinError {
  // A wait that is no number is none: servers write all sorts of things.
  const refusal = Number.isFinite(given.retryAfterMs) ? given : { ...given, retryAfterMs: undefined }
  const code = codeOf(refusal)
  return new SkeinError(code, sentenceOf(code, refusal, target), {
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
    ...(refusal.httpStatus === undefined ? {} : { httpStatus: refusal.httpStatus }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
  })
}

/** Reads the error object of any wire: `{error: {type | code | status, message}}`, the same without `error`, or a text. */
export function refusalOf(body: JsonObject): Refusal {
  const nested = asObject(body.error)
  const error = nested ?? body
  const message = asText(error.message) || asText(body.message) || asText(body.error) || asText(body.detail)
  const raw = asText(asObject(error.metadata)?.raw)
  const httpStatus = [error.code, error.status, body.code, body.status]
    .map(statusOf)
    .find((status) => status !== undefined)
  return {
    httpStatus,
    kind: [error.type, error.code, error.status, body.code]
      .map(asText)
      .filter((word) => word !== "")
      .join(" "),
    message: raw === "" ? message : `${message}: ${raw}`,
    retryAfterMs: retryDelayOf(error) ?? delayInWords(message),
  }
}

// The markers that make a 429 final, and those that other statuses carry.
const QUOTA =
  /insufficient_quota|(?:free|go)[ _-]?usage[ _-]?limit|monthly usage limit|usage_limit_reached|out of budget|quota exceeded|exceeded your current quota|credit balance is too low|billing_error|insufficient balance|payment required|key limit exceeded/
const BLOCKED = /only authori[sz]ed for use with|third[- ]party (?:apps?|applications?|clients?|harness)/
const AUTH =
  /authentication_error|permission_error|invalid_api_key|api_key_invalid|api key not valid|unauthenticated|permission_denied/
const RATE = /rate_limit|resource_exhausted|too_many_requests/
const OVERLOADED = /overloaded|slow_down|engine_overloaded/
const BROKEN = /api_error|server_error|internal_error|\binternal\b|timeout_error|unavailable/
const NO_MODEL =
  /model_not_found|\bmodel\b.{0,120}(?:does not exist|not found|not_found)|not_found_error model:|models\/\S+ is not found/
const FILTERED = /content_filter|content_policy|responsibleaipolicy|requires moderation|flagged/
/** One request larger than a whole minute's allowance: waiting does not help, a shorter one does. */
const OVER_ALLOWANCE = /request too large .*tokens per min/
const CONTEXT = new RegExp(
  [
    "context_length_exceeded|context_window_exceeded|exceed_context_size|request_too_large",
    "prompt is too long|prompt too long|input is too long|input length and .{0,20}exceed",
    "maximum context length|maximum prompt length|maximum model length|exceeds? the (?:available )?context|context window exceeds",
    "exceeds? the maximum number of tokens|exceeded model token limit|input tokens exceed|token limit exceeded",
    "prompt exceeds max length|range of input length should be|tokens. must be <=",
    "reduce the length of the (?:messages|prompt|input)|greater than the context length|larger than the context|exceeded max context",
  ].join("|"),
)

function codeOf(refusal: Refusal): ErrorCode {
  const words = `${refusal.kind} ${refusal.message}`.toLowerCase()
  const status = refusal.httpStatus
  if (BLOCKED.test(words)) return "provider.blocked"
  if (status === 402) return "provider.quota"
  if (OVER_ALLOWANCE.test(words)) return "provider.context_exceeded"
  if (status === 429 || (status === undefined && RATE.test(words)))
    return !isFinal(refusal, words)
      ? "provider.rate_limited"
      : isReturning(refusal, words)
        ? "provider.usage_limit"
        : "provider.quota"
  if (QUOTA.test(words)) return isReturning(refusal, words) ? "provider.usage_limit" : "provider.quota"
  if (status === 403 && FILTERED.test(words)) return "provider.refused"
  if (status === 401 || status === 403 || AUTH.test(words)) return "provider.auth"
  if (status === 413 || CONTEXT.test(words)) return "provider.context_exceeded"
  if (status === 529 || status === 503 || OVERLOADED.test(words)) return "provider.overloaded"
  if (FILTERED.test(words)) return "provider.refused"
  if ((status === 404 || status === 400) && NO_MODEL.test(words)) return "model.unknown"
  if (status !== undefined) return status >= 500 || status === 408 ? "provider.unavailable" : "provider.invalid_request"
  // Inside a stream that had begun, an error without a name is the server's more often than ours.
  return BROKEN.test(words) || !words.includes("invalid") ? "provider.unavailable" : "provider.invalid_request"
}

/** A quota that comes back within minutes, as Google's per-minute ones do, is a limit of the rate. */
function isFinal(refusal: Refusal, words: string): boolean {
  if (!QUOTA.test(words)) return false
  const isNamed = words.includes("insufficient_quota") || words.includes("perday")
  return isNamed || refusal.retryAfterMs === undefined || refusal.retryAfterMs > 10 * 60_000
}

/** What is used up comes back by itself, and it is said when: the hours of a plan, and no money. */
function isReturning({ retryAfterMs }: Refusal, words: string): boolean {
  return retryAfterMs !== undefined && !/insufficient_quota|perday/.test(words)
}

function sentenceOf(code: ErrorCode, refusal: Refusal, target: Target): string {
  const status = refusal.httpStatus === undefined ? "" : `HTTP ${refusal.httpStatus}`
  const said = shown(refusal.message || refusal.kind, target)
  const detail = [status, said].filter((part) => part !== "").join(": ")
  const because = detail === "" ? "" : ` (${detail})`
  const who = whoIs(target)
  switch (code) {
    case "provider.auth":
      return `${who} did not accept the key${because}. ${cureOfKey(target)}`
    case "provider.blocked":
      return `${who} does not let this key be used by this program${because}. Use an API key.`
    case "provider.quota":
      return `${who} says the quota is used up${because}. Check plan and billing, or choose another model.`
    case "provider.usage_limit":
      return `${who} says that its usage limit is reached${because}. Wait for its end, or choose another model.`
    case "provider.rate_limited":
      return `${who} limits the rate of requests${because}. Wait, or choose another model.`
    case "provider.overloaded":
      return `${who} is overloaded${because}. Try again later, or choose another model.`
    case "provider.context_exceeded":
      return `The conversation is too long for ${target.modelId} at ${who}${because}. Compact it, or choose a model with a larger window.`
    case "provider.refused":
      return `${who} refused the content${because}. Say it differently, or choose another model.`
    case "model.unknown":
      // Where it is known how to get one, what the server said of its path adds nothing.
      return `${who} has no model ${target.modelId}${hasCure(target) ? "" : because}. ${cureOfMissing(target)}`
    case "provider.unavailable":
      return `${who} failed to answer${because}. Try again.`
    default:
      if (refusal.httpStatus === 407)
        return `A proxy before ${who} wants a name and a password${because}. Put them into its URL.`
      if (/reasoning[ ._]summar/i.test(refusal.message))
        return `${who} refused the request${because}. Set providers.${target.provider.id}.reasoning_summary = false.`
      return `${who} refused the request${because}.`
  }
}

/** A server of one's own takes none as a rule; one behind a gateway may. */
function cureOfKey({ provider }: Target): string {
  const [name] = provider.keyEnv
  return name === undefined
    ? `Set providers.${provider.id}.key_env to the name of the variable that holds its key.`
    : `Check ${name}.`
}

function hasCure({ provider }: Target): boolean {
  return provider.dialect?.missingModelCure !== undefined
}

function cureOfMissing({ provider, modelId }: Target): string {
  const cure = provider.dialect?.missingModelCure?.replaceAll("{model}", modelId).replaceAll("{provider}", provider.id)
  return cure ?? '"skein models" lists what is known; choose one with --model.'
}

function statusOf(value: unknown): number | undefined {
  const status = asNumber(value) ?? (/^\d{3}$/.test(asText(value)) ? Number(value) : undefined)
  return status !== undefined && status >= 400 && status < 600 ? status : undefined
}

/** Google's `RetryInfo`: `{"@type": "…RetryInfo", "retryDelay": "34.5s"}`. */
function retryDelayOf(error: JsonObject): number | undefined {
  for (const detail of asArray(error.details)) {
    const delay = /^([\d.]+)s$/.exec(asText(asObject(detail)?.retryDelay))
    if (delay !== null) return Math.ceil(Number(delay[1]) * 1000)
  }
  return undefined
}

/** OpenAI says it only in words: `Please try again in 1.2s`, `… in 20ms`, `… in 6m0s`. */
function delayInWords(message: string): number | undefined {
  const found = /(?:try again|retry) in (?:(\d+)m(?!s))?(?:([\d.]+)(ms|s))?/i.exec(message)
  if (found === null || (found[1] === undefined && found[2] === undefined)) return undefined
  const rest = Number(found[2] ?? 0) * (found[3] === "ms" ? 1 : 1000)
  return Math.ceil(Number(found[1] ?? 0) * 60_000 + rest)
}
