import type { InputId, InputPart } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import type { Conversation, Said } from "../transcript/state.ts"

/** The person's words as they stand after a summary. */
export interface Ledger {
  readonly text: string
  /** Inputs that stand there whole. */
  readonly kept: readonly InputId[]
  /** Inputs of which a part, or all, had to be left out. */
  readonly shortened: readonly InputId[]
}

/** Of a message that is too long at least this much stays. */
const CHARS_MIN = 200

/**
 * Everything the person said, word for word and in order. Where that is more than `charsMax`, the middle of the longest
 * ones is left out and marked; where even that is too much, the oldest ones. Restored ones stay whole, whatever they cost.
 */
export function ledgerOf(said: readonly Said[], restored: ReadonlySet<InputId>, charsMax: number): Ledger {
  const words = said.map(({ inputId, input }) => ({ inputId, text: wordsOf(input), isWhole: restored.has(inputId) }))
  const whole = words.reduce((sum, { text, isWhole }) => sum + (isWhole ? text.length : 0), 0)
  // What was restored comes on top: it must not push the others out.
  const share = Math.max(charsMax - whole, Math.floor(charsMax / 2))
  const longest = levelOf(
    words.filter(({ isWhole }) => !isWhole).map(({ text }) => text.length),
    share,
  )
  let left = share
  let omitted = 0
  const kept: InputId[] = []
  const shortened: InputId[] = []
  const newestFirst: string[] = []
  for (const [at, { inputId, text, isWhole }] of [...words.entries()].reverse()) {
    const shown = isWhole ? text : cut(text, longest)
    if (!isWhole) left -= Math.min(text.length, longest)
    const isOut = !isWhole && left < 0 && at < words.length - 1
    ;(isOut || shown !== text ? shortened : kept).push(inputId)
    if (isOut) omitted += 1
    else newestFirst.push(`[message ${at + 1}]\n${shown}`)
  }
  const note = omitted === 0 ? [] : [`[${omitted} older messages are left out here; they are in the session's log]`]
  const text = [INTRO, ...note, ...newestFirst.reverse()].join("\n\n")
  return { text, kept: kept.reverse(), shortened: shortened.reverse() }
}

const INTRO = "What the person said in this session, word for word and in order. All of it still holds:"

export interface ShortenedInput {
  readonly inputId: InputId
  readonly text: string
}

/** What the newest summary shows only a part of and nobody asked to have whole again, in order. */
export function shortenedIn({ said, restored, compaction }: Conversation): readonly ShortenedInput[] {
  const open = new Set(compaction.shortened.filter((inputId) => !restored.has(inputId)))
  return said.flatMap(({ inputId, input }) => (open.has(inputId) ? [{ inputId, text: wordsOf(input) }] : []))
}

/** What a person wrote, with a note for each image. */
export function wordsOf(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : IMAGE_NOTE)).join("\n")
}

export const IMAGE_NOTE = "[an image was here; it is no longer shown]"

/** The length at which the longest have to be cut so that all together fit. */
function levelOf(lengths: readonly number[], charsMax: number): number {
  let left = charsMax
  let count = lengths.length
  for (const length of lengths.toSorted((a, b) => a - b)) {
    if (length * count > left) return Math.max(CHARS_MIN, Math.floor(left / count))
    left -= length
    count -= 1
  }
  return Number.POSITIVE_INFINITY
}
