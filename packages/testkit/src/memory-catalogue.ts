import type { CataloguePort } from "@skein/core/ports"
import {
  addUsage,
  type CacheMiss,
  type InputPart,
  NO_USAGE,
  type SearchHit,
  type SessionId,
  type SessionSummary,
  type TurnId,
  type Usage,
  type UsageRow,
} from "@skein/protocol"
import type { Log, MemoryLogs } from "./memory-logs.ts"

/** What is known of all sessions of these logs: read anew at every question. Days are in UTC. */
export function memoryCatalogue(logs: MemoryLogs): CataloguePort {
  const sessions = () =>
    logs
      .all()
      .flatMap(([sessionId, log]) => entryOf(sessionId, log))
      .sort((a, b) => b.summary.updatedAt - a.summary.updatedAt || (a.summary.sessionId < b.summary.sessionId ? 1 : -1))
  return {
    list: async ({ cwd, limit, label, topic, ...includes }) =>
      sessions()
        .map(({ summary }) => summary)
        .filter((row) => cwd === undefined || row.cwd === cwd)
        .filter((row) => includes.includesArchived === true || !row.isArchived)
        .filter((row) => includes.includesNonInteractive === true || row.isInteractive)
        .filter((row) => includes.includesSubagents === true || row.parent?.kind !== "subagent")
        .filter(({ topics }) => topic === undefined || [topics?.primary, ...(topics?.secondary ?? [])].includes(topic))
        .filter((row) => label === undefined || row.labels?.includes(label))
        .slice(0, limit),
    search: async ({ text, cwd, limit }) =>
      sessions()
        .filter(({ summary }) => cwd === undefined || summary.cwd === cwd)
        .flatMap((entry) => hits(entry, text))
        .slice(0, limit),
    prompts: async ({ cwd, limit = 200 }) =>
      sessions()
        .filter(({ summary }) => summary.isInteractive && (cwd === undefined || summary.cwd === cwd))
        .flatMap(({ summary: { sessionId }, log }) => typed(log).map((prompt) => ({ sessionId, ...prompt })))
        .sort((a, b) => b.at - a.at)
        .filter((prompt, index, all) => prompt.text !== all[index - 1]?.text)
        .slice(0, limit),
    usage: async ({ sessionId, sinceMs = 0 }) => {
      const wanted = sessions().filter(({ summary }) => sessionId === undefined || summary.sessionId === sessionId)
      const spent = wanted.flatMap(({ summary, log }) => spentIn(summary, log)).filter(({ at }) => at >= sinceMs)
      const turns = spent.flatMap((one) => (one.turnId === undefined ? [] : [{ ...one, turnId: one.turnId }]))
      return {
        total: sum(spent),
        sessions: groups(spent, (one) => one.summary).map(([{ sessionId: id, title, preview }, group]) => ({
          sessionId: id,
          preview: title ?? preview,
          ...sum(group),
        })),
        days: groups(spent, (one) => new Date(one.at).toISOString().slice(0, 10))
          .map(([day, group]) => ({ day, ...sum(group) }))
          .sort((a, b) => (a.day < b.day ? 1 : -1)),
        models: groups(spent, (one) => one.model)
          .map(([model, group]) => ({ model, ...sum(group) }))
          .sort((a, b) => a.model.localeCompare(b.model)),
        turns:
          sessionId === undefined
            ? []
            : groups(turns, (one) => one.turnId).map(([turnId, group]) => ({
                turnId,
                preview: turnPreview(wanted[0]?.log ?? [], turnId),
                ...sum(group),
              })),
      }
    },
    typical: async () => {
      const steps = sessions()
        .flatMap(({ summary, log }) => spentIn(summary, log))
        .filter(({ isStep, turnId }) => isStep && turnId !== undefined)
      const turns = groups(steps, (one) => one.turnId).map(([, group]) => ({ group, ...sum(group) }))
      if (turns.length === 0) return { turns: 0, models: [] }
      const of = (field: "input" | "cacheRead" | "cacheWrite" | "output" | "reasoning") =>
        median(turns.map(({ usage }) => usage[field])) ?? 0
      const alone = turns.filter(({ group }) => new Set(group.map(({ model }) => model)).size === 1)
      return {
        turns: turns.length,
        usage: {
          ...{ input: of("input"), cacheRead: of("cacheRead"), cacheWrite: of("cacheWrite") },
          ...{ output: of("output"), reasoning: of("reasoning") },
        },
        models: groups(alone, ({ group }) => group[0]?.model ?? "")
          .map(([model, all]) => ({
            ...{ model, turns: all.length, turnMs: median(all.map(({ modelMs }) => modelMs)) ?? 0 },
            firstTokenMs: median(
              all.flatMap(({ group }) => group.flatMap((one) => one.firstTokenMs ?? []).slice(0, 1)),
            ),
          }))
          .sort((a, b) => a.model.localeCompare(b.model)),
      }
    },
  }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}

