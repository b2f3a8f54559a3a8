import type { Arguments } from "./arguments.ts"
import type { LinePiece } from "./parse.ts"

/**
 * A line for the shell with what a person wrote in its places, each value quoted for where it stands, so that none of it is
 * read by the shell. Undefined where it cannot be said where a place stands: in substitutions and here documents, for
 * anything but plain words.
 */
export function shellLine(line: readonly LinePiece[], args: Arguments): string | undefined {
  const isNested = line.some((piece) => piece.kind === "text" && /\$\(|`|<<|\$\{/.test(piece.text))
  let quote: Quote = ""
  let written = ""
  for (const piece of line) {
    if (piece.kind === "text") {
      written += piece.text
      quote = quoteAfter(piece.text, quote)
      continue
    }
    const words = args.wordsOf(piece)
    if (isNested && !words.every((word) => /^[\w./:@=,+-]*$/.test(word))) return undefined
    written += quote === "" ? words.map(quoted).join(" ") : inQuote(words.join(" "), quote)
  }
  return written
}

type Quote = "" | "'" | '"'

function quoteAfter(text: string, before: Quote): Quote {
  let quote = before
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === "\\" && quote !== "'") at += 1
    else if (quote === "" && (sign === "'" || sign === '"')) quote = sign
    else if (sign === quote) quote = ""
  }
  return quote
}

function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${inQuote(word, "'")}'`
}

function inQuote(text: string, quote: Quote): string {
  return quote === "'" ? text.replaceAll("'", `'\\''`) : text.replaceAll(/["\\$`]/g, "\\$&")
}
