import { type Engine, type FileAction, type Op, type SessionId, SkeinError, type TurnId } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import { skeinInputId } from "./words.ts"

export interface RewindContext {
  readonly engine: Engine
  readonly sessionId: SessionId
  /** Submits an op that no turn may run beside. Throws SkeinError when the engine refuses. */
  readonly submitIdle: (op: Op) => Promise<void>
}

/**
 * Takes the files back to how they were when a message of the host was sent; the conversation stays. With `dry_run` it
 * only says what that would do, and why it could not. Throws SkeinError when it was to be done and cannot be: a host
 * that does not read the answer must not think that it was.
 */
export async function rewindFiles(request: Json, { engine, sessionId, submitIdle }: RewindContext): Promise<Json> {
  const isDry = request.dry_run === true
  const turnId = await turnOf(asText(request.user_message_id) ?? "", engine, sessionId)
  if (turnId === undefined) return refused(NO_CHECKPOINT, isDry)
  const to = { kind: "before", turnId } as const
  const { files } = await engine.ask({ type: "rewind.preview", sessionId, to, scope: "code" })
  const conflicts = files.filter(({ conflict }) => conflict !== undefined)
  if (conflicts.length > 0) return refused(conflictText(conflicts), isDry)
  const diffs = await engine.ask({ type: "checkpoint.diff", sessionId, to })
  if (!isDry) await submitIdle({ type: "session.rewind", sessionId, to, scope: "code" })
  const filesChanged = files.filter(({ action }) => action !== "none").map(({ path }) => path)
  return { canRewind: true, filesChanged, ...countsOf(diffs.map(({ diff }) => diff)) }
}

const NO_CHECKPOINT = "No file checkpoint found for this message."

async function turnOf(uuid: string, engine: Engine, sessionId: SessionId): Promise<TurnId | undefined> {
  const inputId = skeinInputId(uuid)
  if (inputId === undefined) return undefined
  const { items } = await engine.ask({ type: "session.read", sessionId })
  return items.filter((item) => item.kind === "user_message").findLast((item) => item.inputId === inputId)?.turnId
}

function refused(error: string, isDry: boolean): Json {
  if (isDry) return { canRewind: false, error }
  throw new SkeinError("op.invalid", error)
}

function conflictText(files: readonly FileAction[]): string {
  const named = files.map(({ path, conflict }) => `${path}: ${conflict}`).join("; ")
  return `Nothing was taken back, because something else changed these files since: ${named}.`
}

/** The diffs say what was done since; taking it back removes what was added. */
function countsOf(diffs: readonly string[]): { readonly insertions: number; readonly deletions: number } {
  const lines = diffs.flatMap((diff) => afterHead(diff.split("\n")))
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length
  return { insertions: count("-"), deletions: count("+") }
}

/** A line of text may look like one of the head; those of the head come before the first hunk. */
function afterHead(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findIndex((line) => line.startsWith("@@")))
}
