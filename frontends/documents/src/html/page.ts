import { createHash } from "node:crypto"
import type { SessionView } from "@skein/protocol"
import { type RedactionReport, reportText } from "../redact/kinds.ts"
import type { RedactionFacts } from "../redact/redactor.ts"
import { redacted } from "../redact/value.ts"
import { type Chapter, chaptersOf, dateOf, titleOf, totalsOf } from "../story.ts"
import { escaped } from "./escape.ts"
import { itemHtml } from "./item.ts"
import { STYLE } from "./style.ts"

export interface HtmlOptions {
  /** What is known of secrets here; `off` shows everything. To be said every time, because a page is made to be given away. */
  readonly redaction: RedactionFacts | "off"
}

export interface HtmlDocument {
  readonly html: string
  /** What was taken out. */
  readonly report: RedactionReport
}

/**
 * A session as one page that needs nothing else: no script, no request, no font. Its own policy forbids all but its style
 * and the pictures within it, so that what a model or a tool wrote can do nothing even if it got through the escaping.
 */
export function htmlOf(view: SessionView, { redaction }: HtmlOptions): HtmlDocument {
  const { value, report } = redaction === "off" ? { value: view, report: {} } : redacted(view, redaction)
  return { html: page(value, reportText(report)), report }
}

function page(view: SessionView, taken: string): string {
  const title = escaped(titleOf(view))
  const facts = [view.cwd, dateOf(view.createdAt), view.settings.model, ...totalsOf(view)].filter((fact) => fact !== "")
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="skein">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<ul class="meta">${facts.map((fact) => `<li>${escaped(fact)}</li>`).join("")}</ul>
</header>
${chaptersOf(view).map(chapterHtml).join("\n")}
<footer>A session of skein.${taken === "" ? "" : ` ${escaped(taken)}`}</footer>
</main>
</body>
</html>
`
}

function chapterHtml({ said, items }: Chapter): string {
  const inner = [...(said === undefined ? [] : [said]), ...items].map(itemHtml).filter((html) => html !== "")
  return inner.length === 0 ? "" : `<article>\n${inner.join("\n")}\n</article>`
}

function policy(): string {
  const hash = createHash("sha256").update(STYLE).digest("base64")
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`
}
