import type { ApprovalId } from "@skein/protocol"
import type { Input } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { type DrawDiff, drawnDiff } from "../diff-text.ts"
import { edited, lineInput } from "../line-input.ts"
import type { Panel, PanelStep } from "../panel.ts"
import { Reading } from "../reading.ts"
import { HUNKS_KEY, hasHunks, hunksSaid } from "./hunks.ts"
import { offered } from "./keys.ts"
import type { Pending } from "./pending.ts"
import type { ApprovalState, Measured } from "./state.ts"
import { approvalView } from "./view.ts"

/** What waits to be approved, and what the panel needs to ask it well. */
export interface ApprovalOptions {
  /** In order, at least one. */
  readonly pending: readonly Pending[]
  /** Milliseconds on any scale. */
  readonly now: () => number
  /** The person's home folder, which is shown as `~`. */
  readonly home?: string | undefined
  readonly drawDiff?: DrawDiff | undefined
  /** Something else was being asked when it came. */
  readonly isInterposed?: boolean | undefined
  /** Whether the line whose place it takes holds something: letters that answer nothing go on into that. */
  readonly isTyping?: (() => boolean) | undefined
}

/** Questions, one at a time. Enter approves nothing, and neither does a key that could not have been meant for this question. */
export interface ApprovalPanel extends Panel {
  /** The one that is asked now. */
  readonly approvalId: ApprovalId
  /** One more, asked after the others; one that is there already stays where it is. */
  with(pending: Pending): ApprovalPanel
  /** What is known by now of those that are there: another session is seen, and who asks is said otherwise. */
  told(pending: readonly Pending[]): ApprovalPanel
  /** Answered elsewhere, or withdrawn. Undefined when it was the last. */
  without(approvalId: ApprovalId): ApprovalPanel | undefined
  reread(): ApprovalPanel
  /** A key that may be a letter of the line, and waits to be pressed again: it is the line's where the question goes away. */
  readonly held: Input | undefined
  /** Without it. */
  freed(): ApprovalPanel
}

/** Undefined when nothing is asked. */
export function approvalPanel(options: ApprovalOptions): ApprovalPanel | undefined {
  const { pending, now, home, drawDiff = drawnDiff, isInterposed = false, isTyping = () => false } = options
  const reading = new Reading(now)
  return panelOf({ pending, now, home, drawDiff, reading, isInterposed, isTyping, measured: undrawn() })
}

function undrawn(): Measured {
  return { scrollMax: 0, isJudgeable: false }
}

function panelOf(state: ApprovalState): ApprovalPanel | undefined {
  const [first] = state.pending
  return first === undefined ? undefined : asking(state, first)
}

function asking(state: ApprovalState, first: Pending): ApprovalPanel {
  const again = (next: ApprovalState) => panelOf(next) ?? asking(state, first)
  return {
    extent: state.scroll === undefined ? "over" : "whole",
    approvalId: first.event.approvalId,
    with: (pending) =>
      state.pending.some(({ event }) => event.approvalId === pending.event.approvalId)
        ? asking(state, first)
        : again({ ...state, pending: [...state.pending, pending] }),
    told: (pending) => again(told(state, first, pending)),
    without: (approvalId) =>
      approvalId === first.event.approvalId
        ? panelOf(next(state))
        : again({ ...state, pending: state.pending.filter(({ event }) => event.approvalId !== approvalId) }),
    reread: () => again({ ...state, reading: new Reading(state.now) }),
    held: state.held,
    freed: () => again({ ...state, held: undefined }),
    key: (input, rows) => key(state, first, input, rows),
    view(look, rows) {
      state.reading.drawn()
      return approvalView(state, look, rows)
    },
  }
}

function told(state: ApprovalState, first: Pending, known: readonly Pending[]): ApprovalState {
  const by = new Map(known.map((pending) => [pending.event.approvalId, pending]))
  const pending = state.pending.map((one) => by.get(one.event.approvalId) ?? one)
  return { ...(pending[0]?.from === first.from ? state : restarted(state)), pending }
}

