import type { Item, ToolCall } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import { isNested } from "../transcript/calls.ts"
import { wordsOf } from "./ledger.ts"

/**
 * What was said and done, by rule: the newest answers and results at length, older ones in a line each, the oldest only
 * counted. Of the person's words only a line stays, to show their place: they stand whole elsewhere. Deterministic, and
 * needs no model.
 */
export function digest(items: readonly Item[], charsMax: number): string {
  let left = charsMax
  let omitted = 0
  const newestFirst: string[] = []
  for (const item of items.toReversed()) {
    const line = lineOf(item)
    if (line === undefined) continue
    const shown = [fullText(item), line].find((text) => text !== undefined && text.length <= left)
    if (shown === undefined || omitted > 0) omitted += 1
    else {
      left -= shown.length
      newestFirst.push(shown)
    }
  }
  const note = omitted === 0 ? [] : [`${omitted} older answers and calls are not shown.`]
  return [...note, ...newestFirst.reverse()].join("\n\n")
}

/** The newest step's calls with their results, each within its share; empty when there are none. */
export function newestText(items: readonly Item[], charsMax: number): string {
  const last = items.findLast((item) => item.kind === "tool_call" && !isNested(item))
  if (last === undefined) return ""
  if (last.kind !== "tool_call") return ""
  const isNewest = (item: Item) =>
    item.kind === "tool_call" && !isNested(item) && item.turnId === last.turnId && item.step === last.step
  const newest = items.filter(isNewest)
  const share = Math.floor(charsMax / newest.length)
  return newest.map((item) => (share > LINE_CHARS ? cut(fullText(item) ?? "", share) : lineOf(item))).join("\n\n")
}

export function fullText(item: Item): string | undefined {
  if (isNested(item)) return undefined
  switch (item.kind) {
    case "agent_message":
      return `You said:\n${item.text}`
    case "tool_call":
      return `You called ${item.title}${item.state === "success" ? "" : ` (${item.state})`}, result:\n${resultText(item)}`
    case "shell":
      return item.isPrivate ? undefined : `The person ran ${item.command} (${item.state}), output:\n${resultText(item)}`
    default:
      return undefined
  }
}

/** One line for what has one; undefined for what nobody needs to know any more. */
export function lineOf(item: Item): string | undefined {
  if (isNested(item)) return undefined
  switch (item.kind) {
    case "user_message":
      return `The person said: ${firstOf(wordsOf(item.input))}`
    case "tool_call":
      return `You called ${firstOf(item.title)} (${item.state}).`
    case "shell":
      return item.isPrivate ? undefined : `The person ran ${firstOf(item.command)} (${item.state}).`
    case "agent_message":
      return item.status === "discarded" || item.text.trim() === "" ? undefined : `You said: ${firstOf(item.text)}`
    case "context":
      return gistIn(item)
    default:
      return undefined
  }
}

/** What is left of older turns; undefined for what is given again from its source. */
function gistIn({ sections }: Extract<Item, { kind: "context" }>): string | undefined {
  const gists = sections.filter(({ source }) => source === "gist")
  return gists.length === 0 ? undefined : gists.map(({ text }) => text).join("\n")
}

function resultText({ result }: Pick<ToolCall, "result">): string {
  if (result === undefined || result.isElided) return "[output left out]"
  return result.forModel.map((block) => (block.type === "text" ? block.text : "[image]")).join("\n")
}

const LINE_CHARS = 200

function firstOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ")
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS)} …`
}
