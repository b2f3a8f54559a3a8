/**
 * The record of every action, append-only and hash-chained, without content. An entry stands before the action it is
 * about and another after it, refused ones too. Rejects with SkeinError `audit.unwritable`, and then the action is not done.
 */
export interface AuditPort {
  record(entry: AuditEntry): Promise<void>
}

export interface AuditEntry {
  readonly at: number
  /** Who acts: `model`, `person`, `policy`, `hook`, `skein`. */
  readonly actor: string
  /** What is done: `call.start`, `call.settle`, `approval.resolve`, `shell.start`, `shell.refuse`, `rule.add`, `settings.change`, `trust.decide`, `login` … */
  readonly action: string
  /** On what. `kind` is `file`, `command`, `host`, `tool`, `rule`, `session` …; the name itself is never kept, only its hash. */
  readonly resources: readonly { readonly kind: string; readonly name: string }[]
  readonly decision?: "allow" | "ask" | "deny" | undefined
  readonly outcome?: string | undefined
  /** The id, or else the scope and decision, of the rule that decided. */
  readonly rule?: string | undefined
  readonly sessionId?: string | undefined
  readonly turnId?: string | undefined
  readonly callId?: string | undefined
  readonly durationMs?: number | undefined
}

/** Every byte that leaves this machine through skein, by destination and purpose. Payload-free; never throws. */
export interface LedgerPort {
  record(entry: LedgerEntry): void
}

export interface LedgerEntry {
  readonly at: number
  readonly host: string
  readonly port: number
  /** `model`, `command`, `login`, `vault`, `webfetch`, `mcp` … */
  readonly purpose: string
  readonly bytesOut: number
  readonly bytesIn: number
  /** SHA-256 of the request's body as it left; absent where skein only passes bytes on. */
  readonly sha256?: string | undefined
  readonly decision: "allowed" | "refused"
  readonly sessionId?: string | undefined
  readonly callId?: string | undefined
}
