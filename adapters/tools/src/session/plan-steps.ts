import type { PlanStep } from "@skein/protocol"

const STEPS_MAX = 500
const TEXT_MAX = 500
/** Cells that a tab counts for, as Markdown has it. */
const TAB = 4

/**
 * A plan in Markdown as a tree: headings and items of lists, each with how deep it lies below the one it belongs to. Task
 * items say whether they are done. Prose between them and code in fences is left to the text.
 */
export function planSteps(markdown: string): readonly PlanStep[] {
  const steps: PlanStep[] = []
  let isCode = false
  /** Where the open headings and items begin: what begins further right lies below. */
  let open: readonly number[] = []
  for (const line of markdown.split("\n")) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
    const found = isCode ? undefined : stepOf(line)
    if (found === undefined) continue
    const above = open.filter((column) => column < found.column)
    open = [...above, found.column]
    steps.push({ ...found.step, depth: above.length })
    if (steps.length === STEPS_MAX) break
  }
  return steps
}

/** Headings begin left of every item, the larger the further left. */
function stepOf(line: string): { readonly column: number; readonly step: Omit<PlanStep, "depth"> } | undefined {
  const heading = /^(#{1,6})\s+(.+?)\s*#*$/.exec(line)
  if (heading?.[1] !== undefined && heading[2] !== undefined) {
    return { column: heading[1].length - 7, step: { text: heading[2].slice(0, TEXT_MAX) } }
  }
  const item = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.+?)\s*$/.exec(line)
  if (item?.[1] === undefined || item[3] === undefined) return undefined
  const text = item[3].slice(0, TEXT_MAX)
  const status =
    item[2] === undefined ? {} : { status: item[2] === " " ? ("pending" as const) : ("completed" as const) }
  return { column: item[1].replaceAll("\t", " ".repeat(TAB)).length, step: { text, ...status } }
}
