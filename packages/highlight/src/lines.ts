import { type CodeLine, TOKEN_KINDS, type Token } from "./token.ts"

/** Lines of pieces from units of kinds. Spaces take no color of their own. */
export function toLines(code: string, colors: Uint8Array): CodeLine[] {
  const lines: CodeLine[] = []
  let at = 0
  while (at <= code.length) {
    const newline = code.indexOf("\n", at)
    const end = newline === -1 ? code.length : newline
    lines.push(toTokens(code, at, end, colors))
    at = end + 1
  }
  return lines
}

function toTokens(code: string, from: number, to: number, colors: Uint8Array): CodeLine {
  const tokens: Token[] = []
  let begin = from
  for (let at = from + 1; at <= to; at += 1) {
    const color = colors[begin]
    if (at < to && colors[at] === color) continue
    tokens.push({ text: code.slice(begin, at), kind: TOKEN_KINDS[color ?? PLAIN] ?? "plain" })
    begin = at
  }
  return tokens
}

const PLAIN = 0
