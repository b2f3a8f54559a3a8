/** A text without what a rendered page does not show. */
export interface Uncommented {
  readonly text: string
  /** Where each comment that was taken out begins: lines of the text, from 1. */
  readonly lines: readonly number[]
}

/**
 * Takes out comments (`<!-- … -->`): who looks at the file as a page does not see them, so a model is not told what is in them
 * either. In code fences and code spans they are text, and stay.
 */
export function withoutComments(text: string): Uncommented {
  if (!text.includes("<!--")) return { text, lines: [] }
  const lines: number[] = []
  let line = 1
  let counted = 0
  const left = text.replaceAll(CODE_OR_COMMENT, (found: string, ...rest: readonly unknown[]) => {
    if (!found.startsWith("<!--")) return found
    // Of the groups and the whole text only the place is a number.
    const at = Number(rest.find((each) => typeof each === "number"))
    line += linesIn(text.slice(counted, at))
    counted = at
    lines.push(line)
    return ""
  })
  return { text: left, lines }
}

/** How many lines end in it. */
export function linesIn(text: string): number {
  return text.split("\n").length - 1
}

const LINES_SHOWN_MAX = 10

/** `line 3`, `lines 3, 8 and 12`; bounded. */
export function linesText(lines: readonly number[]): string {
  const shown = [...new Set(lines)]
  const more = shown.length - LINES_SHOWN_MAX
  if (more > 0) return `lines ${shown.slice(0, LINES_SHOWN_MAX).join(", ")} and ${more} more`
  const last = shown.at(-1)
  return shown.length === 1 ? `line ${last}` : `lines ${shown.slice(0, -1).join(", ")} and ${last}`
}

/** Fences and spans first, so that what stands in them is passed over. A comment that is not closed goes on to the end, as in a page. */
const CODE_OR_COMMENT =
  /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|`[^`\n]+`|<!--[\s\S]*?(?:-->|(?![\s\S]))/gm
