import type { CommandChoice, SessionSummary } from "@skein/protocol"
import { ago, counted, oneLine } from "./text.ts"

/** A session as a row to choose. */
export function sessionChoice(session: SessionSummary, now: number): CommandChoice {
  const { title, preview, turns, labels = [] } = session
  const facts = [
    ago(session.updatedAt, now),
    ...(turns === undefined ? [] : [counted(turns, "turn")]),
    ...labels.map((label) => `#${label}`),
    ...(session.isArchived ? ["archived"] : []),
  ]
  const name = oneLine(title ?? preview)
  return {
    label: name === "" ? session.sessionId : name,
    detail: facts.join(" · "),
    command: `resume ${session.sessionId}`,
  }
}
