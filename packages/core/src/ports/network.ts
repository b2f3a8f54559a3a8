import type { NetworkAttempt } from "@skein/protocol"

export interface NetworkTarget {
  /** Lower case, without a final dot; an address in its plain form. */
  readonly host: string
  readonly port: number
}

/** Decides about one host that a command tries to reach; may ask a person, so the connection waits. Never rejects. */
export type NetworkGate = (target: NetworkTarget, signal: AbortSignal) => Promise<GateAnswer>

export interface GateAnswer {
  readonly isAllowed: boolean
  /** For the command's own error and for the record. */
  readonly reason: string
  /** The target was named literally, so a private address is meant. */
  readonly isPrivateAllowed?: boolean | undefined
}

/** The only way out of a confined command: a proxy outside its network namespace. */
export interface EgressPort {
  /** Opens a way for one command. Rejects with SkeinError `sandbox.unavailable` when it cannot listen. */
  open(
    gate: NetworkGate,
    about: {
      readonly sessionId?: string | undefined
      readonly callId?: string | undefined
      /** What the record calls it; `command` when left out. */
      readonly purpose?: string | undefined
    },
  ): Promise<Egress>
}

export interface Egress {
  /** Unix socket outside the sandbox that speaks HTTP proxy (CONNECT and absolute URLs). */
  readonly socketPath: string
  /** What tells this command's connections from another's: the password of the proxy's URL, `skein:<token>@`. */
  readonly token: string
  /** Ends every connection, and tells what was tried. */
  close(): Promise<readonly NetworkAttempt[]>
}
