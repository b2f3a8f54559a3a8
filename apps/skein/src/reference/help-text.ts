/** What a page of help names. */
export interface HelpPage {
  /** Words that may follow, without `help` itself. */
  readonly commands: readonly string[]
  /** Long flags, as `--model`. */
  readonly flags: readonly string[]
}

/** Reads a page as the common libraries for command lines write it: a heading, and rows indented alike below it. */
export function readHelp(text: string): HelpPage {
  const lines = text.split("\n")
  const commands: string[] = []
  for (const [at, line] of lines.entries()) {
    if (!HEADING.test(line)) continue
    commands.push(...rowsBelow(lines.slice(at + 1)))
  }
  const flags = lines
    .filter((line) => /^\s+-/.test(line))
    .flatMap((line) => headOf(line).match(/--[a-zA-Z][\w.-]*/g) ?? [])
  return { commands: distinct(commands.filter((name) => name !== "help")), flags: distinct(flags) }
}

const HEADING = /^\s*(?:[\w ]+ )?(?:sub-?)?commands\s*:?\s*$|one of these:\s*$/i

/** The first words of the rows, up to the first line that begins at the margin. A description may go on below, further in. */
function rowsBelow(lines: readonly string[]): readonly string[] {
  const names: string[] = []
  let indent: number | undefined
  for (const line of lines) {
    if (line.trim() === "") {
      if (indent !== undefined) break
      continue
    }
    const depth = line.length - line.trimStart().length
    if (depth === 0) break
    indent ??= depth
    const name = depth === indent ? /^([a-z][\w-]*)/.exec(line.trimStart())?.[1] : undefined
    if (name !== undefined) names.push(name)
  }
  return names
}

/** A row without its description, which may speak of other flags. */
function headOf(line: string): string {
  return /^\s+(.*?)(?:\s{2,}.*)?$/.exec(line)?.[1] ?? line
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
