import { endsRound, questions, type TerminalFacts, terminalFacts } from "../facts/facts.ts"
import type { Size } from "../frame.ts"
import type { TerminalReply } from "../input.ts"
import { listen } from "../tty/listen.ts"
import type { Terminal } from "../tty/terminal.ts"
import { type TerminalCheck, terminalChecks } from "./checks.ts"
import { type Flicker, flickerOf } from "./flicker.ts"
import { WIDTH_ANSWERS, type WidthDifference, widthDifferences, widthQuestions } from "./widths.ts"

/** What a terminal can do and how skein would use it, asked of itself. */
export interface SelftestReport {
  readonly size: Size
  readonly facts: TerminalFacts
  /** Milliseconds; undefined when no answer came. */
  readonly answeredMs: number | undefined
  /** What is done on this terminal. */
  readonly strategy: {
    readonly frames: "synchronized" | "plain"
    readonly colors: TerminalFacts["colorDepth"]
    readonly keyboard: TerminalFacts["keyboard"]
    readonly reflow: TerminalFacts["reflow"]
  }
  /** Undefined where it could not be measured. */
  readonly widths: readonly WidthDifference[] | undefined
  readonly flicker: Flicker
  readonly checks: readonly TerminalCheck[]
}

/** The terminal that is asked, and how long it has to answer. */
export interface SelftestOptions {
  readonly terminal: Pick<Terminal, "size" | "write" | "onInput" | "raw" | "cooked">
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds on any scale. */
  now(): number
  /** Settles after as many milliseconds; the returned function forgets it. */
  after(ms: number, act: () => void): () => void
}

/**
 * Asks the terminal about itself, writes test characters where the cursor is and takes them away again. What is typed
 * meanwhile is dropped. A terminal that says nothing is waited for once.
 */
export async function selftest({ terminal, env, now, after }: SelftestOptions): Promise<SelftestReport> {
  const replies: TerminalReply[] = []
  let answered = () => {}
  const decoder = listen(terminal, (inputs) => {
    for (const input of inputs) if (input.kind === "reply") replies.push(input.reply)
    answered()
  })
  const asked = async (text: string, isEnough: () => boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const forget = after(SILENCE_MS, resolve)
    answered = () => (isEnough() ? resolve() : undefined)
    terminal.write(text)
    await promise
    forget()
    return isEnough()
  }
  const rounds = () => replies.filter(endsRound).length
  const text = questions(env)
  terminal.raw()
  try {
    const start = now()
    const hasAnswered = text !== "" && (await asked(text, () => rounds() > 0))
    const answeredMs = hasAnswered ? now() - start : undefined
    const facts = terminalFacts(replies, env)
    for (let at = 0; hasAnswered && at < WIDTH_ANSWERS; at++) decoder.expectCursor()
    const isMeasured = hasAnswered && (await asked(`${widthQuestions()}${FENCE}`, () => rounds() > 1))
    const cursors = replies.filter(({ kind }) => kind === "cursor").length
    const widths = isMeasured && cursors === WIDTH_ANSWERS ? widthDifferences(replies) : undefined
    const { size } = terminal
    const flicker = flickerOf(facts, size)
    const checks = terminalChecks({ facts, size, answeredMs, widths, flicker }, env)
    return { size, facts, answeredMs, strategy: strategyOf(facts), widths, flicker, checks }
  } finally {
    if (text !== "") terminal.write(CLEANED)
    terminal.cooked()
  }
}

function strategyOf({ isSynchronized, colorDepth, keyboard, reflow }: TerminalFacts): SelftestReport["strategy"] {
  return { frames: isSynchronized ? "synchronized" : "plain", colors: colorDepth, keyboard, reflow }
}

/** The primary attributes again: they come when everything before them was answered. */
const FENCE = "\u001b[c"
/** Whatever a terminal wrote that did not understand a question. */
const CLEANED = "\r\u001b[K"
/** Longer than any terminal takes, over any line. */
const SILENCE_MS = 1_000