interface Entry {
  readonly summary: SessionSummary
  readonly log: Log
}

interface Spent {
  readonly summary: SessionSummary
  readonly at: number
  readonly turnId?: TurnId | undefined
  readonly model: string
  readonly isStep: boolean
  readonly usage: Usage
  readonly microUsd?: number | undefined
  readonly firstTokenMs?: number | undefined
  readonly durationMs: number
  readonly cacheMiss?: CacheMiss | undefined
}

function entryOf(sessionId: SessionId, log: Log): Entry[] {
  const [created] = log
  if (created?.type !== "session.created") return []
  const changes = log.filter((event) => event.type === "session.changed")
  const turns = log.filter((event) => event.type === "turn.started")
  const models = log.filter((event) => event.type === "settings.changed").map((event) => event.changes.model)
  const labels = changes.findLast((change) => change.labels !== undefined)?.labels
  const summary: SessionSummary = {
    sessionId,
    cwd: changes.findLast((change) => change.workspace !== undefined)?.workspace?.path ?? created.workspace.path,
    createdAt: created.at,
    // What a fork took along is older than it is.
    updatedAt: Math.max(log.at(-1)?.at ?? created.at, created.parent === undefined ? 0 : created.at),
    title: changes.findLast((change) => change.title !== undefined)?.title,
    preview: previewOf(turns[0]?.input ?? []),
    isInteractive: created.isInteractive,
    isArchived: changes.findLast((change) => change.isArchived !== undefined)?.isArchived ?? false,
    topics: changes.findLast((change) => change.topics !== undefined)?.topics,
    labels: labels?.length === 0 ? undefined : labels,
    visibility: changes.findLast((change) => change.visibility !== undefined)?.visibility,
    parent: created.parent && { sessionId: created.parent.sessionId, kind: created.parent.kind },
    importedFrom: created.source?.format,
    model: models.findLast((model) => model !== undefined) ?? created.settings.model,
    turns: turns.length,
  }
  return [{ summary, log }]
}

function previewOf(input: readonly InputPart[]): string {
  const line = textOf(input).replace(/\s+/g, " ").trim()
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

function textOf(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : "[image]")).join(" ")
}

function turnPreview(log: Log, turnId: TurnId): string {
  const turn = log.find((event) => event.type === "turn.started" && event.turnId === turnId)
  return turn?.type === "turn.started" ? previewOf(turn.input) : ""
}

