import type { QueuedInput } from "@skein/protocol"
import type { Frame, Line } from "@skein/term"
import { saidIn } from "../transcript/said.ts"
import type { Look } from "../view/look.ts"
import { safeLine } from "../view/text/safe.ts"
import { cutText } from "../view/text/width.ts"
import { stacked } from "./screen.ts"

/** Everything below what is finished. */
export interface LiveParts {
  /** Before anything was said. */
  readonly welcome: readonly Line[]
  /** Of blocks that go on. */
  readonly blocks: readonly Line[]
  readonly queue: readonly QueuedInput[]
  /** What was sent and cannot go yet, as it was typed. */
  readonly outgoing?: readonly string[]
  /** The composer, or what is open in its place. */
  readonly desk: Frame
  readonly status: readonly Line[]
}

/**
 * The live region: what goes on, what waits, where one types, and the status. Blocks have a third of the screen at most; what
 * does not fit of them is left out from above, where it is oldest.
 */
export function liveFrame(parts: LiveParts, look: Look, rows: number): Frame {
  const { welcome, queue, outgoing = [], desk, status } = parts
  const blocks = bounded(parts.blocks, Math.max(Math.floor(rows / 3), LIVE_ROWS_MIN))
  // One blank line between what is said and where one types.
  const above = [...welcome, ...blocks, [], ...queueLines(queue, outgoing, look)]
  return stacked([{ lines: above }, desk, { lines: status }])
}

const LIVE_ROWS_MIN = 3

function bounded(lines: readonly Line[], most: number): readonly Line[] {
  if (lines.length <= most) return lines
  return lines.slice(lines.length - most)
}

/** What waits for its turn, as it can still be taken back. */
function queueLines(queue: readonly QueuedInput[], outgoing: readonly string[], look: Look): readonly Line[] {
  const { theme, columns, glyphs } = look
  const waiting = [
    ...queue.map(({ delivery, input }) => ({
      word: delivery === "steer" ? "next step" : "queued   ",
      said: saidIn(input).text,
    })),
    ...outgoing.map((said) => ({ word: "waits    ", said })),
  ]
  if (waiting.length === 0) return []
  const shown = waiting.slice(0, QUEUE_ROWS_MAX)
  const lines = shown.map(({ word, said }): Line => {
    const text = safeLine(said)
    const room = columns - word.length - 6
    return [{ text: `  ${word}  `, style: theme.dim }, { text: cutText(text, Math.max(room, 0), glyphs.more) }]
  })
  const more = waiting.length - shown.length
  const rest: readonly Line[] = more > 0 ? [[{ text: `  ${glyphs.more} ${more} more`, style: theme.dim }]] : []
  return [...lines, ...rest, []]
}

const QUEUE_ROWS_MAX = 3
