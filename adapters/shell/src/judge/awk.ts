/** What an awk program does besides printing: run commands, or write files. */
export function awkPowers(program: string): "none" | "writes" | "runs" {
  const bare = withoutTexts(program)
  if (bare === undefined) return "runs"
  if (/\bsystem\b|@|\bgetline\b.*\||[^|]\|(?!\|)|^\|/s.test(bare.replaceAll("||", "  "))) return "runs"
  if (/\bprintf?\b[^;}\n]*>/.test(bare)) return "writes"
  return "none"
}

/** Texts and patterns taken out, each where it can be nothing else. Undefined when that cannot be told. */
function withoutTexts(program: string): string | undefined {
  let bare = ""
  let last = "{"
  for (let at = 0; at < program.length; ) {
    const char = program[at] ?? ""
    if (char === "#") {
      while (at < program.length && program[at] !== "\n") at += 1
    } else if (char === '"' || (char === "/" && /[{(,~!&|;}\n]/.test(last))) {
      const end = endOf(program, at, char)
      if (end === undefined) return undefined
      at = end
      bare += '""'
      last = '"'
    } else {
      bare += char
      if (char === "\n" || !/\s/.test(char)) last = char
      at += 1
    }
  }
  return bare
}

function endOf(program: string, start: number, close: string): number | undefined {
  let isClass = false
  for (let at = start + 1; at < program.length; at += 1) {
    const char = program[at]
    if (char === "\\") at += 1
    else if (char === "\n") return undefined
    else if (close === "/" && char === "[") isClass = true
    else if (close === "/" && char === "]") isClass = false
    else if (char === close) return isClass ? undefined : at + 1
  }
  return undefined
}
