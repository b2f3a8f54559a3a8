import type { Engine, Op } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostAgent } from "./agents.ts"
import type { ClaudeFlags } from "./flags.ts"
import type { HostHook, HostHooks } from "./hooks.ts"
import type { Initialized } from "./initialize.ts"
import type { HostSession, Offer } from "./session.ts"

/** What a control request can reach. */
export interface ControlContext {
  readonly engine: Engine
  /** The session's folder, absolute. */
  readonly cwd: string
  readonly offer: () => Promise<Offer>
  /** Who work can be handed to. */
  readonly agents: () => Promise<readonly HostAgent[]>
  readonly outputStyles: () => Promise<readonly string[]>
  /** Whose key is used, in the contract's words. */
  readonly account: () => Json
  /** Opens the session when it is not open yet. */
  readonly session: () => Promise<HostSession>
  readonly flags: () => ClaudeFlags
  initialize(request: Json): Promise<Initialized>
  /** Those of the host, once its session is open and it has some. */
  readonly hooks: () => HostHooks | undefined
  readonly hostHooks: () => readonly HostHook[]
  /** Opens folders for tools; absolute. */
  addRoots(roots: readonly string[]): Promise<void>
  /** Submits an op that no turn may run beside. */
  submitIdle(op: Op): Promise<void>
  interrupt(cancelsQueued: boolean): Promise<Json>
  cancelMessage(uuid: string): boolean
  /** For stderr. */
  warn(text: string): void
}

/** Answers one subtype. Undefined is an empty answer. Throws SkeinError with a text for the host. */
export type Answers = Readonly<Record<string, (request: Json, context: ControlContext) => Promise<Json | undefined>>>
