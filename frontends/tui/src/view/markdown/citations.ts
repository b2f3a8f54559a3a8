import { lazy } from "@skein/protocol"
import type { Span, Style } from "@skein/term"
import type { FileLines, LinkOf } from "./context.ts"

/** `src/x.ts`, `src/x.ts:18`, `./x.ts:18:4`, `x.ts:10-20`, `x.ts#L10-L20`: words with a dot or a slash, and lines behind. */
const mention = lazy(() => /[\w@.+/~-]+(?::(\d{1,7})(?:[-–](\d{1,7})|:\d{1,5})?|#L(\d{1,7})(?:-L?(\d{1,7}))?)?/g)

/** A text in spans, of which those that name a file lead to it. */
export function cited(text: string, style: Style | undefined, linkOf: LinkOf | undefined): Span[] {
  if (linkOf === undefined || text.length > TEXT_CHARS_MAX) return [{ text, style }]
  const spans: Span[] = []
  let at = 0
  for (const match of text.matchAll(mention())) {
    const name = withoutStop(match[0])
    const [path = ""] = name.split(/[:#]/)
    if (!path.includes(".") && !path.includes("/")) continue
    const link = linkOf(path, linesOf(match[1] ?? match[3], match[2] ?? match[4]))
    if (link === undefined) continue
    if (match.index > at) spans.push({ text: text.slice(at, match.index), style })
    spans.push({ text: name, style: { ...style, link } })
    at = match.index + name.length
  }
  if (at < text.length) spans.push({ text: text.slice(at), style })
  return spans
}

/** Where a link of the model's own leads: to a file as it may be named in text; undefined for all else. */
export function citedFile(href: string, linkOf: LinkOf | undefined): string | undefined {
  if (linkOf === undefined || href.length > HREF_CHARS_MAX) return undefined
  const [, path = "", from, to] = /^(?:file:\/\/)?([^:#?]+)(?:[:#]L?(\d{1,7})(?:-L?(\d{1,7}))?)?$/.exec(href) ?? []
  return path === "" ? undefined : linkOf(path, linesOf(from, to))
}

const HREF_CHARS_MAX = 2_000

function linesOf(from: string | undefined, to: string | undefined): FileLines | undefined {
  if (from === undefined) return undefined
  return { from: Number(from), ...(to === undefined ? {} : { to: Number(to) }) }
}

/** The stop of a sentence is no part of a name. */
function withoutStop(text: string): string {
  return text.endsWith(".") ? text.slice(0, -1) : text
}

/** A paragraph that long is not read for file names. */
const TEXT_CHARS_MAX = 20_000
