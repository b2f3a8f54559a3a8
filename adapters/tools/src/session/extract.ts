import type { Item, SessionView } from "@skein/protocol"

const CHARACTERS_MAX = 20_000
const ITEM_CHARACTERS_MAX = 2_000

/**
 * What was said and done in a session, bounded: the newest of it, or what stands around some words. Results of calls are
 * left out; they were about files as they were then.
 */
export function extractOf(view: SessionView, find: string | undefined): string {
  const lines = view.items.flatMap(lineOf)
  const chosen = find === undefined ? lines : around(lines, find)
  const head = `Session ${view.sessionId} of ${view.cwd}${view.title === undefined ? "" : `: ${view.title}`}`
  if (chosen.length === 0) return `${head}\nNothing in it holds "${find}".`
  const from = firstThatFits(chosen)
  const left = lines.length - (chosen.length - from)
  return [head, ...(left === 0 ? [] : [`(${left} items are left out.)`]), ...chosen.slice(from)].join("\n")
}

/** Where the newest lines begin that fit together. */
function firstThatFits(lines: readonly string[]): number {
  let size = 0
  for (let at = lines.length - 1; at >= 0; at--) {
    size += (lines[at]?.length ?? 0) + 1
    if (size > CHARACTERS_MAX) return at + 1
  }
  return 0
}

/** Items that hold one of the words, each with its neighbours. */
function around(lines: readonly string[], find: string): readonly string[] {
  const words = find.toLowerCase().split(/\s+/)
  const holds = lines.map((line) => words.some((word) => line.toLowerCase().includes(word)))
  return lines.filter((_, index) => holds.slice(Math.max(0, index - 1), index + 2).includes(true))
}

function lineOf(item: Item): readonly string[] {
  switch (item.kind) {
    case "user_message":
      return [`person: ${bounded(item.input.map((part) => (part.type === "text" ? part.text : "[image]")).join("\n"))}`]
    case "agent_message":
      return item.status === "discarded" ? [] : [`model: ${bounded(item.text)}`]
    case "tool_call":
      return [`call: ${bounded(item.title)} (${item.state})`]
    case "shell":
      return item.isPrivate ? [] : [`person ran: ${bounded(item.command)} (${item.state})`]
    case "compaction":
      return item.summary === undefined ? [] : [`summary: ${bounded(item.summary)}`]
    default:
      return []
  }
}

function bounded(text: string): string {
  const more = text.length - ITEM_CHARACTERS_MAX
  return more <= 0 ? text : `${text.slice(0, ITEM_CHARACTERS_MAX)}… (${more} more characters)`
}
