import {
  accepted,
  type Engine,
  jsonPage,
  type Op,
  REWIND_SCOPES,
  type RewindPreview,
  type RewindScope,
  type RewindTarget,
  type SessionId,
  SkeinError,
} from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import { counted } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { VerbCall } from "../verb.ts"
import { confirmed } from "./confirm.ts"
import { pastEvents } from "./past.ts"
import { numbered } from "./turns.ts"

export interface Rewinding {
  readonly call: VerbCall
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly to: RewindTarget
  readonly scope: RewindScope
}

type OnConflict = NonNullable<Op<"session.rewind">["onConflict"]>

/**
 * Says first what it would touch, asks, and does it. With `--dry-run` it only says. Exit code 1 when the person said no.
 * Throws SkeinError `checkpoint.conflict`, naming every path, when something else changed one and nobody chose what then.
 */
export async function rewind({ call, engine, sessionId, to, scope }: Rewinding): Promise<number> {
  const { flags, io } = call
  const [isDry, isJson] = [flags.has("dry-run"), flags.has("json")]
  const onConflict = onConflictOf(flags)
  if (isJson && !isDry && !flags.has("yes")) {
    throw new UsageError("With --json nobody is asked: say --yes to do it, or --dry-run.")
  }
  const preview = await engine.ask({ type: "rewind.preview", sessionId, to, scope })
  if (!isJson) for (const line of await told(preview, { call, engine, sessionId })) io.out(line)
  if (!isDry) {
    refuse(preview, onConflict)
    if (!flags.has("yes") && !(await confirmed(io, question(preview)))) {
      io.err("Nothing was changed.")
      return 1
    }
    const { seq } = await engine.ask({ type: "session.read", sessionId })
    await accepted(engine, { type: "session.rewind", sessionId, to, scope, ...given("onConflict", onConflict) })
    for await (const event of pastEvents(engine, sessionId, seq + 1)) {
      if (event.type === "notice.posted") io.err(`note    ${event.text}`)
    }
  }
  // One document, so what came of it is in it too.
  if (isJson) io.out(jsonPage({ sessionId, scope, isDone: !isDry, ...preview }))
  else if (!isDry)
    io.err(
      to.kind === "redo"
        ? "note    Gone forward."
        : `note    Gone back; skein redo --session ${sessionId} goes forward again.`,
    )
  return 0
}

/** What `--scope` says. Throws UsageError. */
export function scopeOf(flags: Flags, otherwise: RewindScope): RewindScope {
  return REWIND_SCOPES.find((scope) => scope === flags.text("scope")) ?? otherwise
}

const ON_CONFLICT: readonly OnConflict[] = ["refuse", "skip", "merge", "overwrite"]

function onConflictOf(flags: Flags): OnConflict | undefined {
  return ON_CONFLICT.find((choice) => choice === flags.text("on-conflict"))
}

function refuse({ files }: RewindPreview, onConflict: OnConflict | undefined): void {
  const conflicts = files.filter(({ conflict }) => conflict !== undefined)
  if (conflicts.length === 0 || (onConflict !== undefined && onConflict !== "refuse")) return
  throw new SkeinError(
    "checkpoint.conflict",
    [
      `Nothing was changed, because ${counted(conflicts.length, "file")} would lose what something else did:`,
      ...conflicts.map(({ path, conflict }) => `  ${path}: ${conflict}`),
      "Say --on-conflict skip to leave them, merge to put both together, or overwrite to lose what was done.",
    ].join("\n"),
  )
}

async function told(
  { turns, files, notCovered }: RewindPreview,
  { call: { io }, engine, sessionId }: Pick<Rewinding, "call" | "engine" | "sessionId">,
): Promise<string[]> {
  const width = await io.columns()
  const touched = files.filter(({ action, conflict }) => action !== "none" || conflict !== undefined)
  const all = turns.length === 0 ? [] : numbered(await engine.ask({ type: "session.tree", sessionId }))
  const moved = all.filter(({ turnId }) => turns.includes(turnId))
  const rows = touched.map(({ action, path, conflict }) => [
    action,
    path,
    conflict === undefined ? "" : `conflict: ${conflict}`,
  ])
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)
  return [
    touched.length === 0 ? "No file would change." : "Files:",
    ...indented(table([{}, {}, { isFlexible: true }], rows, width - 2)),
    ...(moved.length === 0 ? [] : ["Turns that leave the conversation or come back to it:"]),
    ...indented(
      table(
        [{ isRight: true }, { isFlexible: true }],
        moved.map(({ number, preview }) => [String(number), preview]),
        width - 2,
      ),
    ),
    ...notCovered.map((sentence) => `Not covered: ${oneLine(sentence)}`),
  ]
}

function question({ turns, files }: RewindPreview): string {
  const touched = files.filter(({ action }) => action !== "none").length
  const parts = [
    ...(touched > 0 ? [`change ${counted(touched, "file")}`] : []),
    ...(turns.length > 0 ? [`move ${counted(turns.length, "turn")}`] : []),
  ]
  return `${parts.length === 0 ? "Go there" : parts.join(" and ").replace(/^./, (letter) => letter.toUpperCase())}?`
}
