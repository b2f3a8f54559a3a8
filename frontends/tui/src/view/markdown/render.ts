import type { Line } from "@skein/term"
import { behind, indented, lineWidth } from "../text/line.ts"
import { safeLines } from "../text/safe.ts"
import { restyled } from "../text/style.ts"
import { headOf } from "../text/width.ts"
import { wrap } from "../text/wrap.ts"
import { codeLines } from "./code.ts"
import type { Drawing } from "./context.ts"
import { INLINE, inlineSpans } from "./inline.ts"
import { tableLines } from "./table.ts"
import { type MarkdownElement, type MarkdownNode, plainText } from "./tree.ts"

/** Blocks below each other with one blank line between. */
export function blocksOf(nodes: readonly MarkdownNode[], columns: number, drawing: Drawing): Line[] {
  const blocks = grouped(nodes).map((group) =>
    Array.isArray(group)
      ? wrap(inlineSpans(group, undefined, drawing), prose(columns))
      : blockOf(group, columns, drawing),
  )
  return blocks.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]))
}

/** Text of a list item stands there without a paragraph around it. */
function grouped(nodes: readonly MarkdownNode[]): (MarkdownElement | MarkdownNode[])[] {
  const groups: (MarkdownElement | MarkdownNode[])[] = []
  for (const node of nodes) {
    const last = groups.at(-1)
    if (typeof node !== "string" && !INLINE.has(node.type)) groups.push(node)
    else if (Array.isArray(last)) last.push(node)
    else groups.push([node])
  }
  return groups
}

function blockOf(element: MarkdownElement, columns: number, drawing: Drawing): Line[] {
  const { theme, glyphs } = drawing.look
  switch (element.type) {
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return wrap(inlineSpans(element.children, theme.heading, drawing), prose(columns))
    case "p":
      return wrap(inlineSpans(element.children, undefined, drawing), prose(columns))
    case "hr":
      return [[{ text: glyphs.rule.repeat(Math.min(columns, RULE_COLUMNS)), style: theme.dim }]]
    case "pre":
      return codeLines(plainText(element.children), element.language, columns, drawing)
    case "html":
      return safeLines(plainText(element.children).replace(/\n$/, "")).flatMap((text) => wrap([{ text }], columns))
    case "blockquote":
      return quoteLines(blocksOf(element.children, inner(columns, QUOTE_COLUMNS), drawing), drawing)
    case "ul":
    case "ol":
      return listLines(element, columns, drawing)
    case "table":
      return tableLines(element, columns, drawing)
    default:
      return blocksOf(element.children, columns, drawing)
  }
}

/** Longer lines of prose are hard to read on, however wide a screen is. Code and tables have all of it. */
function prose(columns: number): number {
  return Math.min(columns, PROSE_COLUMNS_MAX)
}

const PROSE_COLUMNS_MAX = 100
const RULE_COLUMNS = 24
const QUOTE_COLUMNS = 2

/** What is left of a line for what is inside. */
function inner(columns: number, taken: number): number {
  return Math.max(columns - taken, 1)
}

function quoteLines(lines: readonly Line[], { look }: Drawing): Line[] {
  const { theme, glyphs } = look
  return behind(
    lines.map((line) => restyled(line, theme.quote)),
    `${glyphs.bar} `,
    theme.bar,
  )
}

/**
 * Items close to each other, whether or not the source has blank lines between: only items of several paragraphs stand
 * apart. So an item is drawn the same before its list has ended.
 */
function listLines(list: MarkdownElement, columns: number, drawing: Drawing): Line[] {
  const lines: Line[] = []
  let wasLong = false
  for (const [at, item] of itemsOf(list).entries()) {
    if (at > 0 && (wasLong || isLong(item))) lines.push([])
    lines.push(...itemLines(item, markerOf(list, item, (list.start ?? 1) + at, drawing), columns, drawing))
    wasLong = isLong(item)
  }
  return lines
}

/** One item of a list whose others are drawn apart from it. */
export function loneItem(
  nodes: readonly MarkdownNode[],
  ordinal: number | undefined,
  columns: number,
  drawing: Drawing,
): { readonly lines: Line[]; readonly isLong: boolean } {
  const [list, ...others] = nodes.filter((node) => typeof node !== "string")
  const [item, ...more] = list === undefined ? [] : itemsOf(list)
  // What only looked like an item is drawn as what it is.
  if (list === undefined || item === undefined || others.length > 0 || more.length > 0) {
    return { lines: blocksOf(nodes, columns, drawing), isLong: true }
  }
  const marker = markerOf(list, item, ordinal ?? list.start ?? 1, drawing)
  return { lines: itemLines(item, marker, columns, drawing), isLong: isLong(item) }
}

function itemsOf(list: MarkdownElement): MarkdownElement[] {
  return list.children.filter((node) => typeof node !== "string").filter(({ type }) => type === "li")
}

/** Of several paragraphs, or with code. */
function isLong({ children }: MarkdownElement): boolean {
  return (
    grouped(children).filter((group) => Array.isArray(group) || group.type === "p" || group.type === "pre").length > 1
  )
}

function markerOf(list: MarkdownElement, item: MarkdownElement, ordinal: number, { look }: Drawing): string {
  if (item.isChecked !== undefined) return item.isChecked ? "[x] " : "[ ] "
  return list.type === "ol" ? `${ordinal}. ` : `${look.glyphs.bullet} `
}

function itemLines(item: MarkdownElement, marker: string, columns: number, drawing: Drawing): Line[] {
  const head = headOf(marker, columns - 1)
  const indent = head.length
  const body = closed(item.children, inner(columns, indent), drawing)
  const [first = [], ...rest] = body
  return [[{ text: head, style: drawing.look.theme.dim }, ...first], ...indented(rest, indent)]
}

/** A list within an item follows its text without a blank line. */
function closed(nodes: readonly MarkdownNode[], columns: number, drawing: Drawing): Line[] {
  const lines: Line[] = []
  for (const group of grouped(nodes)) {
    const isText = Array.isArray(group)
    const isList = !isText && (group.type === "ul" || group.type === "ol")
    const block = blocksOf(isText ? group : [group], columns, drawing)
    if (block.length === 0) continue
    if (lines.length > 0 && !isList && lineWidth(lines.at(-1) ?? []) > 0) lines.push([])
    lines.push(...block)
  }
  return lines
}
