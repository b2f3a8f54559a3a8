import type { CompactionPreview } from "@skein/protocol"
import { briefOf } from "../context/brief.ts"
import { SUMMARY_TOKENS_MAX, summaryOf } from "../context/relief.ts"
import { roomNow } from "../context/room.ts"
import { contextSize, itemTokens, messageTokens } from "../context/size.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"

type PreviewPorts = Pick<TurnPorts, "model" | "tools" | "tokens" | "limits">

/** What a compaction now would keep and let go. Asks no model, reads no file and changes nothing. */
export function previewCompaction(state: SessionState, ports: PreviewPorts): CompactionPreview {
  const { tokens } = ports
  const size = contextSize(state, ports)
  const { contextTokens, contextTokensMax, triggers, density } = size
  const room = roomNow(size)
  const brief = briefOf(state, { room, tokens, touched: [], hasNewest: true, isTight: false })
  const held = messageTokens(state, tokens)
  const summaryTokens =
    Math.min(SUMMARY_TOKENS_MAX, Math.ceil(room.summaryBytes / 3)) + tokens.estimate(summaryOf(state) ?? "")
  const kept = brief.sections.map(
    (section) => `${NAMES[section.source] ?? section.source}: about ${section.tokens} tokens`,
  )
  const fixed = Math.round(Math.max(contextTokens - held * density, 0))
  const sectionTokens = brief.sections.reduce((sum, section) => sum + section.tokens, 0)
  return {
    tokensBefore: contextTokens,
    tokensAfter: Math.round(fixed + (sectionTokens + summaryTokens) * density),
    contextTokensMax,
    triggerTokens: triggers?.summaryTokens,
    kept: [
      `What stands before the conversation, read anew: about ${fixed} tokens`,
      ...kept,
      `A summary of the rest: at most about ${summaryTokens} tokens`,
    ],
    dropped: droppedIn(state, tokens),
    inputsKept: brief.receipt.kept.length,
    inputs: state.said.length,
  }
}

const NAMES: Readonly<Record<string, string>> = {
  person: "Your messages, word for word",
  goal: "The goal",
  plan: "The plan",
  todos: "The list of tasks",
  files: "The files seen and edited, by name",
  newest: "The newest calls with their results",
  continue: "That the work goes on",
}

/** What a summary would take the place of, by what it is. */
function droppedIn(state: SessionState, tokens: PreviewPorts["tokens"]): string[] {
  const count = { answers: 0, calls: 0, thoughts: 0 }
  const size = { answers: 0, calls: 0, thoughts: 0 }
  for (const item of state.items) {
    const what = item.kind === "agent_message" ? "answers" : item.kind === "tool_call" ? "calls" : "thoughts"
    if (what === "thoughts" && item.kind !== "reasoning") continue
    count[what] += 1
    size[what] += itemTokens(item, tokens)
  }
  return (["answers", "calls", "thoughts"] as const).flatMap((what) =>
    count[what] === 0 ? [] : [`${LABELS[what]}: ${count[what]}, about ${size[what]} tokens`],
  )
}

const LABELS = { answers: "Answers", calls: "Calls with their results", thoughts: "Thoughts" } as const
