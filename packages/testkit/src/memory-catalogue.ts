import type { CataloguePort } from "@skein/core/ports"
import { type EventOf, NO_USAGE, type SessionSummary } from "@skein/protocol"
import type { Log } from "./memory-logs.ts"

/** What is known of all sessions, computed from their logs whenever it is asked. Search finds plain text; usage is empty. */
export function memoryCatalogue(logs: { all(): readonly Log[] }): CataloguePort {
  const rows = () =>
    logs
      .all()
      .flatMap(summary)
      .sort((a, b) => b.updatedAt - a.updatedAt)
  return {
    async list({ cwd, limit, includesArchived, includesNonInteractive, label }) {
      return rows()
        .filter((row) => cwd === undefined || row.cwd === cwd)
        .filter((row) => includesArchived === true || !row.isArchived)
        .filter((row) => includesNonInteractive === true || row.isInteractive)
        .filter((row) => label === undefined || row.labels?.includes(label))
        .slice(0, limit)
    },
    async search({ text, limit }) {
      const hits = logs.all().flatMap((log) => {
        const found = log.find((event) => JSON.stringify(event).includes(text))
        const [session] = summary(log)
        return found === undefined || session === undefined ? [] : [{ session, snippet: text, seq: found.seq }]
      })
      return hits.slice(0, limit)
    },
    async prompts({ limit }) {
      const turns = logs.all().flatMap((log) => log.filter((event) => event.type === "turn.started"))
      return turns
        .map((turn) => ({ sessionId: turn.sessionId, at: turn.at, text: textOf(turn) }))
        .toReversed()
        .slice(0, limit)
    },
    async usage() {
      return { total: { steps: 0, usage: NO_USAGE, modelMs: 0 }, sessions: [], days: [], models: [], turns: [] }
    },
  }
}

function summary(log: Log): SessionSummary[] {
  const [created] = log
  if (created?.type !== "session.created") return []
  const changes = log.filter((event): event is EventOf<"session.changed"> => event.type === "session.changed")
  const turn = log.find((event) => event.type === "turn.started")
  const title = changes.findLast((change) => change.title !== undefined)?.title
  const labels = changes.findLast((change) => change.labels !== undefined)?.labels
  const line = (turn === undefined ? "" : textOf(turn)).replace(/\s+/g, " ").trim()
  return [
    {
      sessionId: created.sessionId,
      cwd: created.workspace.path,
      createdAt: created.at,
      updatedAt: log.at(-1)?.at ?? created.at,
      ...(title === undefined ? {} : { title }),
      ...(labels === undefined ? {} : { labels }),
      preview: line.length > 200 ? `${line.slice(0, 199)}…` : line,
      isInteractive: created.isInteractive,
      isArchived: changes.findLast((change) => change.isArchived !== undefined)?.isArchived ?? false,
    },
  ]
}

function textOf(turn: EventOf<"turn.started">): string {
  return turn.input.map((part) => (part.type === "text" ? part.text : "[image]")).join(" ")
}
