import type { Engine, Op, PathDiff, SessionId } from "@skein/protocol"
import type { Panel } from "../panels/panel.ts"
import type { Hunk } from "../panels/review/hunks.ts"
import type { ReviewOptions } from "../panels/review/review.ts"

/** What the session changed in files so far, hunk by hunk, each of which can be taken back. */
export async function reviewOf(
  engine: Engine,
  sessionId: SessionId,
  from: Pick<ReviewOptions, "folder" | "at" | "note">,
): Promise<Panel> {
  const { reviewPanel } = await import("../panels/review/review.ts")
  const files = await changedFiles(engine, sessionId)
  return reviewPanel({
    ...from,
    files,
    undo(hunk, at) {
      const op = revertOf(hunk, files, sessionId)
      return op && [{ type: "hunk.revert", op, at }]
    },
  })
}

async function changedFiles(engine: Engine, sessionId: SessionId): Promise<readonly PathDiff[]> {
  const first = (await engine.ask({ type: "checkpoints.list", sessionId })).at(-1)
  if (first === undefined) return []
  const to = { kind: "before", turnId: first.turnId } as const
  return engine.ask({ type: "checkpoint.diff", sessionId, to })
}

/** The part of a file that the hunk speaks of, as it is and as it was. Undefined for what is no text, or is not there any more. */
function revertOf(
  { path, patch, lines }: Hunk,
  files: readonly PathDiff[],
  sessionId: SessionId,
): Op<"files.revert"> | undefined {
  const sha256 = files.find((file) => file.path === path)?.sha256
  const [, start] = /^@@ -\d+(?:,\d+)? \+(\d+)/m.exec(patch) ?? []
  if (sha256 === undefined || start === undefined || lines.length === 0) return undefined
  const body = patch.slice(patch.indexOf("@@ -")).split("\n").slice(1)
  const newText = side(body, "+")
  // Where nothing stands now, the number is that of the line before.
  const line = newText === "" ? Number(start) + 1 : Number(start)
  return { type: "files.revert", sessionId, path, sha256, hunk: { line, oldText: side(body, "-"), newText } }
}

/** The lines of one side, each with its end, but where the diff says that a file's last line has none. */
function side(body: readonly string[], sign: "+" | "-"): string {
  let text = ""
  let isLastOwn = false
  for (const row of body) {
    if (row.startsWith("\\")) text = isLastOwn ? text.slice(0, -1) : text
    else if (row !== "") {
      isLastOwn = row[0] === sign || row[0] === " "
      if (isLastOwn) text += `${row.slice(1)}\n`
    }
  }
  return text
}
