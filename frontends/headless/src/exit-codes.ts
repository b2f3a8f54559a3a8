import type { TurnOutcome } from "@skein/protocol"

/** What the process ends with. Documented by `skein help exit-codes`; scripts rely on it. The numbers are sysexits'. */
export const EXIT = {
  completed: 0,
  failed: 1,
  usage: 2,
  unavailable: 69,
  defect: 70,
  cannotWrite: 73,
  tryLater: 75,
  exhausted: 76,
  refused: 77,
  config: 78,
  interrupted: 130,
  ended: 143,
} as const

export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.completed, "the turn completed"],
  [EXIT.failed, "the turn failed"],
  [EXIT.usage, "the command line was not understood"],
  [EXIT.unavailable, "something it needs is not there: a sandbox, a provider that answers, a capability"],
  [EXIT.defect, "a defect in skein"],
  [EXIT.cannotWrite, "the session could not be written"],
  [EXIT.tryLater, "the provider is overloaded, or its limit is reached for now; try again later"],
  [EXIT.exhausted, "a budget is spent (steps, tokens, money), or the model went round in circles"],
  [EXIT.refused, "a call needed a person's approval and did not get it"],
  [EXIT.config, "configuration, key or model is wrong or missing"],
  [EXIT.interrupted, "interrupted"],
  [EXIT.ended, "asked to end (SIGTERM)"],
]

/** The exit code for how a turn ended. */
export function exitCodeOf(outcome: TurnOutcome, isAnythingRefused: boolean): number {
  switch (outcome.kind) {
    case "completed":
      return isAnythingRefused ? EXIT.refused : EXIT.completed
    case "interrupted":
      return EXIT.interrupted
    case "exhausted":
      return EXIT.exhausted
    case "failed":
      return exitCodeOfError(outcome.code)
  }
}

/** The exit code for an error by its code. */
export function exitCodeOfError(code: string): number {
  switch (code) {
    case "provider.rate_limited":
    case "provider.usage_limit":
    case "provider.overloaded":
      return EXIT.tryLater
    case "provider.quota":
      return EXIT.exhausted
    case "provider.auth":
    case "provider.token_expired":
    case "login.expired":
    case "login.refused":
    case "provider.blocked":
    case "model.unknown":
    case "model.no_key":
    case "config.invalid":
      return EXIT.config
    case "provider.unavailable":
    case "provider.not_running":
    case "login.unavailable":
    case "provider.idle":
    case "provider.stream_cut":
    case "sandbox.unavailable":
    case "op.unsupported":
    case "session.in_use":
      return EXIT.unavailable
    case "log.unwritable":
    case "audit.unwritable":
      return EXIT.cannotWrite
    case "op.invalid":
      return EXIT.usage
    case "internal.defect":
      return EXIT.defect
    default:
      return EXIT.failed
  }
}
