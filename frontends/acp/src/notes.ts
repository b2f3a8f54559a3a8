import type { EventOf, PlanStep, Todo } from "@skein/protocol"
import type { Json } from "./rpc.ts"

type Level = EventOf<"notice.posted">["level"]

/** What a person is told beside the conversation, as far as this client can show it. */
export interface Notices {
  readonly hasCompaction: boolean
  /** Is shown by every client: as a notice, or else as a thought, which nobody takes for a part of the answer. */
  told(level: Level, text: string): readonly Json[]
  /** The same of why a turn stopped, which stands in the place of an answer, or behind what there is of one. */
  ended(text: string): readonly Json[]
  /** Is left out for a client without notices. */
  shown(level: Level, text: string): readonly Json[]
}

/** A client says at the start what it can show; it must not be sent anything else. */
export function notices({ hasNotices, hasCompaction }: { hasNotices: boolean; hasCompaction: boolean }): Notices {
  const notice = (severity: Level, title: string) => [{ sessionUpdate: "notice", severity, title }]
  const shown = (level: Level, text: string) => (hasNotices && text !== "" ? notice(level, text) : [])
  return {
    hasCompaction,
    shown,
    told: (level, text) => (hasNotices ? shown(level, text) : [chunk("agent_thought_chunk", text)]),
    ended: (text) => (hasNotices ? shown("warning", text) : [chunk("agent_message_chunk", text)]),
  }
}

function chunk(sessionUpdate: "agent_message_chunk" | "agent_thought_chunk", text: string): Json {
  return { sessionUpdate, content: { type: "text", text: `\n\n${text}\n\n` } }
}

export function compaction(compactionId: string, summary: string | undefined): Json {
  return {
    sessionUpdate: "compaction_update",
    compactionId,
    status: "completed",
    ...(summary === undefined ? {} : { summary: [{ type: "text", text: summary }] }),
  }
}

/** The list of what is to do, which ACP calls a plan. Nothing of it is more urgent than the rest. */
export function plan(todos: readonly Todo[]): Json {
  const entries = todos.map(({ text, status }) => ({ content: text, priority: "medium", status }))
  return { sessionUpdate: "plan", entries }
}

/** The steps of a written plan, those within others indented: ACP has one list for both, and the newest stands in it. */
export function planOf(steps: readonly PlanStep[]): Json {
  const entries = steps.map(({ text, depth, status }) => ({
    content: `${"  ".repeat(Math.min(depth, 8))}${text}`,
    priority: "medium",
    status: status ?? "pending",
  }))
  return { sessionUpdate: "plan", entries }
}

/** The session as lists show it. `at` in milliseconds since the epoch. */
export function info({ title, at }: { readonly title?: string; readonly at: number }): Json {
  return {
    sessionUpdate: "session_info_update",
    ...(title === undefined ? {} : { title }),
    updatedAt: new Date(at).toISOString(),
  }
}

/** Nothing while the model's window is not known: a share of an unknown is none. */
export function usage({ contextTokens, contextTokensMax, microUsd }: EventOf<"usage.updated">): readonly Json[] {
  if (contextTokensMax === undefined) return []
  const cost = microUsd === undefined ? {} : { cost: { amount: microUsd / 1_000_000, currency: "USD" } }
  const used = Math.max(0, Math.round(contextTokens))
  return [{ sessionUpdate: "usage_update", used, size: Math.round(contextTokensMax), ...cost }]
}
