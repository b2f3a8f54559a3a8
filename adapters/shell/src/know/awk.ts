/** What an awk program does besides printing: run commands, or write files. */
export function awkPowers(program: string): "none" | "writes" | "runs" {
  const bare = program.length > LENGTH_MAX ? undefined : withoutTexts(program)
  if (bare === undefined) return "runs"
  // What it reads beside its operands is not listed as read.
  if (/\bARG[VC]\b|\bgetline\b[^;}\n]*</.test(bare)) return "runs"
  if (/\bsystem\b|@/.test(bare) || bare.replaceAll("||", "  ").includes("|")) return "runs"
  const prints = bare.split(/[;}\n]/).map((statement) => statement.slice(Math.max(statement.search(/\bprintf?\b/), -1)))
  return prints.some((statement) => /^printf?\b/.test(statement) && statement.includes(">")) ? "writes" : "none"
}

/** A longer program is not looked into. */
const LENGTH_MAX = 20_000

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