/** The questions after so many, of which the first is read from its first drawing on. */
function next({ pending, now, home, drawDiff, isTyping }: ApprovalState, answeredCount = 1): ApprovalState {
  const measured = undrawn()
  return {
    pending: pending.slice(answeredCount),
    now,
    home,
    drawDiff,
    reading: new Reading(now),
    isInterposed: false,
    isTyping,
    measured,
  }
}

function key(state: ApprovalState, first: Pending, input: Input, rows: number): PanelStep {
  if (input.kind !== "key" && input.kind !== "paste" && input.kind !== "mouse") return stay(state, first)
  if (state.feedback !== undefined) return feedbackKey(state, first, input)
  if (input.kind === "mouse") return scrolledBy(state, first, WHEEL[input.action] ?? 0)
  const chord = input.kind === "key" ? input.chord : ""
  if (chord === "escape") {
    if (state.scroll === undefined) return { kind: "leave", intents: heldIntents(state) }
    const { scroll: _, ...short } = state
    return stay(restarted(short), first)
  }
  if (chord === "ctrl+c") return interrupted(state, first)
  const by = scrolling(chord, rows)
  if (by !== undefined) return scrolledBy(state, first, by)
  if (state.isTyping() && state.scroll === undefined) return keyOverLine(state, first, input)
  return keyOverNothing(state, first, input)
}

/**
 * Nothing is typed yet: what comes before it could be read begins a line. A letter that would answer waits for the next key to
 * say which of the two it was; alone it is forgotten.
 */
function keyOverNothing(state: ApprovalState, first: Pending, input: Typed): PanelStep {
  const letter = letterOf(input)
  const { early = [], ...free } = state
  const isErasing = input.kind === "key" && input.chord === "backspace"
  const isWriting = isText(input) && !(isErasing && early.length === 0)
  if (!isWriting || state.isInterposed || state.scroll !== undefined) return answerKey(state, first, letter)
  const isRead = state.reading.isOver
  if (input.kind === "key" && isAnswering(first, letter)) {
    if (isRead) return answerKey(free, first, letter)
    const isAlone = early.every((one) => letterOf(one) === letter)
    if (isAlone) return answerKey({ ...free, early: [...early, input] }, first, letter)
  }
  if (isRead && early.length === 0) return answerKey(free, first, letter)
  return wrote({ ...restarted(free), note: WRITTEN }, first, [...early, input])
}

const WRITTEN = "That went into the line you are writing: it answers nothing."

function letterOf(input: Typed): string {
  return input.kind === "key" && input.chord.length === 1 ? input.chord.toLowerCase() : ""
}

/** A line is half typed: its letters go on into it, and one that would answer does so when it is pressed again. */
function keyOverLine(state: ApprovalState, first: Pending, input: Typed): PanelStep {
  const letter = letterOf(input)
  const { held, ...free } = state
  const isRead = state.reading.isOver
  if (isRead && held !== undefined && letterOf(held) === letter) return answerKey(free, first, letter)
  const before = held === undefined ? [] : [held]
  if (isRead && input.kind === "key" && isAnswering(first, letter)) {
    const note = `You are writing a line. Press ${letter} again if it is meant for this.`
    return wrote({ ...restarted(free), held: input, note }, first, before)
  }
  const inputs = isText(input) ? [...before, input] : before
  const note = inputs.length > 0 ? WRITTEN : undefined
  return wrote({ ...restarted(free), note }, first, inputs)
}

function wrote(state: ApprovalState, first: Pending, inputs: readonly Input[]): PanelStep {
  return { kind: "do", panel: asking(state, first), intents: inputs.length > 0 ? [{ type: "type", inputs }] : [] }
}

/** It was a letter of the line after all. */
function heldIntents({ held }: ApprovalState): readonly Intent[] {
  return held === undefined ? [] : [{ type: "type", inputs: [held] }]
}

type Typed = Extract<Input, { kind: "key" | "paste" }>

function isAnswering({ event }: Pending, letter: string): boolean {
  const isHunks = letter === HUNKS_KEY && hasHunks({ event })
  return letter === "v" || letter === "f" || isHunks || offered(event, letter) !== undefined
}

/** What a person writes a line with. */
function isText(input: Typed): boolean {
  return input.kind === "paste" || input.text !== undefined || input.chord === "backspace"
}

