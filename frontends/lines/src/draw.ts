import {
  askedTitle,
  askerText,
  type CallId,
  type Event,
  type EventOf,
  hostedWords,
  type InputPart,
  type ItemId,
  longText,
  processNews,
  visible,
} from "@skein/protocol"
import { evidenceLines } from "@skein/protocol/turns"
import { wrapped } from "./fit.ts"
import { questionText } from "./question.ts"

/** What is on the screen so far, as far as it decides what comes next. */
export interface Drawn {
  /** The newest line has no newline yet. */
  readonly isMidLine: boolean
  /** Messages under way whose text was streamed already. */
  readonly shownItems: ReadonlySet<ItemId>
  /** Of the calls that are not over. */
  readonly titles: ReadonlyMap<CallId, string>
  /** Calls that are not over and that a person was asked about: who refused one of them is known. */
  readonly askedCalls: ReadonlySet<CallId>
  /** Why the request is asked again, as it was last said. */
  readonly retryReason?: string | undefined
  /** What is drawn happened before: the person's words are drawn too, as nobody is typing them. */
  readonly isPast: boolean
  /** Where the newest turn ended. */
  readonly endSeq?: number | undefined
  /** The conversation went back from there, and nothing was said since. */
  readonly isMoved?: boolean | undefined
}

export const BLANK: Drawn = {
  isMidLine: false,
  shownItems: new Set(),
  titles: new Map(),
  askedCalls: new Set(),
  isPast: true,
}

/** Pure: the text an event adds to the screen, and the screen after it. Text is only ever added. */
export function draw(event: Event, before: Drawn): { readonly text: string; readonly drawn: Drawn } {
  const fresh = before.isMidLine ? "\n" : ""
  const line = (text: string) => ({ text: `${fresh}${text}\n`, drawn: { ...before, isMidLine: false } })
  switch (event.type) {
    case "session.snapshot":
      return { text: left(before), drawn: { ...before, isPast: false, isMoved: false } }
    case "turn.started": {
      const drawn = { ...before, isMoved: false }
      return before.isPast
        ? { text: `${fresh}${left(before)}\n› ${said(event.input)}\n`, drawn: { ...drawn, isMidLine: false } }
        : nothing(drawn)
    }
    case "turn.steered":
      return before.isPast ? line(`\n› ${said(event.inputs.flatMap(({ input }) => input))}`) : nothing(before)
    case "item.delta":
      return delta(event, fresh, before)
    case "item.completed": {
      const isNew = event.kind === "agent_message" && !before.shownItems.has(event.itemId)
      if (isNew) return line(`\n  ${indented(event.text)}`)
      const after = { ...before, shownItems: without(before.shownItems, event.itemId) }
      return before.isMidLine ? endLine(after) : nothing(after)
    }
    case "call.requested":
      return { text: "", drawn: { ...before, titles: new Map([...before.titles, [event.callId, event.title]]) } }
    case "call.started":
      // Of a call that is over, its end says all.
      return before.isPast ? nothing(before) : line(`  … ${titleOf(event.callId, before)}`)
    case "call.settled":
      return { text: `${fresh}${settled(event, before)}\n`, drawn: { ...over(event.callId, before), isMidLine: false } }
    case "shell.started":
      // Who typed it sees it.
      return before.isPast ? line(`\n› ${event.isPrivate ? "!!" : "!"}${indented(event.command)}`) : nothing(before)
    case "shell.ended":
      return line(shellEnded(event))
    case "approval.requested": {
      const askedCalls = new Set([...before.askedCalls, ...(event.callId === undefined ? [] : [event.callId])])
      if (before.isPast) return nothing({ ...before, askedCalls })
      const own = event.callId === undefined ? event.subject : titleOf(event.callId, before)
      const title = event.agent === undefined ? own : `${askerText(event)}${askedTitle(event)}`
      return { text: `${fresh}${questionText(event, title)}`, drawn: { ...before, askedCalls, isMidLine: true } }
    }
    case "retry.scheduled":
      return retried(event, fresh, before)
    case "step.discarded": {
      const after = { ...before, shownItems: BLANK.shownItems, isMidLine: false }
      return before.isMidLine
        ? { text: `${fresh}  [the answer broke off and is asked for again]\n`, drawn: after }
        : nothing(after)
    }
    case "session.rewound":
      return nothing({ ...before, isMoved: before.isPast && event.toSeq < (before.endSeq ?? 0) })
    case "hosted_call.completed":
      return line(wrapped(`  ${hostedWords(event)}`, NOTICE_COLUMNS))
    case "process.matched":
    case "process.exited":
      return line(wrapped(`  ${processNews(event)}`, NOTICE_COLUMNS))
    case "notice.posted":
      return line(wrapped(`  ${event.text}`, NOTICE_COLUMNS))
    case "turn.ended": {
      const { text, drawn } = ended(event, line, before)
      return { text, drawn: { ...drawn, retryReason: undefined, endSeq: event.seq } }
    }
    default:
      return nothing(before)
  }
}

