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

/** Texts and patterns taken out, continued lines joined. Undefined when it cannot be told where a pattern begins or ends. */
function withoutTexts(program: string): string | undefined {
  let bare = ""
  // Parentheses that are open: whether a statement follows them, as behind `if (x)`.
  const open: boolean[] = []
  let isCondition = false
  for (let at = 0; at < program.length; ) {
    const char = program[at] ?? ""
    const slash = char === "/" ? slashBehind(bare, isCondition) : "division"
    if (slash === "unclear") return undefined
    if (char === "#") {
      while (at < program.length && program[at] !== "\n") at += 1
    } else if (char === '"' || slash === "pattern") {
      const end = endOf(program, at, char)
      if (end === undefined) return undefined
      at = end
      bare += '""'
    } else if (char === "\\") {
      const [joint] = /^\\\r?\n/.exec(program.slice(at, at + 3)) ?? []
      if (joint === undefined) return undefined
      at += joint.length
      bare += " "
    } else {
      if (char === "(") open.push(/\b(?:if|while|for|switch)\s*$/.test(bare))
      if (!/\s/.test(char)) isCondition = char === ")" && open.pop() === true
      bare += char
      at += 1
    }
  }
  return bare.replaceAll(/(,|&&|\|\||[?:{]|\b(?:do|else))\s*\n/g, "$1 ")
}

/** What a slash is behind this: where an operand may stand a pattern begins, behind an operand it divides. */
function slashBehind(bare: string, isCondition: boolean): "pattern" | "division" | "unclear" {
  const before = bare.trimEnd()
  if (isCondition || before === "" || bare.slice(before.length).includes("\n")) return "pattern"
  if (/[{(,~!&|;}]$/.test(before) || /\b(?:printf?|return|else|do|case|exit)$/.test(before)) return "pattern"
  if (/\b(?:getline|in|delete)$/.test(before)) return "unclear"
  return /[)\]\w.]$/.test(before) ? "division" : "unclear"
}

/** Behind the text or pattern. What awks read differently ends nowhere: a slash in brackets, brackets that begin with `]`. */
function endOf(program: string, start: number, close: string): number | undefined {
  let isClass = false
  for (let at = start + 1; at < program.length; at += 1) {
    const char = program[at]
    if (char === "\\") at += 1
    else if (char === "\n") return undefined
    else if (char === close) return isClass ? undefined : at + 1
    else if (close === "/" && char === "[") {
      const named = /^\[:\w+:\]/.exec(program.slice(at, at + 12))?.[0]
      if (isClass ? named === undefined : /^\[\^?\]/.test(program.slice(at, at + 3))) return undefined
      if (isClass) at += (named?.length ?? 1) - 1
      isClass = true
    } else if (close === "/" && char === "]") isClass = false
  }
  return undefined
}