/** Whatever is typed before the question could be read was meant for the composer, and so is what follows it at once. */
function answerKey(state: ApprovalState, first: Pending, chord: string): PanelStep {
  const isTooSoon = !state.reading.isOver
  const read = restarted(state)
  if (isTooSoon) return stay({ ...read, note: "Typed before this could be read: it answers nothing." }, first)
  if (chord === "v") {
    const { scroll, ...short } = read
    return stay(scroll === undefined ? { ...short, scroll: 0 } : short, first)
  }
  if (chord === "f") return stay({ ...state, feedback: lineInput(), note: undefined }, first)
  if (chord === HUNKS_KEY && hasHunks(first) && state.measured.isJudgeable && !state.isInterposed)
    return stay({ ...state, feedback: lineInput(), isChoosing: true, note: undefined }, first)
  const answer = offered(first.event, chord)
  if (answer === undefined) return stay({ ...read, note: undefined }, first)
  if (!state.measured.isJudgeable && answer.answer !== "reject_once") return stay(read, first)
  if (state.isInterposed && answer.answer !== "reject_once") {
    return stay(
      {
        ...read,
        isInterposed: false,
        note: "This came while something else was asked. Press it again if it is meant for this.",
      },
      first,
    )
  }
  return answered(state, { type: "answer", approvalId: first.event.approvalId, ...answer })
}

function feedbackKey(state: ApprovalState, first: Pending, input: Input): PanelStep {
  const { feedback = lineInput(), isChoosing, ...without } = state
  const chord = input.kind === "key" ? input.chord : ""
  if (chord === "escape" || chord === "ctrl+c") return stay(restarted(without), first)
  if (chord !== "enter") return stay({ ...state, feedback: edited(feedback, input) ?? feedback }, first)
  const said = feedback.text.trim()
  if (said === "") return stay(state, first)
  const { approvalId, hunksCount = 0 } = first.event
  if (isChoosing !== true) return answered(state, { type: "answer", approvalId, answer: "reject_once", feedback: said })
  const hunks = hunksSaid(said, hunksCount)
  if (hunks !== undefined) return answered(state, { type: "answer", approvalId, answer: "allow_once", hunks })
  return stay({ ...state, note: `There are ${hunksCount} hunks: say 1, or 1,3 or 2-${hunksCount}.` }, first)
}

function answered(state: ApprovalState, intent: Intent): PanelStep {
  const panel = panelOf(next(state))
  return panel === undefined ? { kind: "leave", intents: [intent] } : { kind: "do", panel, intents: [intent] }
}

/** The questions of other sessions are asked on. */
function interrupted(state: ApprovalState, { event: { approvalId, sessionId } }: Pending): PanelStep {
  const others = state.pending.filter(({ event }) => event.sessionId !== sessionId)
  const panel = panelOf(next({ ...state, pending: others }, 0))
  const intents: readonly Intent[] = [...heldIntents(state), { type: "interrupt", asking: approvalId }]
  return panel === undefined ? { kind: "leave", intents } : { kind: "do", panel, intents }
}

const WHEEL: Readonly<Record<string, number>> = { "wheel-up": -3, "wheel-down": 3 }

function scrolling(chord: string, rows: number): number | undefined {
  if (chord === "up" || chord === "down") return chord === "up" ? -1 : 1
  if (chord === "page-up" || chord === "page-down") return (chord === "page-up" ? -1 : 1) * Math.max(1, rows - 8)
  if (chord === "home" || chord === "end") return (chord === "home" ? -1 : 1) * Number.MAX_SAFE_INTEGER
  return undefined
}

/** Only what is shown whole scrolls. */
function scrolledBy(state: ApprovalState, first: Pending, by: number): PanelStep {
  if (state.scroll === undefined) return stay(state, first)
  const { scrollMax } = state.measured
  return stay({ ...state, scroll: Math.max(0, Math.min(scrollMax, Math.min(state.scroll, scrollMax) + by)) }, first)
}

function restarted(state: ApprovalState): ApprovalState {
  return { ...state, reading: new Reading(state.now), note: undefined }
}

function stay(state: ApprovalState, first: Pending): PanelStep {
  return { kind: "stay", panel: asking(state, first) }
}
