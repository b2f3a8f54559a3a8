import { visible } from "@skein/protocol"
import type { Span, Style } from "@skein/term"
import { expandTabs, safeLine } from "../text/safe.ts"
import { over } from "../text/style.ts"
import { cited, citedFile } from "./citations.ts"
import type { Drawing } from "./context.ts"
import { type MarkdownElement, type MarkdownNode, plainText } from "./tree.ts"

/** Elements that stand in a line. All others are blocks of their own. */
export const INLINE: ReadonlySet<string> = new Set(["strong", "em", "del", "code", "a", "img", "br", "u", "span"])

/** The text of a paragraph in spans; a hard break is a newline in them. */
export function inlineSpans(nodes: readonly MarkdownNode[], style: Style | undefined, drawing: Drawing): Span[] {
  return nodes.flatMap((node) =>
    typeof node === "string" ? cited(flowing(node), style, drawing.linkOf) : elementSpans(node, style, drawing),
  )
}

/** Where a line of the source ends says nothing. */
function flowing(text: string): string {
  return expandTabs(visible(text).replaceAll("\n", " "))
}

function elementSpans(element: MarkdownElement, style: Style | undefined, drawing: Drawing): Span[] {
  const { theme } = drawing.look
  switch (element.type) {
    case "br":
      return [{ text: "\n" }]
    case "strong":
      return inlineSpans(element.children, over(theme.strong, style), drawing)
    case "em":
      return inlineSpans(element.children, over({ isItalic: true }, style), drawing)
    case "del":
      return inlineSpans(element.children, over({ isStruck: true }, style), drawing)
    case "code":
      return cited(flowing(plainText(element.children)), over(theme.code, style), drawing.linkOf)
    case "img":
      return [
        {
          text: `[image: ${safeLine(element.alt ?? plainText(element.children) ?? "")}]`,
          style: over(theme.dim, style),
        },
      ]
    case "a":
      return linkSpans(element, style, drawing)
    default:
      return inlineSpans(element.children, style, drawing)
  }
}

/** The target is said where the text does not: nobody is led where they cannot see. */
function linkSpans({ children, href = "" }: MarkdownElement, style: Style | undefined, drawing: Drawing): Span[] {
  const { theme } = drawing.look
  const file = citedFile(href, drawing.linkOf)
  const link = file ?? clickable(href)
  const inner = { ...over(theme.link, style), ...(link === undefined ? {} : { link }) }
  const spans = inlineSpans(children, inner, { ...drawing, linkOf: undefined })
  const isSaid =
    bare(plainText(children)) === bare(href) || (file !== undefined && isSameFile(plainText(children), href))
  return isSaid || href === "" ? spans : [...spans, { text: ` (${safeLine(href)})`, style: over(theme.dim, style) }]
}

/** Whether a text names the file that it leads to: its path, or the end of it. */
function isSameFile(text: string, href: string): boolean {
  const [name = ""] = text.split(/[:#]/)
  const [path = ""] = href.replace(/^file:\/\//, "").split(/[:#]/)
  return name !== "" && (path === name || path.endsWith(`/${name}`))
}

/** What a terminal may open, as it stands in a sequence of its own; undefined for all other schemes. */
function clickable(href: string): string | undefined {
  const url = href.startsWith("www.") ? `http://${href}` : MAIL.test(href) ? `mailto:${href}` : href
  return SCHEMES.test(url) && PRINTABLE.test(url) && url.length <= URL_CHARS_MAX ? url : undefined
}

const MAIL = /^[^\s:/@]+@[^\s:/@]+$/
const SCHEMES = /^(?:https?:\/\/|mailto:)/i
const PRINTABLE = /^[\x21-\x7e]+$/
const URL_CHARS_MAX = 2_000

function bare(target: string): string {
  return target.replace(/^(?:https?:\/\/|mailto:)/i, "").replace(/\/$/, "")
}
