/**
 * Every way the world can refuse, `area.reason`. A closed list: clients switch on it, exit codes derive from it.
 * What a tool could not do is no error but a result for the model; a defect of ours is a plain throw.
 */
export const ERROR_CODES = [
  // The provider of a model.
  "provider.auth",
  "provider.token_expired",
  "provider.blocked",
  "provider.quota",
  "provider.usage_limit",
  "provider.rate_limited",
  "provider.overloaded",
  "provider.unavailable",
  "provider.not_running",
  "provider.stream_cut",
  "provider.idle",
  "provider.invalid_request",
  "provider.quirk_found",
  "provider.stored_lost",
  "provider.context_exceeded",
  "provider.refused",
  "provider.protocol",
  // Choosing a model.
  "model.unknown",
  "model.no_key",
  // A call that could not settle by its own tool.
  "call.unknown_tool",
  "call.invalid_input",
  "call.denied",
  "call.unattended",
  "call.cancelled",
  "call.timeout",
  "call.unknown_outcome",
  "call.repeated",
  "call.truncated",
  "call.stale_plan",
  "call.failed",
  // A person's own program said no.
  "hook.blocked",
  // Sessions and their log.
  "session.not_found",
  "session.in_use",
  "session.corrupt",
  "session.closed",
  "session.exists",
  "log.unwritable",
  "checkpoint.conflict",
  "checkpoint.foreign",
  "checkpoint.unwritable",
  "checkpoint.not_found",
  "context.nothing_to_compact",
  "import.unreadable",
  // What a client asked for.
  "op.invalid",
  "op.unsupported",
  "turn.busy",
  "turn.not_running",
  "turn.mismatch",
  "input.not_found",
  "approval.not_found",
  "agent.unknown",
  "agent.not_found",
  "agent.stopped",
  "client.gone",
  "client.refused",
  "client.deadline",
  // The engine at the far end of a wire.
  "engine.unreachable",
  "engine.refused",
  "engine.busy",
  // The host.
  "config.invalid",
  "sandbox.unavailable",
  "audit.unwritable",
  "rule.not_found",
  "trust.needed",
  "skill.not_found",
  "skill.invalid",
  "secret.unavailable",
  // Logging in to a provider with an account, and staying so.
  "login.expired",
  "login.refused",
  "login.timeout",
  "login.unavailable",
  "tape.mismatch",
  "internal.defect",
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** Facts that decide what is done about an error. Times in milliseconds. */
export interface ErrorFacts {
  readonly cause?: unknown
  /** How long the other side asked us to wait before another try. */
  readonly retryAfterMs?: number
  readonly httpStatus?: number
  /** The provider's id of the request, for support. */
  readonly requestId?: string
}

/** The world refused. Carries a code for programs and a sentence for people: what was tried, and what to do. */
export class SkeinError extends Error {
  override readonly name = "SkeinError"
  readonly code: ErrorCode
  readonly retryAfterMs: number | undefined
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.retryAfterMs = facts.retryAfterMs
    this.httpStatus = facts.httpStatus
    this.requestId = facts.requestId
  }
}
