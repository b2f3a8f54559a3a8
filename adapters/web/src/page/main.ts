import type { Element } from "./tree.ts"

/** What stands around the text of a page, by what its elements are called. */
const AROUND: ReadonlySet<string> = new Set(["nav", "footer", "aside", "form", "menu"])
const AROUND_ROLES: ReadonlySet<string> = new Set(["navigation", "banner", "contentinfo", "search", "complementary"])
const AROUND_NAMES =
  /(?:^|[\s_-])(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|footer|cookies?|consent|banner|advert(?:isement)?s?|ads?|promo|share|social|newsletter|subscribe|related|skip|popup|modal)(?:$|[\s_-])/i

/** A part that says it is the page's text has to hold this much of all of it to be believed. */
const SHARE_MIN = 0.3
/** And so much text that has no part of its own. */
const DENSE_SHARE_MIN = 0.6

/**
 * The part of a page that it is about: what it calls so itself (`main`, `article`), else where most of its paragraphs are,
 * else all of it, without what stands around.
 */
export function mainOf(root: Element): Element {
  const body = without(root)
  const total = textLength(body)
  const named = find(body, isNamedMain).toSorted((a, b) => textLength(b) - textLength(a))[0]
  if (named !== undefined && textLength(named) >= total * SHARE_MIN) return named
  const dense = densest(body)
  return dense !== undefined && textLength(dense) >= total * DENSE_SHARE_MIN ? dense : body
}

function isNamedMain({ tag, attributes }: Element): boolean {
  return tag === "main" || tag === "article" || attributes.role === "main"
}

/** The same without what stands around it. What holds the page's own text is kept, whatever it is called. */
function without(element: Element): Element {
  const total = textLength(element)
  const clean = (each: Element): Element => ({
    ...each,
    children: each.children.flatMap((child): Element["children"] =>
      typeof child === "string" ? [child] : isAround(child, total) ? [] : [clean(child)],
    ),
  })
  return clean(element)
}

function isAround(element: Element, total: number): boolean {
  const { tag, attributes } = element
  if (textLength(element) > total / 2) return false
  if (AROUND.has(tag) || AROUND_ROLES.has(attributes.role ?? "")) return true
  // The head of an article is its title; that of a page is its menu.
  if (tag === "header") return find(element, ({ tag: inner }) => inner === "h1").length === 0
  if (["h1", "h2", "h3", "h4", "p", "pre", "code", "table", "main", "article"].includes(tag)) return false
  return AROUND_NAMES.test(`${attributes.class ?? ""} ${attributes.id ?? ""}`)
}

function densest(body: Element): Element | undefined {
  let best: Element | undefined
  let most = 0
  for (const element of find(body, () => true)) {
    const paragraphs = element.children.filter((child) => typeof child !== "string" && TEXTUAL.has(child.tag))
    const length = paragraphs.reduce((sum, child) => sum + (typeof child === "string" ? 0 : textLength(child)), 0)
    if (length > most) {
      most = length
      best = element
    }
  }
  return best
}

const TEXTUAL: ReadonlySet<string> = new Set(["p", "pre", "blockquote", "ul", "ol", "table", "h2", "h3", "dl"])

function find(root: Element, isWanted: (element: Element) => boolean): readonly Element[] {
  const found: Element[] = []
  const waiting: Element[] = [root]
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (isWanted(element)) found.push(element)
    for (const child of element.children) if (typeof child !== "string") waiting.push(child)
  }
  return found
}

const lengths = new WeakMap<Element, number>()

function textLength(element: Element): number {
  const known = lengths.get(element)
  if (known !== undefined) return known
  const length = element.children.reduce(
    (sum, child) => sum + (typeof child === "string" ? child.trim().length : textLength(child)),
    0,
  )
  lengths.set(element, length)
  return length
}
