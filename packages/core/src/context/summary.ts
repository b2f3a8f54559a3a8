import type { Item } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import { fullText, lineOf } from "./digest.ts"
import { wordsOf } from "./ledger.ts"
import { utf8Bytes } from "./sha256.ts"

/** What the model is told when it writes a summary. `prompt` stands for our own words. */
export function summaryInstructions({
  keep,
  prompt,
}: {
  readonly keep?: string | undefined
  readonly prompt?: string | undefined
}): string {
  const wish = keep === undefined || keep.trim() === "" ? [] : [`The person asks to keep above all: ${keep.trim()}`]
  return [prompt === undefined ? INSTRUCTIONS : `${prompt.trim()}\n\n${ALONE}`, ...wish].join("\n\n")
}

const INSTRUCTIONS = `You write the summary of a conversation between a person and a coding agent, for that agent: it goes on working
with your summary in place of the conversation, and knows nothing else of it. The person's own messages, the goal, the plan, the
list of tasks and the project's instructions are given to it again word for word; do not copy them.

Write these sections, leaving out what is empty:
Goal: what is to be achieved, as it now stands.
Decisions: what was decided and why, what was tried and given up, what the person corrected.
State of the work: what is done, what is half done, how it was checked and with which result.
Files: each file that matters, with what was learned of it: names, places, what was changed.
Open problems: errors with their exact words, questions nobody has answered.
Next steps: what to do next, in order.

Be exact: keep names, paths, commands, numbers and messages as they are. Do not invent. Answer with the summary alone.`

/** Whoever wrote the prompt may have had another way in mind of giving a model the conversation. */
const ALONE =
  "The conversation follows as text. Answer with the summary alone: it stands in the place of the conversation."

/** Of a result that has to be cut this much stays. */
const RESULT_CHARS = 400
const WORDS_CHARS = 2_000

/**
 * The conversation as one text, for whoever sums it up: no images, no thoughts, nothing of a provider, no earlier summary.
 * Over `charsMax` the oldest results are cut first, then reduced to a line; then the oldest of everything is left out.
 */
export function conversationText(items: readonly Item[], charsMax: number): string {
  const parts = items.flatMap((item) => partOf(item) ?? [])
  let total = parts.reduce((sum, { full }) => sum + full.length + GAP.length, 0)
  const shown = parts.map(({ full }) => full)
  const shorten = (shorter: (part: Part) => string) => {
    for (const [at, part] of parts.entries()) {
      if (total <= charsMax) return
      const before = shown[at] ?? ""
      shown[at] = shorter(part)
      total += shown[at].length - before.length
    }
  }
  shorten(({ full, isResult }) => (isResult ? cut(full, RESULT_CHARS) : full))
  shorten(({ full, line, isResult }) => (isResult ? line : cut(full, WORDS_CHARS)))
  let from = 0
  for (; total > charsMax && from < shown.length - 1; from++) total -= (shown[from] ?? "").length + GAP.length
  const note = from === 0 ? [] : [`[${from} older messages and calls are left out]`]
  return cut([...note, ...shown.slice(from)].join(GAP), charsMax)
}

const GAP = "\n\n"

interface Part {
  readonly full: string
  readonly line: string
  readonly isResult: boolean
}

function partOf(item: Item): Part | undefined {
  const line = lineOf(item)
  if (line === undefined) return undefined
  if (item.kind === "user_message") return { full: `The person said:\n${wordsOf(item.input)}`, line, isResult: false }
  return { full: withInput(item) ?? line, line, isResult: item.kind === "tool_call" || item.kind === "shell" }
}

const INPUT_CHARS = 2_000

/** What was asked for is often what was done: the text of an edit. */
function withInput(item: Item): string | undefined {
  const text = fullText(item)
  if (item.kind !== "tool_call" || text === undefined) return text
  return `${text}\n(It was asked for with ${cut(JSON.stringify(item.input ?? item.inputText ?? {}), INPUT_CHARS)})`
}

const BETWEEN = "\n\n---\n\n"
const TAIL_NOTE = "[… the beginning of the older summary is left out …]\n"

/** Earlier summaries as they were and the new one after them; over `bytesMax` the tail stays. */
export function joinedSummary(earlier: string | undefined, fresh: string, bytesMax: number): string {
  const text = earlier === undefined || earlier === "" ? fresh : `${earlier}${BETWEEN}${fresh}`
  if (utf8Bytes(text) <= bytesMax) return text
  let tail = text.slice(-Math.max(bytesMax - TAIL_NOTE.length - 8, 1))
  for (let over = utf8Bytes(tail) - bytesMax + TAIL_NOTE.length + 8; over > 0 && tail.length > 1; ) {
    tail = tail.slice(Math.max(Math.ceil(over / 3), 1))
    over = utf8Bytes(tail) - bytesMax + TAIL_NOTE.length + 8
  }
  return `${TAIL_NOTE}${tail.toWellFormed()}`
}
