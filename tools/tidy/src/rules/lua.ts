import type { Finding, Rule } from "../rule.ts"

const COLUMNS_MAX = 120
/** As `LINES_MAX` of other sources. */
const LINES_MAX = 300

export const luaIsLaidOutAlike: Rule = {
  name: `Lua is indented by two blanks, at most ${COLUMNS_MAX} columns wide and ${LINES_MAX} lines long`,
  why: "there is no formatter for it among our tools, and a file that looks different reads as somebody else's",
  instead: "two blanks for each block, no tab, no blank at a line's end, a newline at the end of the file",
  check(tree) {
    return [...tree.files]
      .filter(([path]) => path.endsWith(".lua"))
      .flatMap(([path, text]) => {
        const lines = text.split("\n")
        const found = lines.flatMap((line, at) => flawsOf(line).map((what) => ({ path, line: at + 1, what })))
        const long: Finding[] = lines.length > LINES_MAX + 1 ? [{ path, what: `has ${lines.length - 1} lines` }] : []
        return [...found, ...long, ...(text.endsWith("\n") ? [] : [{ path, what: "does not end with a newline" }])]
      })
  },
}

function flawsOf(line: string): string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0
  return [
    ...(line.includes("\t") ? ["holds a tab"] : []),
    ...(/\s$/.test(line) ? ["ends in a blank"] : []),
    ...(indent % 2 === 1 ? [`is indented by ${indent} blanks`] : []),
    ...(line.length > COLUMNS_MAX ? [`is ${line.length} columns wide`] : []),
  ]
}
