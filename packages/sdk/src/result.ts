import type { Item, PathDiff, SessionId, TurnId, TurnOutcome, Usage } from "@skein/protocol"
import type { TurnEnd, TurnParts } from "./turn.ts"

/** What a turn came to. */
export interface TurnResult {
  readonly sessionId: SessionId
  readonly turnId: TurnId
  /** The model's last message. */
  readonly text: string
  /** `completed`, `interrupted`, `failed` with a code, or `exhausted` where a limit was reached. */
  readonly outcome: TurnOutcome
  /** Of all its requests. */
  readonly usage: Usage
  /** Millionths of a US dollar; absent where no price is known. */
  readonly microUsd?: number | undefined
  /** What was said, thought and done in it, in order. */
  readonly items: readonly Item[]
  /** Files that are not as they were before it, whichever tool or command changed them. */
  readonly changes: readonly ChangedFile[]
}

export interface ChangedFile {
  /** Absolute. */
  readonly path: string
  readonly kind: "add" | "update" | "delete"
  /** Unified; a sentence for what is no text. */
  readonly diff: string
}

/** The turn did not complete, and whoever asked wanted nothing but its answer. `result` says what there is all the same. */
export class TurnFailed extends Error {
  override readonly name = "TurnFailed"
  /** `provider.auth`, `model.no_key` …: skein's error codes. */
  readonly code: string
  readonly result: TurnResult

  constructor(code: string, message: string, result: TurnResult) {
    super(message)
    this.code = code
    this.result = result
  }
}

/** The result of a turn that is over, with what the session has to say of it. */
export async function settledTurn(
  { engine, sessionId }: Pick<TurnParts, "engine" | "sessionId">,
  end: TurnEnd,
): Promise<TurnResult> {
  const { turnId } = end
  const { items, turns = [] } = await engine.ask({ type: "session.read", sessionId })
  const paths = turns.find((turn) => turn.turnId === turnId)?.changed.paths ?? []
  const to = { kind: "before", turnId } as const
  const diffs = paths.length === 0 ? [] : await engine.ask({ type: "checkpoint.diff", sessionId, to })
  return {
    ...{ sessionId, turnId, text: end.text, outcome: end.outcome, usage: end.usage },
    ...(end.microUsd === undefined ? {} : { microUsd: end.microUsd }),
    items: items.filter((item) => "turnId" in item && item.turnId === turnId),
    changes: diffs.flatMap((diff) => (diff.isFolder === true ? [] : [changeOf(diff)])),
  }
}

function changeOf({ path, diff, sha256 }: PathDiff): ChangedFile {
  if (sha256 === undefined) return { path, kind: "delete", diff }
  return { path, kind: diff.startsWith("--- /dev/null") ? "add" : "update", diff }
}
