import type { CallId, Op, Receipt, Rule, SessionId, Settings, SkeinError } from "@skein/protocol"
import type { Beginning } from "../session/beginning.ts"
import type { Watcher } from "../session/hub.ts"
import type { KeptRules } from "../session/rules.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Spent } from "../turn/budget.ts"
import type { ClientQuestion } from "../turn/ports.ts"

/** What a child session has of the one that began it. */
export interface Above {
  /** The rules that hold there: they hold here too. */
  rules(): readonly Rule[]
  /** What may be done there: no more may be done here. */
  settings(): Settings
  roots(): readonly string[]
  /** Absent where that session is not open here: then this one answers for itself. */
  readonly present?: PresentParent | undefined
}

export interface PresentParent {
  /** Whether somebody is there to answer what is asked here. */
  isAttended(): boolean
  /** With all that is spent below it. */
  spent(): Spent
  /** Why the turn that waits for this child lets it make no further request; undefined while it does. */
  overTurn(childSessionId: SessionId): string | undefined
  askClient(question: ClientQuestion): Promise<unknown>
  /** Whether somebody there offered to answer this kind. */
  answers(kind: ClientQuestion["kind"]): boolean
  /** See `SessionRules.keep`: of the session at the top, so that they hold for all below it. */
  keepRules(rules: readonly Rule[]): Promise<KeptRules>
  /** After a rule was added: whatever waits for a person in the whole family is judged anew. */
  rejudge(): Promise<void>
}

/** What a parent needs of a child session that is open here. */
export interface Child {
  readonly state: SessionState
  /** Whether somebody reads its events. */
  readonly isWatched: boolean
  /** While it is kept, a client that leaves it does not close it. */
  keep(isKept: boolean): void
  /** Everything that happens in it from now on, at once; and its end, with the error it failed with. */
  watch(watcher: Watcher): () => void
  /** Into its running turn, or as its next one. Rejects with SkeinError. */
  hear(text: string, taint: readonly string[]): Promise<Receipt>
  /** Goes on with a turn that a crash left waiting for a person. */
  resume(): void
  interrupt(reason: SkeinError): Promise<void>
  answer(op: Op<"approval.answer">): Promise<Receipt>
  /** Takes back what its parent may no longer do. */
  narrow(): Promise<void>
  rejudge(): Promise<void>
  withdrawUnattended(): Promise<void>
}

/** What a session needs of the engine to have children. */
export interface Family {
  begin(beginning: Beginning): Promise<Child>
  open(sessionId: SessionId): Promise<Child>
  /** Closes it, unless somebody reads it or keeps it. */
  letGo(sessionId: SessionId): Promise<void>
}

/** Who begins a child: a call, with its signal, or a person. */
export interface Owner {
  readonly callId?: CallId | undefined
  readonly signal?: AbortSignal | undefined
}
