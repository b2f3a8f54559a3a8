import type { Language } from "@skein/grammars"

/** What may go on over lines, and what hides its beginning from view. */
interface Syntax {
  /** From these on, a line says nothing more. */
  readonly lineComments: readonly string[]
  /** They do so only where a word would begin. */
  readonly areWords?: boolean
  /** Beginning and end. */
  readonly spans: readonly (readonly [begin: string, end: string])[]
  /** Strings that end with their line. */
  readonly quotes: string
}

const C: Syntax = { lineComments: ["//"], spans: [["/*", "*/"]], quotes: `"'` }
const SCRIPT: Syntax = { ...C, spans: [...C.spans, ["`", "`"]] }
const TRIPLE: Syntax["spans"] = [
  ['"""', '"""'],
  ["'''", "'''"],
]
const SHELL: Syntax = {
  lineComments: ["#"],
  areWords: true,
  spans: [
    ['"', '"'],
    ["'", "'"],
  ],
  quotes: "",
}

const SYNTAXES: Partial<Record<Language, Syntax>> = {
  bash: SHELL,
  c: C,
  cpp: C,
  css: { ...C, lineComments: [] },
  go: SCRIPT,
  html: { lineComments: [], spans: [["<!--", "-->"]], quotes: "" },
  java: { ...C, spans: [...C.spans, ['"""', '"""']] },
  javascript: SCRIPT,
  php: C,
  python: { lineComments: ["#"], spans: TRIPLE, quotes: `"'` },
  rust: { lineComments: ["//"], spans: [...C.spans, ['"', '"']], quotes: "" },
  toml: { lineComments: ["#"], spans: TRIPLE, quotes: `"'` },
  tsx: SCRIPT,
  typescript: SCRIPT,
}

/**
 * What would end the comment or string that is open after this line, when `open` would have ended the one before it. A
 * grammar reads whole texts: with this behind it, half a text is one.
 */
export function openAfter(line: string, open: string | undefined, language: Language): string | undefined {
  const syntax = SYNTAXES[language]
  if (syntax === undefined) return undefined
  let end = open
  for (let at = 0; at < line.length; ) {
    if (end !== undefined) {
      const found = line.startsWith(end, at)
      at += found ? end.length : line[at] === "\\" ? 2 : 1
      if (found) end = undefined
      continue
    }
    if (isComment(syntax, line, at)) return undefined
    const span = syntax.spans.find(([begin]) => line.startsWith(begin, at))
    if (span !== undefined) {
      end = span[1]
      at += span[0].length
    } else at = syntax.quotes.includes(line[at] ?? "") ? afterQuoted(line, at) : at + (line[at] === "\\" ? 2 : 1)
  }
  return end
}

function isComment({ lineComments, areWords = false }: Syntax, line: string, at: number): boolean {
  if (!lineComments.some((mark) => line.startsWith(mark, at))) return false
  return !areWords || at === 0 || /[\s;&|()]/.test(line.charAt(at - 1))
}

function afterQuoted(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at += line[at] === "\\" ? 2 : 1) if (line[at] === line[from]) return at + 1
  return line.length
}