/** The first place of the last term, when all of them were said somewhere. The last word is also a beginning. */
function hits({ summary, log }: Entry, question: string): SearchHit[] {
  const terms = (question.match(/"[^"]*"?|[^\s"]+/g) ?? []).map(wordsOf).filter((words) => words.length > 0)
  const isSaid = (text: string, term: readonly string[], isBeginning: boolean) =>
    isBeginning && !question.trimEnd().endsWith('"')
      ? ` ${wordsOf(text).join(" ")}`.includes(` ${term.join(" ")}`)
      : ` ${wordsOf(text).join(" ")} `.includes(` ${term.join(" ")} `)
  const places = terms.map((term, index) =>
    said(log).find(({ text }) => isSaid(text, term, index === terms.length - 1)),
  )
  const place = places.at(-1)
  const [word = ""] = terms.at(-1) ?? []
  if (place === undefined || places.includes(undefined)) return []
  const at = place.text.toLowerCase().indexOf(word)
  const end = at + word.length
  const snippet = `${place.text.slice(0, at)}\ue000${place.text.slice(at, end)}\ue001${place.text.slice(end)}`
  return [{ session: summary, snippet, turnId: place.turnId, seq: place.seq }]
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function said(log: Log): { readonly seq: number; readonly turnId?: TurnId | undefined; readonly text: string }[] {
  return log.flatMap((event) => {
    const { seq } = event
    switch (event.type) {
      case "turn.started":
        return [{ seq, turnId: event.turnId, text: textOf(event.input) }]
      case "turn.steered":
        return event.inputs.map(({ input }) => ({ seq, turnId: event.turnId, text: textOf(input) }))
      case "item.completed":
        return event.kind === "agent_message" ? [{ seq, turnId: event.turnId, text: event.text }] : []
      case "call.requested":
        return [{ seq, turnId: event.turnId, text: `${event.name} ${event.title} ${event.locations.join(" ")}` }]
      case "session.changed":
        return event.title === undefined ? [] : [{ seq, text: event.title }]
      default:
        return []
    }
  })
}

/** A fork begins with what another session said and spent, at its time. */
function own(log: Log): Log {
  const [created] = log
  return created?.type === "session.created" && created.parent?.kind === "fork"
    ? log.filter((event) => event.at >= created.at)
    : log
}

function typed(log: Log): { readonly at: number; readonly text: string }[] {
  return own(log).flatMap((event) => {
    if (event.type === "turn.started" && event.source !== "parent") return [{ at: event.at, text: textOf(event.input) }]
    if (event.type === "turn.steered") return event.inputs.map(({ input }) => ({ at: event.at, text: textOf(input) }))
    return []
  })
}

function spentIn(summary: SessionSummary, log: Log): Spent[] {
  let model = summary.model ?? ""
  let turnId: TurnId | undefined
  return own(log).flatMap((event): Spent[] => {
    if (event.type === "turn.started") turnId = event.turnId
    if (event.type === "step.started") model = event.model
    if (event.type === "step.ended") return [{ ...event, summary, model, isStep: true }]
    if (event.type === "step.discarded" && event.usage !== undefined)
      return [{ ...event, usage: event.usage, summary, model, isStep: false, durationMs: 0 }]
    return event.type === "usage.recorded" ? [{ ...event, summary, turnId, isStep: false }] : []
  })
}

function groups<T, K>(all: readonly T[], key: (one: T) => K): [K, T[]][] {
  return [...Map.groupBy(all, key)]
}

function sum(spent: readonly Spent[]): UsageRow {
  const prices = spent.flatMap(({ microUsd }) => (microUsd === undefined ? [] : [microUsd]))
  const times = spent.flatMap(({ firstTokenMs }) => (firstTokenMs === undefined ? [] : [firstTokenMs]))
  times.sort((a, b) => a - b)
  const missed = spent.flatMap(({ cacheMiss }) => cacheMiss ?? [])
  const misses = groups(missed, ({ cause }) => cause)
    .map(([cause, of]) => ({ cause, steps: of.length, tokens: of.reduce((total, { tokens }) => total + tokens, 0) }))
    .sort((a, b) => b.tokens - a.tokens)
  return {
    steps: spent.filter(({ isStep }) => isStep).length,
    usage: spent.reduce((total, one) => addUsage(total, one.usage), NO_USAGE),
    microUsd: prices.length === 0 ? undefined : prices.reduce((total, price) => total + price, 0),
    modelMs: spent.reduce((total, one) => total + one.durationMs, 0),
    firstTokenMs: times[Math.floor((times.length - 1) / 2)],
    tokensPerSecond: rate(spent),
    ...(misses.length > 0 ? { misses } : {}),
  }
}

/** Of those that streamed. */
function rate(spent: readonly Spent[]): number | undefined {
  const streamed = spent.flatMap(({ firstTokenMs, durationMs, usage }) =>
    firstTokenMs === undefined ? [] : [{ ms: durationMs - firstTokenMs, tokens: usage.output }],
  )
  const ms = streamed.reduce((total, one) => total + one.ms, 0)
  return ms > 0 ? (streamed.reduce((total, one) => total + one.tokens, 0) * 1_000) / ms : undefined
}
