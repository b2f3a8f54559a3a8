import type { Answer } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { lineWidth } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { padEnd, widthOf } from "../../view/text/width.ts"
import { HUNKS_KEY, hasHunks } from "./hunks.ts"
import type { Asked, Pending } from "./pending.ts"
import { alwaysText } from "./plainly.ts"

/** What a key says, and for how long. */
export interface AnswerKey {
  readonly answer: Answer
  readonly scope?: "session" | "project" | undefined
}

export const ANSWER_KEYS: Readonly<Record<string, AnswerKey>> = {
  y: { answer: "allow_once" },
  s: { answer: "allow_always", scope: "session" },
  p: { answer: "allow_always", scope: "project" },
  t: { answer: "preview" },
  n: { answer: "reject_once" },
}

/** The answer of a key that this question offers. A no is always offered. */
export function offered({ options }: Asked, chord: string): AnswerKey | undefined {
  const key = ANSWER_KEYS[chord]
  if (key === undefined) return undefined
  return key.answer === "reject_once" || options.includes(key.answer) ? key : undefined
}

/** The keys that answer, each with what it would mean: two rows of three, or as many as fit below each other. */
export function keyLines(pending: Pending, extent: Extent, look: Look): Line[] {
  const rows = keyRows(pending, extent, look)
  return look.columns < COLUMNS_MIN ? flowing(rows.flat(), look) : inColumns(rows, look)
}

/** What of the question is seen: nothing of it is missing, something is, or it is all there to be scrolled. */
export type Extent = "short" | "shortened" | "whole"

const VIEW_KEYS: Readonly<Record<Extent, Key | undefined>> = {
  short: undefined,
  shortened: ["v", "all", "all of it"],
  whole: ["v", "less", "less"],
}

type Key = readonly [chord: string, meaning: string, short: string]

/** From so many columns each key says all that it would mean. */
export const COLUMNS_MIN = 72
/** What a row of keys takes beside the rule: more where trying in a copy is offered. */
const OTHER_COLUMNS = { withPreview: 62, without: 56 }

function keyRows(pending: Pending, extent: Extent, look: Look): readonly (readonly Key[])[] {
  const { options, subject } = pending.event
  const always = ruleByKey(pending, look)
  const yes = YES[subject] ?? "once"
  const no = subject === "effects" ? "drop it" : "no"
  const lasting: Key[] = options.includes("allow_always")
    ? [
        ["s", always === undefined ? "this session" : `this session: ${always}`, "this session"],
        ["p", "this project …", "this project"],
      ]
    : []
  const preview: Key[] = options.includes("preview") ? [["t", "try it in a copy first", "try in a copy"]] : []
  return [
    [["y", yes, yes], ...lasting],
    [["n", no, no], ["f", `${no}, and say why`, "say why"], ...preview],
    ...(hasHunks(pending) ? [[[HUNKS_KEY, "only some hunks", "some hunks"] as const]] : []),
    ...(VIEW_KEYS[extent] === undefined ? [] : [[VIEW_KEYS[extent]]]),
  ]
}

const YES: Readonly<Partial<Record<Asked["subject"], string>>> = {
  effects: "keep it",
  plan: "yes",
  trust: "yes",
  budget: "go on",
  wait: "wait",
}

/** All that "always" would spare, where its key has room to say it. */
export function ruleByKey(pending: Pending, { columns }: Look): string | undefined {
  const { always, cwd, options } = pending.event
  if (always === undefined || columns < COLUMNS_MIN) return undefined
  const text = safeLine(alwaysText(always, pending, { cwd, home: undefined }))
  const others = options.includes("preview") ? OTHER_COLUMNS.withPreview : OTHER_COLUMNS.without
  return widthOf(text) <= columns - others ? text : undefined
}

function inColumns(rows: readonly (readonly Key[])[], { theme }: Look): Line[] {
  const columns = [0, 1].map((at) => Math.max(...rows.map((row) => widthOf(row[at]?.[1] ?? ""))))
  return rows.map((row) => {
    const spans = row.flatMap(([chord, meaning], at): Span[] => [
      { text: `${at === 0 ? "  " : "     "}${chord}`, style: theme.strong },
      { text: `  ${at < 2 ? padEnd(meaning, columns[at] ?? 0) : meaning}` },
    ])
    return spans
  })
}

function flowing(keys: readonly Key[], { theme, columns }: Look): Line[] {
  const lines: Span[][] = [[{ text: "  " }]]
  for (const [chord, , short] of keys) {
    const cell: Span[] = [{ text: chord, style: theme.strong }, { text: ` ${short}` }]
    const line = lines.at(-1) ?? []
    const isFirst = line.length === 1
    const isFitting = lineWidth(line) + lineWidth(cell) + 3 <= columns
    if (isFirst || isFitting) line.push(...(isFirst ? [] : [{ text: "   " }]), ...cell)
    else lines.push([{ text: "  " }, ...cell])
  }
  return lines
}
