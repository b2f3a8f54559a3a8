import { breakText, type ContextReport } from "@skein/protocol"
import type { Line } from "@skein/term"
import { longCount, shareText, shortCount } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import { cutLine } from "../../view/text/line.ts"
import { wrapText } from "../../view/text/wrap.ts"
import type { Panel } from "../panel.ts"
import { pagePanel } from "./page.ts"
import { meter, type TableRow, tableLines } from "./table.ts"

/** What the model sees, how much of its window that takes, and what of it the provider had in its cache. */
export function contextPanel(report: () => ContextReport): Panel {
  return pagePanel({ title: "context", aside: () => asideOf(report()), lines: (look) => contextLines(report(), look) })
}

function asideOf({ totalTokens, contextTokens }: ContextReport): string {
  return contextTokens === undefined ? "" : `${shareText(totalTokens, contextTokens)} of ${shortCount(contextTokens)}`
}

/** A bar, what it means, and a row for each source. */
function contextLines(report: ContextReport, look: Look): Line[] {
  const { theme, columns, glyphs } = look
  const table = tableLines(rowsOf(report), look)
  const told = cacheText(report)
    .flatMap((text) => wrapText(text, Math.max(1, columns - 4)))
    .map((text) => cutLine([{ text: `  ${text}`, style: theme.dim }], columns, glyphs.more))
  return [...barLine(report, look), ...told, [], ...table]
}

function barLine({ totalTokens, contextTokens, cache }: ContextReport, look: Look): Line[] {
  if (contextTokens === undefined) return []
  const cached = Math.min(totalTokens, cachedTokens(totalTokens, cache))
  const parts = [
    { amount: cached, style: look.theme.strong },
    { amount: totalTokens - cached, style: look.theme.text },
  ]
  return [[{ text: "  ".slice(0, look.columns) }, ...meter(parts, contextTokens, Math.max(0, look.columns - 4), look)]]
}

/** The share that the newest request had from the cache, of what the next one holds. */
function cachedTokens(totalTokens: number, cache: ContextReport["cache"]): number {
  return cache === undefined || cache.inputTokens <= 0 ? 0 : (totalTokens * cache.readTokens) / cache.inputTokens
}

function cacheText({ totalTokens, contextTokens, cache }: ContextReport): string[] {
  const left = contextTokens === undefined ? [] : [`${longCount(Math.max(0, contextTokens - totalTokens))} tokens left`]
  if (cache === undefined) return left
  const { readTokens, inputTokens, miss } = cache
  const why = miss === undefined ? [] : [`${longCount(miss.tokens)} were read anew: ${breakText(miss)}`]
  return [[...left, `${shareText(readTokens, inputTokens)} of the newest request from the cache`, ...why].join(" · ")]
}

function rowsOf({
  sections,
  profile,
  toolTokens,
  messageTokens,
  totalTokens,
  conversation = [],
  inline,
}: ContextReport): TableRow[] {
  const row = (label: string, tokens: number, depth = 0): TableRow => ({
    ...{ label, depth, cells: [shareText(tokens, totalTokens), longCount(tokens)] },
  })
  const system = sections.reduce((sum, { tokens }) => sum + tokens, 0)
  return [
    row("before the conversation", system),
    ...sections
      .toSorted((a, b) => b.tokens - a.tokens)
      .map(({ source, path, tokens }) => row(path ?? source, tokens, 1)),
    row(profile === "compact" ? "tools (compact profile)" : "tools", toolTokens),
    row("conversation", messageTokens),
    ...conversation.map(({ source, tokens }) => row(source, tokens, 1)),
    ...inline.map(({ source, path, tokens }) => row(`placed in it: ${path ?? source}`, tokens, 1)),
    row("all", totalTokens),
  ]
}
