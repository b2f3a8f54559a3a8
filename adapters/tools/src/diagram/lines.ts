import { ToolFailure } from "@skein/core/ports"
import { widthOf } from "./scene.ts"

/** One statement of a diagram, and the line it stands in, from 1. */
export interface Statement {
  readonly text: string
  readonly line: number
}

const SOURCE_CHARS_MAX = 50_000

/** The statements of a diagram after its first, which says what it is. Comments, directives and front matter are left out. */
export function statementsOf(source: string): { readonly kind: string; readonly rest: readonly Statement[] } {
  if (source.length > SOURCE_CHARS_MAX) throw new ToolFailure(`A diagram of ${source.length} characters is not drawn.`)
  const plain = source
    .replace(/^\s*```(?:mermaid)?[^\n]*\n|\n```\s*$/g, "")
    .replace(/^\s*---\n[\s\S]*?\n---(?=\n)/, (matter) => matter.replace(/[^\n]/g, ""))
    .replace(/%%\{[\s\S]*?\}%%/g, (directive) => directive.replace(/[^\n]/g, ""))
  const statements = plain.split("\n").flatMap((text, at) => {
    const trimmed = text.replace(/^\s*%%.*$/, "").trim()
    return trimmed === "" ? [] : [{ text: trimmed, line: at + 1 }]
  })
  const [first, ...rest] = statements
  if (first === undefined) throw new ToolFailure("The diagram is empty.")
  // `graph TD; A-->B` says both in one line.
  const [kind = "", ...more] = first.text.split(";")
  return {
    kind: kind.trim(),
    rest: [...more.filter((text) => text.trim() !== "").map((text) => ({ text: text.trim(), line: 1 })), ...rest],
  }
}

const LABEL_WIDTH = 32
const LINES_MAX = 6

/** Words as a diagram writes them: entities, `<br>` and quotes undone, wrapped, and not without end. */
export function wrapped(text: string, width: number = LABEL_WIDTH): readonly string[] {
  const lines = plainText(text)
    .split("\n")
    .flatMap((line) => wrap(line, width))
  return lines.length > LINES_MAX ? [...lines.slice(0, LINES_MAX - 1), "…"] : lines
}

export function plainText(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .replace(/<br\s*\/?>|\\n/gi, "\n")
    .replace(/<\/?(?:b|i|u|em|strong|code)>/gi, "")
    .replace(/#(quot|amp|lt|gt|35|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === "\n" ? sign : ""))
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", "35": "#", nbsp: " " }

function wrap(line: string, width: number): readonly string[] {
  const out: string[] = []
  let now = ""
  for (const word of line.trim().split(/\s+/)) {
    const next = now === "" ? word : `${now} ${word}`
    if (widthOf(next) <= width || now === "") now = next
    else {
      out.push(now)
      now = word
    }
  }
  return [...out, now].map((each) => (widthOf(each) > width * 2 ? `${each.slice(0, width * 2 - 1)}…` : each))
}

/** What could not be read, where it stands, and what would be. */
export function unread({ text, line }: Statement, expected: string): ToolFailure {
  return new ToolFailure(
    `Line ${line} of the diagram is not understood: ${JSON.stringify(text.slice(0, 120))}. It takes ${expected}.`,
  )
}
