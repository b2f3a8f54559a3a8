import type { SessionId } from "@skein/protocol"
import * as vscode from "vscode"
import { Wire } from "./wire.ts"

const LIMIT = 50

/** Lets the person pick a session of the folder, newest first, and begins none. Throws WireError when skein cannot be asked. */
export async function pickSession(command: readonly string[], cwd: string): Promise<SessionId | undefined> {
  const wire = new Wire({ command, cwd, onEvent: () => undefined, onEnd: () => undefined })
  try {
    await wire.begin()
    const rows = await wire.ask({ type: "sessions.list", cwd, limit: LIMIT })
    const items = rows.map(({ sessionId, title, preview, updatedAt }) => ({
      label: title ?? (preview === "" ? "Nothing was said" : preview.slice(0, 80)),
      description: new Date(updatedAt).toLocaleString(),
      sessionId,
    }))
    if (items.length === 0) throw new Error("There is no session in this folder yet.")
    return (await vscode.window.showQuickPick(items, { title: "Go on with" }))?.sessionId
  } finally {
    wire.close()
  }
}
