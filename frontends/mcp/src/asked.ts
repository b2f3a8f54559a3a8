import type { LoggingLevel } from "@modelcontextprotocol/server"

/** A request, as far as a source has to do with it. */
export interface Asked {
  readonly requestId: string | number
  /** Aborts when the client takes its request back, or is gone. */
  readonly signal: AbortSignal
  /** The client shows forms to a person. */
  readonly hasForms: boolean
  /** Tells how far it is; nothing where the client did not ask for that. `progress` never falls. */
  progress(progress: number, message: string): void
  log(level: LoggingLevel, text: string): void
  /** A notification of no standard. */
  notify(method: string, params: Readonly<Record<string, unknown>>): void
}

/** The request cannot be answered as it is: an error of the protocol, and no result of a tool. */
export class RequestError extends Error {
  override readonly name = "RequestError"
  readonly kind: "invalid_params" | "not_found"

  constructor(kind: RequestError["kind"], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.kind = kind
  }
}
