import { lazy } from "@skein/protocol"
import type { Span, Style } from "@skein/term"
import type { LinkOf } from "./context.ts"

/** `src/x.ts`, `src/x.ts:18`, `./x.ts:18:4`: words with a dot or a slash in them, and a line behind. */
const mention = lazy(() => /[\w@.+/~-]+(?::(\d{1,7})(?::\d{1,5})?)?/g)

/** A text in spans, of which those that name a file lead to it. */
export function cited(text: string, style: Style | undefined, linkOf: LinkOf | undefined): Span[] {
  if (linkOf === undefined || text.length > TEXT_CHARS_MAX) return [{ text, style }]
  const spans: Span[] = []
  let at = 0
  for (const match of text.matchAll(mention())) {
    const name = withoutStop(match[0])
    const [path = ""] = name.split(":")
    if (!path.includes(".") && !path.includes("/")) continue
    const line = match[1] === undefined ? undefined : Number(match[1])
    const link = linkOf(path, line)
    if (link === undefined) continue
    if (match.index > at) spans.push({ text: text.slice(at, match.index), style })
    spans.push({ text: name, style: { ...style, link } })
    at = match.index + name.length
  }
  if (at < text.length) spans.push({ text: text.slice(at), style })
  return spans
}

/** The stop of a sentence is no part of a name. */
function withoutStop(text: string): string {
  return text.endsWith(".") ? text.slice(0, -1) : text
}

/** A paragraph that long is not read for file names. */
const TEXT_CHARS_MAX = 20_000
