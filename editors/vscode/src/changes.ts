import * as vscode from "vscode"
import { type Hunk, hunksOf, revertOf } from "./hunks.ts"
import type { Session } from "./session.ts"
import type { Changed } from "./shown.ts"
import { WireError } from "./wire.ts"

/** What the session changed in files since its first turn, hunk by hunk. */
export async function changedFiles({ wire, id: sessionId }: Session): Promise<Changed[]> {
  const first = (await wire.ask({ type: "checkpoints.list", sessionId })).at(-1)
  if (first === undefined) return []
  const to = { kind: "before", turnId: first.turnId } as const
  const files = await wire.ask({ type: "checkpoint.diff", sessionId, to })
  return files.map(({ path, diff, sha256 }) => {
    const hunks = hunksOf(diff, path)
    const note = hunks.length === 0 ? diff.trim() : undefined
    return { path, name: vscode.workspace.asRelativePath(path, false), sha256, hunks, note }
  })
}

/** Takes one hunk back. Lines of somebody else go only on a yes. */
export async function takeBack(session: Session, hunk: Hunk, sha256: string): Promise<void> {
  const op = { type: "files.revert", path: hunk.path, sha256, hunk: revertOf(hunk) } as const
  try {
    await session.submit(op)
  } catch (error) {
    if (!(error instanceof WireError) || error.code !== "checkpoint.foreign") throw error
    const answer = await vscode.window.showWarningMessage(error.message, { modal: true }, "Take it back")
    if (answer === "Take it back") await session.submit({ ...op, onConflict: "overwrite" })
  }
}
