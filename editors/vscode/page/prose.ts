import { visible } from "@skein/protocol/visible"
import { element } from "./element.ts"

/** A reply as elements: paragraphs, headings, lists, code. Links and pictures stay text: nothing is loaded or opened. */
export function prose(text: string): HTMLElement[] {
  const made: HTMLElement[] = []
  const lines = visible(text).split("\n")
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ""
    const fence = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(line)
    if (fence !== null) {
      const end = lines.findIndex((each, index) => index > at && each.trim().startsWith(fence[1] ?? "```"))
      const last = end < 0 ? lines.length : end
      made.push(element("pre", "code", element("code", "", lines.slice(at + 1, last).join("\n"))))
      at = last + 1
    } else if (line.trim() === "") {
      at++
    } else {
      const kind = kindOf(line)
      const own = takeWhile(lines, at, kind)
      made.push(blockOf(kind, own))
      at += own.length
    }
  }
  return made
}

type Kind = "heading" | "bullets" | "numbers" | "quote" | "table" | "paragraph"

function kindOf(line: string): Kind {
  if (/^#{1,6}\s/.test(line)) return "heading"
  if (/^\s*[-*+]\s/.test(line)) return "bullets"
  if (/^\s*\d+[.)]\s/.test(line)) return "numbers"
  if (/^\s*\|.*\|\s*$/.test(line)) return "table"
  return line.startsWith(">") ? "quote" : "paragraph"
}

/** The lines that belong together; what is indented goes on with a list. */
function takeWhile(lines: readonly string[], from: number, kind: Kind): string[] {
  const own = [lines[from] ?? ""]
  if (kind === "heading") return own
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at] ?? ""
    const isMore = (kind === "bullets" || kind === "numbers") && /^\s+\S/.test(line)
    if (line.trim() === "" || /^\s*(```|~~~)/.test(line) || (!isMore && kindOf(line) !== kind)) break
    own.push(line)
  }
  return own
}

function blockOf(kind: Kind, lines: readonly string[]): HTMLElement {
  switch (kind) {
    case "heading":
      return element("h3", "", ...spans((lines[0] ?? "").replace(/^#+\s+/, "")))
    case "bullets":
      return list("ul", lines, /^\s*[-*+]\s+/)
    case "numbers":
      return list("ol", lines, /^\s*\d+[.)]\s+/)
    case "quote":
      return element("blockquote", "", ...spans(lines.map((line) => line.replace(/^>\s?/, "")).join("\n")))
    case "table":
      return table(lines)
    case "paragraph":
      return element("p", "", ...spans(lines.join("\n")))
  }
}

function list(name: "ul" | "ol", lines: readonly string[], mark: RegExp): HTMLElement {
  const entries: string[] = []
  for (const line of lines) {
    if (mark.test(line)) entries.push(line.replace(mark, ""))
    else entries.push(`${entries.pop() ?? ""} ${line.trim()}`)
  }
  return element(name, "", ...entries.map((entry) => element("li", "", ...spans(entry))))
}

/** Rows of cells; what stands above the line of dashes is their heads. Without that line it is no table. */
function table(lines: readonly string[]): HTMLElement {
  const [head = "", rule = "", ...rows] = lines
  if (!/^[\s|:-]*-[\s|:-]*$/.test(rule)) return element("p", "", ...spans(lines.join("\n")))
  const row = (line: string, cell: "th" | "td") =>
    element("tr", "", ...cellsOf(line).map((each) => element(cell, "", ...spans(each))))
  const body = element("tbody", "", ...rows.map((line) => row(line, "td")))
  return element("div", "table", element("table", "", element("thead", "", row(head, "th")), body))
}

function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
  return cells.map((cell) => cell.replaceAll("\\|", "|").trim())
}

/** `code`, **strong** and *emphasis* in a line. */
function spans(text: string): (Node | string)[] {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/).map((piece) => {
    if (/^`[^`]+`$/.test(piece)) return element("code", "", piece.slice(1, -1))
    if (/^\*\*[^*]+\*\*$/.test(piece)) return element("strong", "", piece.slice(2, -2))
    if (/^\*[^*]+\*$/.test(piece)) return element("em", "", piece.slice(1, -1))
    return piece
  })
}
