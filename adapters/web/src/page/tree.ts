import { Parser } from "htmlparser2"

/** An element of a page, bounded in number and depth. */
export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Element | string)[]
}

const ELEMENTS_MAX = 200_000
/** Deeper ones stand beside each other: nobody means them, and whoever walks the tree goes as deep. */
const DEPTH_MAX = 200

/** What is no text of a page for whoever reads it. */
const UNREAD: ReadonlySet<string> = new Set([
  ...["script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "math"],
  ...["audio", "video", "select", "textarea", "input", "button", "dialog", "link", "meta"],
])

export interface PageTree {
  readonly title: string
  readonly root: Element
  readonly isCut: boolean
  /** Pieces that are there and cannot be seen: what a person does not read, a model does not either. */
  readonly hidden: number
}

/** Reads a page as forgivingly as a browser, in one pass; scripts, forms and what is hidden are left out. */
export function treeOf(html: string): PageTree {
  const root: Element = { tag: "body", attributes: {}, children: [] }
  const open: Element[] = [root]
  let unreadDepth = 0
  let isInTitle = false
  let title = ""
  let elements = 0
  let hidden = 0
  const stack: { readonly isKept: boolean; readonly isUnread: boolean }[] = []
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        elements += 1
        if (tag === "title") isInTitle = title === ""
        const isHidden = unreadDepth === 0 && cannotBeSeen(attributes)
        if (isHidden) hidden += 1
        const isUnread = isHidden || UNREAD.has(tag)
        if (isUnread) unreadDepth += 1
        const isKept = unreadDepth === 0 && elements <= ELEMENTS_MAX && open.length < DEPTH_MAX
        stack.push({ isKept, isUnread })
        if (!isKept) return
        const element: Element = { tag, attributes, children: [] }
        open.at(-1)?.children.push(element)
        open.push(element)
      },
      ontext(text) {
        if (isInTitle) title += text
        else if (unreadDepth === 0 && elements <= ELEMENTS_MAX) open.at(-1)?.children.push(text)
      },
      onclosetag(tag) {
        if (tag === "title") isInTitle = false
        const closed = stack.pop()
        if (closed?.isUnread === true) unreadDepth -= 1
        if (closed?.isKept === true) open.pop()
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  parser.end(html)
  return { title: title.replace(/\s+/g, " ").trim(), root, isCut: elements > ELEMENTS_MAX, hidden }
}

const UNSEEN = /(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d]))/i

function cannotBeSeen({ hidden, style, "aria-hidden": ariaHidden }: Readonly<Record<string, string>>): boolean {
  return hidden !== undefined || ariaHidden === "true" || (style !== undefined && UNSEEN.test(style))
}
