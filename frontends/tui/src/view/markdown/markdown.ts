import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import { safeLine } from "../text/safe.ts"
import type { CodeLook, LinkOf } from "./context.ts"
import { Splitter } from "./splitter.ts"
import { type Fences, MarkdownStream } from "./stream.ts"

/** How what is written in Markdown is drawn. */
export interface MarkdownOptions {
  readonly code?: CodeLook | undefined
  readonly linkOf?: LinkOf | undefined
}

/** A whole document in lines no wider than the look, two cells from the edge. */
export function markdownLines(text: string, look: Look, { code, linkOf }: MarkdownOptions = {}): Line[] {
  const fences = code === undefined ? undefined : wholeFences(text, code)
  const stream = new MarkdownStream({ look, code, linkOf }, fences)
  return [...stream.push(text), ...stream.end()]
}

/** Colors each fence as one piece of code, which a stream cannot. */
function wholeFences(text: string, code: CodeLook): Fences {
  const codes = fencedCode(text)
  let next = 0
  return (language) => {
    const tokens = code.highlighted(codes[next++] ?? "", language)
    let at = 0
    return tokens === undefined ? undefined : { line: () => tokens[at++], close: () => undefined }
  }
}

/** The code of every fence that has a language. */
function fencedCode(text: string): string[] {
  const splitter = new Splitter()
  const pieces = [...text.split("\n").flatMap((line) => splitter.line(line.replace(/\r$/, ""))), ...splitter.end()]
  const codes: string[][] = []
  let hasLanguage = false
  for (const piece of pieces) {
    if (piece.kind === "fence") hasLanguage = piece.language !== undefined
    if (piece.kind === "fence" && hasLanguage) codes.push([])
    if (piece.kind === "code" && hasLanguage) codes.at(-1)?.push(safeLine(piece.text))
  }
  return codes.map((lines) => lines.join("\n"))
}