/** Sentences of ours are broken between words, at a width that every terminal has and that reads well. */
const NOTICE_COLUMNS = 80

function nothing(drawn: Drawn) {
  return { text: "", drawn }
}

/** What is known of a call goes when it is over: a session of many thousand calls is drawn as fast as a short one. */
function over(callId: CallId, before: Drawn): Drawn {
  const titles = new Map([...before.titles].filter(([id]) => id !== callId))
  return { ...before, titles, askedCalls: without(before.askedCalls, callId) }
}

function without<T>(all: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return all.has(one) ? new Set([...all].filter((each) => each !== one)) : all
}

/** Who goes on with a session sees turns above that are no longer in the conversation. */
function left({ isMoved }: Drawn): string {
  return isMoved === true ? "  ↶ taken back to an earlier place; /tree shows what was left\n" : ""
}

function endLine(before: Drawn) {
  return { text: "\n", drawn: { ...before, isMidLine: false } }
}

/** A message begins after a blank line. One that somebody typed into goes on below what was typed. */
function delta(event: EventOf<"item.delta">, fresh: string, before: Drawn) {
  if (event.channel !== "text") return nothing(before)
  const isFirst = !before.shownItems.has(event.itemId)
  const start = isFirst ? `${fresh}\n  ` : before.isMidLine ? "" : "  "
  const shownItems = isFirst ? new Set([...before.shownItems, event.itemId]) : before.shownItems
  return { text: `${start}${indented(event.text)}`, drawn: { ...before, isMidLine: true, shownItems } }
}

function ended(event: EventOf<"turn.ended">, line: (text: string) => ReturnType<typeof nothing>, before: Drawn) {
  const { outcome, evidence } = event
  const shown = evidence === undefined ? [] : evidenceLines(evidence).map((text) => `  ${visible(text)}`)
  if (outcome.kind === "completed" && shown.length === 0) return before.isMidLine ? endLine(before) : nothing(before)
  return line([...howEnded(outcome), ...shown].join("\n"))
}

function howEnded(outcome: EventOf<"turn.ended">["outcome"]): readonly string[] {
  if (outcome.kind === "completed") return []
  return [outcome.kind === "interrupted" ? `  ${outcome.message ?? "stopped"}` : `  ✗ ${outcome.message}`]
}

/** From here on seconds say nothing. */
const LONG_MS = 90_000

/** A reason that was just given is not given again. */
function retried(event: EventOf<"retry.scheduled">, fresh: string, before: Drawn) {
  const why = event.message === before.retryReason ? "" : `: ${event.message}`
  const after = { ...before, isMidLine: false, retryReason: event.message }
  // Asked otherwise and at once: there is nothing to wait for.
  if (event.atMs <= event.at)
    return { text: `${fresh}${wrapped(`  ${event.message}`, NOTICE_COLUMNS)}\n`, drawn: after }
  const leftMs = event.atMs - event.at
  const left = leftMs < LONG_MS ? `${(leftMs / 1_000).toFixed(1)} s` : longText(leftMs)
  return {
    text: `${fresh}  waits ${left}, then tries again${why}\n`,
    drawn: after,
  }
}

