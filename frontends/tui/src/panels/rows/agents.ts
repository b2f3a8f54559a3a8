import type { SessionId, SubagentReport } from "@skein/protocol"
import type { Line, Span, Style } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { counted, moneyText } from "../../view/amounts.ts"
import type { Glyphs, Look, Theme } from "../../view/look.ts"
import { sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutText, padEnd, padStart, widthOf } from "../../view/text/width.ts"
import type { Panel } from "../panel.ts"
import { rowsPanel } from "./rows.ts"

/** One agent at work. */
export interface AgentRow {
  readonly name: string
  readonly state: "running" | "waiting" | "done" | "failed"
  /** What it does, asks or came to: `edit src/api/invoice.ts`, `asks: overwrite docs/billing.md?`, `merged`. */
  readonly doing: string
  /** `step 9`, `done`, `held`. */
  readonly progress: string
  readonly microUsd?: number | undefined
  /** Where it works: `worktree api-3f`. */
  readonly place?: string | undefined
  /** The session to look at. */
  readonly sessionId?: SessionId | undefined
  /** What stops it, when it can be stopped. */
  readonly stop?: Intent | undefined
}

/** The agents at work, and what was given to them. */
export interface AgentsOptions {
  readonly goal: string
  readonly agents: readonly AgentRow[]
  readonly elapsedMs: number
  readonly microUsd?: number | undefined
}

/** The agents at work: who does what, who needs the person, what it costs. As they are whenever they are drawn. */
export function agentsPanel(now: () => AgentsOptions): Panel {
  return rowsPanel<AgentRow>({
    head: (look) => headLine(now(), look),
    rows: () => now().agents,
    idOf: ({ name, sessionId }) => sessionId ?? name,
    draw: (agent, look) => agentLine(agent, widthsOf(now()), look),
    empty: "No agent is at work.",
    keys: [
      {
        ...{ chord: "enter", name: "look", isLast: true },
        act: ({ sessionId }) =>
          sessionId === undefined ? "It has no session to look at." : [{ type: "session", sessionId, place: "tab" }],
      },
      {
        ...{ chord: "x", name: "stop", isLast: false, confirm: ({ name }) => `Stop ${name}?` },
        act: ({ stop }) => (stop === undefined ? "It does not run." : [stop]),
      },
    ],
  })
}

/** The children of a session, as it lists them. */
export function agentsOf(
  reports: readonly SubagentReport[],
  {
    sessionId,
    title = "",
    now,
  }: { readonly sessionId: SessionId; readonly title?: string | undefined; readonly now: number },
): AgentsOptions {
  const begun = Math.min(now, ...reports.map(({ startedAt }) => startedAt))
  const isAnyAtWork = reports.some(({ status }) => status !== "ended")
  const ended = Math.max(begun, ...reports.map(({ startedAt, durationMs = 0 }) => startedAt + durationMs))
  const microUsd = reports.reduce((sum, report) => sum + report.microUsd, 0)
  return {
    ...{ goal: title, elapsedMs: (isAnyAtWork ? now : ended) - begun },
    ...(microUsd === 0 ? {} : { microUsd }),
    agents: reports.map((report) => rowOf(report, sessionId)),
  }
}

function rowOf(report: SubagentReport, sessionId: SessionId): AgentRow {
  const { childSessionId, agent: name, description, steps, microUsd, status, isBackground } = report
  const isAtWork = status !== "ended"
  const op = { type: "agent.stop", sessionId, childSessionId } as const
  return {
    ...{ name, state: stateOf(report), doing: doingOf(report), sessionId: childSessionId },
    progress: isAtWork ? `step ${steps + 1}` : "done",
    ...(microUsd === 0 ? {} : { microUsd }),
    ...(isAtWork ? { place: isBackground ? "in the background" : description } : { place: description }),
    ...(isAtWork ? { stop: { type: "op", op, done: `Stopped: ${name}.` } } : {}),
  }
}

function stateOf({ status, outcome }: SubagentReport): AgentRow["state"] {
  if (status === "running") return "running"
  if (status !== "ended") return "waiting"
  return outcome?.kind === "completed" ? "done" : "failed"
}

function doingOf({ status, doing = "", description, outcome, text = "" }: SubagentReport): string {
  if (status === "queued") return "waits for a place"
  if (status === "waiting") return doing === "" ? "asks you" : `asks: ${doing}`
  if (status === "running") return doing === "" ? description : doing
  const why = outcome !== undefined && "message" in outcome ? outcome.message : undefined
  return why ?? text.trim().split("\n")[0] ?? ""
}

function headLine({ goal, agents, elapsedMs, microUsd }: AgentsOptions, { theme, columns, glyphs }: Look): Line {
  const facts = [
    counted(agents.length, "agent"),
    clockText(elapsedMs),
    ...(microUsd === undefined ? [] : [moneyText(microUsd)]),
  ]
  return sides(
    [{ text: "  agents  ", style: theme.strong }, { text: goal === "" ? "" : `"${safeLine(goal)}"` }],
    [{ text: (columns < NARROW ? facts.slice(0, 1) : facts).join(" · "), style: theme.dim }],
    ...[columns - 2, glyphs.more],
  )
}

function widthsOf({ agents }: AgentsOptions): Widths {
  return {
    names: Math.min(16, Math.max(0, ...agents.map(({ name }) => widthOf(safeLine(name))))),
    places: Math.min(PLACE_MAX, Math.max(0, ...agents.map(({ place = "" }) => widthOf(safeLine(place))))),
  }
}

/** `02:14` */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`
}

function agentLine(
  { name, state, doing, progress, microUsd, place }: AgentRow,
  { names, places }: Widths,
  look: Look,
): Line {
  const { theme, glyphs, columns } = look
  const left: Span[] = [
    { text: `${glyphs[state]} `, style: styleOf(state, theme) },
    { text: `${padEnd(cutText(safeLine(name), names, glyphs.more), names)}  `, style: theme.strong },
    { text: safeLine(doing), style: state === "waiting" ? theme.waiting : theme.text },
  ]
  const cost = microUsd === undefined ? "" : moneyText(microUsd)
  const numbers = `${padEnd(safeLine(progress), 7)}${padStart(cost, 7)}`
  const right =
    columns < NARROW
      ? safeLine(progress)
      : columns < WIDE
        ? numbers
        : `${numbers}   ${padEnd(cutText(safeLine(place ?? ""), places, glyphs.more), places)}`
  return sides(left, [{ text: right, style: theme.dim }], columns, glyphs.more)
}

function styleOf(state: keyof Pick<Glyphs, AgentRow["state"]>, theme: Theme): Style {
  return theme[state]
}

const NARROW = 50
const WIDE = 70
const PLACE_MAX = 24

interface Widths {
  readonly names: number
  readonly places: number
}
