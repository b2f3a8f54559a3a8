import { escaped } from "./escape.ts"

/**
 * What was written, as it was meant to be read: paragraphs, headings, lists, code, emphasis. Whatever is anything else,
 * a link or a tag or a table, stands as the text it is.
 */
export function proseHtml(text: string): string {
  const blocks: string[] = []
  let rest = text.trim().split("\n")
  while (rest.length > 0) {
    const [html, used] = block(rest)
    if (html !== "") blocks.push(html)
    rest = rest.slice(used)
  }
  return blocks.join("\n")
}

/** The first block of some lines, and how many lines it took. */
function block(lines: readonly string[]): readonly [html: string, used: number] {
  const [first = ""] = lines
  if (first.trim() === "") return ["", 1]
  const fence = /^\s{0,3}(`{3,}|~{3,})/.exec(first)?.[1]
  if (fence !== undefined) return code(lines, fence)
  const heading = /^(#{1,6})\s+(.*)$/.exec(first)
  if (heading !== null) return [`<h3>${words(heading[2] ?? "")}</h3>`, 1]
  if (ENTRY.test(first)) return list(lines)
  const end = lines.findIndex((line, at) => at > 0 && (line.trim() === "" || /^\s{0,3}(```|~~~|#{1,6}\s)/.test(line)))
  const used = end < 0 ? lines.length : end
  return [`<p>${words(lines.slice(0, used).join("\n"))}</p>`, used]
}

function code(lines: readonly string[], fence: string): readonly [string, number] {
  const end = lines.findIndex((line, at) => at > 0 && line.trim().startsWith(fence) && /^[`~]+$/.test(line.trim()))
  const inner = lines.slice(1, end < 0 ? lines.length : end)
  return [`<pre><code>${escaped(inner.join("\n"))}</code></pre>`, end < 0 ? lines.length : end + 1]
}

const ENTRY = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/

function list(lines: readonly string[]): readonly [string, number] {
  const entries: string[] = []
  let used = 0
  for (const line of lines) {
    if (ENTRY.test(line)) entries.push(line.replace(ENTRY, ""))
    // A line that is set in belongs to the entry above it.
    else if (/^\s+\S/.test(line) && !/^\s{0,3}(```|~~~)/.test(line)) entries[entries.length - 1] += `\n${line.trim()}`
    else break
    used += 1
  }
  const tag = /^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul"
  return [`<${tag}>${entries.map((entry) => `<li>${words(entry)}</li>`).join("")}</${tag}>`, used]
}

/** Code spans and strong words; everything is escaped before a tag of ours is put in. */
function words(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, at) => (at % 2 === 1 ? `<code>${escaped(part.slice(1, -1))}</code>` : strong(escaped(part))))
    .join("")
}

function strong(html: string): string {
  return html.replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
}