function settled(event: EventOf<"call.settled">, before: Drawn): string {
  const mark = { success: "✓", error: "✗", cancelled: "–" }[event.outcome]
  const facts = [endOf(event, before), tookOf(event.durationMs), ...originOf(event)].filter(
    (fact) => fact !== undefined,
  )
  const end = `  ${mark} ${titleOf(event.callId, before)}${facts.length === 0 ? "" : `  ${facts.join(", ")}`}`
  return [end, ...lastWords(event)].join("\n")
}

const LAST_WORDS_MAX = 6

/** The end of what a failed command said: there it says why. */
function lastWords({ outcome, forHuman }: EventOf<"call.settled">): string[] {
  if (outcome !== "error" || forHuman?.kind !== "command") return []
  const said = forHuman.body.split("\n").filter((text) => text.trim() !== "")
  const shown = said.slice(-LAST_WORDS_MAX)
  const left = said.length - shown.length
  return [...(left > 0 ? [`    ⋯ ${left} more lines`] : []), ...shown.map((text) => `    ┊ ${text}`)]
}

const REASON_CHARS_MAX = 160

/** How a call ended, in a few words. A failure that has no summary of its own is told by the first line of its reason. */
function endOf({ callId, code, forHuman }: EventOf<"call.settled">, { askedCalls }: Drawn): string | undefined {
  if ((code === "call.denied" || code === "call.unattended") && askedCalls.has(callId)) return "refused"
  if (forHuman?.summary !== "failed" && forHuman?.summary !== "refused") return forHuman?.summary
  // A line that ends in a colon is the heading of the next.
  const [reason = ""] = forHuman.body
    .trim()
    .replaceAll(/:\s*\n\s*/g, ": ")
    .split("\n")
  if (reason === "") return forHuman.summary
  return reason.length > REASON_CHARS_MAX ? `${reason.slice(0, REASON_CHARS_MAX - 1)}…` : reason
}

/** What a person has to know of a result before they trust what comes of it. */
function originOf({ provenance, network = [], confinement }: EventOf<"call.settled">): string[] {
  const reached = network.map(({ host, decision }) => (decision === "allowed" ? `reached ${host}` : `refused ${host}`))
  return [
    ...(provenance?.isTrusted === false ? ["untrusted"] : []),
    ...reached.slice(0, HOSTS_MAX),
    ...(reached.length > HOSTS_MAX ? [`and ${reached.length - HOSTS_MAX} more hosts`] : []),
    ...(confinement === "none" ? ["no sandbox"] : []),
  ]
}

const HOSTS_MAX = 3

/** What a person's own command printed, and its end. */
function shellEnded(event: EventOf<"shell.ended">): string {
  const { forHuman, outcome, durationMs } = event
  const body = (forHuman?.body ?? "").trimEnd()
  const mark = { success: "✓", error: "✗", cancelled: "–" }[outcome]
  const facts = [forHuman?.summary ?? outcome, tookOf(durationMs)].filter((fact) => fact !== undefined)
  const told = event.isPrivate ? [...facts, "the model is not told"] : facts
  const isSaid = body === "" || forHuman?.kind !== "command"
  return [...(isSaid ? [] : [`  ${indented(body)}`]), `  ${mark} ${told.join(", ")}`].join("\n")
}

/** Only what a person would notice: a second or more. */
function tookOf(durationMs: number | undefined): string | undefined {
  return durationMs === undefined || durationMs < 1_000 ? undefined : `${(durationMs / 1_000).toFixed(1)} s`
}

function titleOf(callId: CallId, { titles }: Drawn): string {
  return titles.get(callId) ?? callId
}

function said(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n  ")
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ")
}
