import type { ToolResult } from "@skein/core/ports"
import type { Settled } from "./schedule/settled.ts"

/** What a call tells the model, over all of its agents. */
const CHARS_MAX = 40_000

/** One that ended, with what else there is to say of it. */
export interface Told extends Settled {
  /** Of its worktree. */
  readonly note?: string | undefined
}

/** One agent's answer, or why there is none. */
export function answer(told: Told): ToolResult {
  const { assignment, status, result } = told
  const body = bodyOf(told, CHARS_MAX)
  const head = status === "completed" ? [] : [`${assignment.agent} did not complete (${status}).`]
  const text = [
    ...head,
    body,
    ...(result === undefined ? [] : [`(session ${result.sessionId}, ${amounts(told)})`]),
  ].join("\n")
  return resultOf(text, status === "completed" ? amounts(told) : status, status !== "completed", [told])
}

/** Several, each with its status, time and text, and which were dropped. */
export function answers(all: readonly Told[], headings: readonly (string | undefined)[] = []): ToolResult {
  const each = Math.floor(CHARS_MAX / Math.max(1, all.length))
  const parts = all.map((told, at) => {
    const { assignment, status, result } = told
    const stage = headings[at] === undefined ? "" : `${headings[at]}\n\n`
    const when = result === undefined ? "" : `, ${amounts(told)}, session ${result.sessionId}`
    return `${stage}## ${at + 1}. ${assignment.description} (${assignment.agent}): ${status}${when}\n${bodyOf(told, each)}`
  })
  const completed = all.filter(({ status }) => status === "completed").length
  const droppedNames = all.flatMap((told, at) =>
    told.result === undefined && told.status === "cancelled" ? [at + 1] : [],
  )
  const never = droppedNames.length === 0 ? "" : ` Never begun: ${droppedNames.join(", ")}.`
  const summary = `${completed} of ${all.length} completed`
  return resultOf(`${summary}.${never}\n\n${parts.join("\n\n")}`, summary, completed === 0, all)
}

function bodyOf({ text, result, note }: Told, charsMax: number): string {
  const left = text.length - charsMax
  const whole = result === undefined ? "" : `; sessions {"read": "${result.sessionId}"} shows the whole`
  const body =
    left <= 0 ? text || "(It said nothing.)" : `${text.slice(0, charsMax)}\n(… ${left} more characters${whole})`
  const changed = result?.changedPaths ?? []
  const files = note === undefined && changed.length > 0 ? [`Files that it changed: ${names(changed)}`] : []
  return [body, ...files, ...(note === undefined ? [] : [note])].join("\n")
}

const NAMES_MAX = 30

function names(paths: readonly string[]): string {
  const more = paths.length - NAMES_MAX
  return paths.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "")
}

function amounts({ result }: Settled): string {
  if (result === undefined) return ""
  const { durationMs, steps, microUsd } = result
  const seconds = durationMs < 9_950 ? (durationMs / 1_000).toFixed(1) : String(Math.round(durationMs / 1_000))
  const cost = microUsd === 0 ? "" : `, $${(microUsd / 1_000_000).toFixed(4)}`
  return `${seconds} s, ${steps} step${steps === 1 ? "" : "s"}${cost}`
}

/** What the agents read that nobody vouches for, the core knows and says. */
function resultOf(text: string, summary: string, isError: boolean, all: readonly Told[]): ToolResult {
  const agents = [...new Set(all.map(({ assignment }) => assignment.agent))].join(", ")
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary },
    provenance: { source: `agents ${agents}`, isTrusted: true },
    ...(isError ? { isError } : {}),
  }
}
