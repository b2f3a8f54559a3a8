import { all, first, textIn, xmlOf } from "../documents/xml.ts"
import type { Element } from "../page/tree.ts"
import { treeOf } from "../page/tree.ts"
import type { Engine } from "./engines.ts"

/** What one engine found, best first. */
export interface Hit {
  readonly title: string
  readonly url: string
  readonly snippet: string
}

/** Reads an engine's answer. Throws an Error that says what is wrong with one that is none. */
export const READERS: Readonly<Record<Engine["reads"], (text: string) => readonly Hit[]>> = {
  duckduckgo(text) {
    return withClass(pageOf(text), "result").flatMap((result) => {
      if (hasClass(result, "result--ad")) return []
      const link = withClass(result, "result__a")[0]
      return hitOf(link, throughDuckDuckGo(link?.attributes.href), withClass(result, "result__snippet")[0])
    })
  },
  mojeek(text) {
    const lists = withClass(pageOf(text), "results-standard")
    const items = lists.flatMap((list) => list.children.filter((child) => typeof child !== "string"))
    return items.flatMap((item) => {
      const link = withClass(item, "title")[0] ?? withTag(withTag(item, "h2")[0], "a")[0]
      return hitOf(link, link?.attributes.href, withClass(item, "s")[0])
    })
  },
  brave(text) {
    return withClass(pageOf(text), "snippet").flatMap((result) => {
      if (result.attributes["data-type"] !== undefined && result.attributes["data-type"] !== "web") return []
      const link = withTag(result, "a").find(({ attributes }) => /^https?:/.test(attributes.href ?? ""))
      const title = [...withClass(result, "title"), ...withClass(result, "search-snippet-title")][0]
      const said = [...withClass(result, "snippet-description"), ...withClass(result, "generic-snippet")][0]
      return hitOf(title ?? link, link?.attributes.href, said)
    })
  },
  feed(text) {
    return all(xmlOf(new TextEncoder().encode(text)), "item").flatMap((item) => {
      const [title, url, snippet] = ["title", "link", "description"].map((name) => {
        const node = first(item, name)
        return node === undefined ? "" : textIn(node)
      })
      return url === undefined || url === "" ? [] : [{ title: plain(title ?? ""), url, snippet: plain(snippet ?? "") }]
    })
  },
  wikipedia(text) {
    const { query, error } = objectOf(JSON.parse(text))
    if (error !== undefined) throw new Error(textOf(objectOf(error).info) || "it refused the question")
    return listOf(objectOf(query).search).map((each) => {
      const { title, snippet } = objectOf(each)
      const page = encodeURIComponent(textOf(title).replaceAll(" ", "_"))
      return { title: textOf(title), url: `https://en.wikipedia.org/wiki/${page}`, snippet: plain(textOf(snippet)) }
    })
  },
  stack_exchange(text) {
    const { items, error_message: refusal } = objectOf(JSON.parse(text))
    if (refusal !== undefined) throw new Error(textOf(refusal))
    return listOf(items).flatMap((each) => {
      const { title, link, score, answer_count: answers, is_answered: isAnswered, tags } = objectOf(each)
      const facts = `${Number(answers) || 0} answers${isAnswered === true ? ", one accepted or voted for" : ""}, score ${Number(score) || 0}`
      const about = listOf(tags).map(textOf).join(", ")
      return [{ title: plain(textOf(title)), url: textOf(link), snippet: `${facts}. ${about}` }]
    })
  },
  searxng(text) {
    return listOf(objectOf(JSON.parse(text)).results).map((each) => {
      const { title, url, content } = objectOf(each)
      return { title: plain(textOf(title)), url: textOf(url), snippet: plain(textOf(content)) }
    })
  },
}

/** Whether a page asks for a proof of being human instead of answering. */
export function isRiddle(text: string): boolean {
  return /anomaly-modal|captcha|unusual traffic|are you a robot|not a robot|automated (?:queries|requests)|cf-challenge/i.test(
    text,
  )
}

function pageOf(html: string): Element {
  return treeOf(html).root
}

/** DuckDuckGo's links lead through itself, with where to in `uddg`. */
function throughDuckDuckGo(href: string | undefined): string | undefined {
  if (href === undefined || !URL.canParse(href, "https://duckduckgo.com")) return undefined
  const url = new URL(href, "https://duckduckgo.com")
  if (url.pathname === "/y.js") return undefined
  return url.pathname === "/l/" ? (url.searchParams.get("uddg") ?? undefined) : url.href
}

function hitOf(title: Element | undefined, url: string | undefined, snippet: Element | undefined): readonly Hit[] {
  if (title === undefined || url === undefined) return []
  return [{ title: elementText(title), url, snippet: snippet === undefined ? "" : elementText(snippet) }]
}

function withClass(root: Element | undefined, name: string): readonly Element[] {
  return found(root, (element) => hasClass(element, name))
}

function withTag(root: Element | undefined, tag: string): readonly Element[] {
  return found(root, (element) => element.tag === tag)
}

function hasClass({ attributes }: Element, name: string): boolean {
  return (attributes.class ?? "").split(/\s+/).includes(name)
}

/** In the order of the page; what lies in one that is found is not looked through. */
function found(root: Element | undefined, isWanted: (element: Element) => boolean): readonly Element[] {
  if (root === undefined) return []
  return root.children.flatMap((child) =>
    typeof child === "string" ? [] : isWanted(child) ? [child] : found(child, isWanted),
  )
}

function elementText(element: Element): string {
  const text = (node: Element): string =>
    node.children.map((child) => (typeof child === "string" ? child : text(child))).join("")
  return text(element).replace(/\s+/g, " ").trim()
}

/** Words of a text with marks of HTML in it. */
function plain(html: string): string {
  return elementText(pageOf(html))
}

type Json = Readonly<Record<string, unknown>>

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : ""
}
