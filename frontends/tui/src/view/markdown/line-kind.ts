import { lazy } from "@skein/protocol"

/** What a line of Markdown would begin, were it the first of a block. `indent` counts cells before its text. */
export type LineKind = { readonly indent: number } & (
  | { readonly kind: "text" }
  | { readonly kind: "indented" }
  /** A heading or a rule: whole in one line. */
  | { readonly kind: "alone" }
  | {
      readonly kind: "fence"
      readonly mark: string
      readonly language: string | undefined
      /** Nothing follows the mark: it may close a fence too. */
      readonly isBare: boolean
    }
  /** `content` is where the text of the item begins; what stands that far in belongs to it. */
  | {
      readonly kind: "list"
      readonly content: number
      readonly canInterrupt: boolean
      /** The sign of its marker: another sign begins another list. */
      readonly family: string
      readonly number: number | undefined
    }
  | { readonly kind: "html"; readonly canInterrupt: boolean }
  /** HTML that only its own end closes. */
  | { readonly kind: "raw"; readonly until: RegExp }
)

/** CommonMark 0.31, sections 4 and 5. */
export function lineKind(text: string): LineKind {
  const indent = indentOf(text)
  const rest = text.trimStart()
  if (indent > 3) return { kind: "indented", indent }
  switch (rest[0]) {
    case "`":
    case "~":
      return fenceKind(rest, indent)
    case "#":
      return /^#{1,6}(?:[ \t]|$)/.test(rest) ? { kind: "alone", indent } : { kind: "text", indent }
    case "<":
      return htmlKind(rest, indent)
    case "-":
    case "*":
    case "_":
      if (/^([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(rest)) return { kind: "alone", indent }
  }
  return listKind(rest, indent) ?? { kind: "text", indent }
}

/** Whether a line that follows a paragraph begins something else. */
export function interruptsParagraph(kind: LineKind): boolean {
  switch (kind.kind) {
    case "fence":
    case "raw":
      return true
    case "list":
    case "html":
      return kind.canInterrupt
    default:
      // A rule of dashes below text makes a heading of it; both stay with the paragraph, whose reader knows.
      return false
  }
}

function indentOf(text: string): number {
  let indent = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === " ") indent += 1
    else if (text[at] === "\t") indent += 4 - (indent % 4)
    else break
  }
  return indent
}

function fenceKind(rest: string, indent: number): LineKind {
  const match = /^(`{3,}|~{3,})[ \t]*(.*)$/.exec(rest)
  const [, mark, info = ""] = match ?? []
  if (mark === undefined || (mark[0] === "`" && info.includes("`"))) return { kind: "text", indent }
  const [language = ""] = info.trim().split(/\s/)
  return { kind: "fence", indent, mark, language: language === "" ? undefined : language, isBare: info === "" }
}

function listKind(rest: string, indent: number): LineKind | undefined {
  const match = /^(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(rest)
  if (match === null) return undefined
  const [marker, bullet, digits, sign] = match
  const after = rest.slice(marker.length)
  const spaces = indentOf(after)
  const isEmpty = after.trim() === ""
  const number = digits === undefined ? undefined : Number(digits)
  return {
    kind: "list",
    indent,
    content: indent + marker.length + (isEmpty || spaces > 4 ? 1 : spaces),
    canInterrupt: !isEmpty && (number === undefined || number === 1),
    family: bullet ?? sign ?? "",
    number,
  }
}

function htmlKind(rest: string, indent: number): LineKind {
  for (const [begin, until] of rawHtml()) if (begin.test(rest)) return { kind: "raw", indent, until }
  if (htmlBlock().test(rest)) return { kind: "html", indent, canInterrupt: true }
  if (loneTag().test(rest)) return { kind: "html", indent, canInterrupt: false }
  return { kind: "text", indent }
}

const rawHtml = lazy((): readonly (readonly [begin: RegExp, until: RegExp])[] => [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [/^<![A-Za-z]/, />/],
])

const htmlBlock = lazy(
  () =>
    /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|\/?>|$)/i,
)

const loneTag = lazy(
  () =>
    /^(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<\/[A-Za-z][A-Za-z0-9-]*\s*>)\s*$/,
)
