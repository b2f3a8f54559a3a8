import { ToolFailure } from "@skein/core/ports"
import type { Match } from "./match.ts"

/** A line of the new text with the file's indentation. `beside` is the old line it stands for, when there is just one. */
export type Indenter = (line: string, beside?: number) => string

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? ""

interface Pair {
  readonly old: string
  readonly file: string
}

/**
 * How the old text's indentation is written in the file, learnt from the lines that were found. Throws ToolFailure for
 * a line whose indentation the file writes in two ways: guessing could move it to another block.
 */
export function indenter(match: Match, old: readonly string[]): Indenter {
  const beside = old.map((line, index) => pairOf(line, match.lines[index]?.text ?? ""))
  const pairs = beside.filter((pair) => pair !== undefined)
  if (pairs.every((pair) => pair.old === pair.file)) return (line) => line
  const known = Map.groupBy(pairs, (pair) => pair.old)
  return (line, at) => {
    if (line.trim() === "") return line
    const indent = indentOf(line)
    const paired = at === undefined ? undefined : beside[at]
    if (paired?.old === indent) return paired.file + line.slice(indent.length)
    const ways = new Set(known.get(indent)?.map((pair) => pair.file))
    const [only] = ways
    if (ways.size > 1) throw uncertain(line)
    const written = only ?? derived(indent, pairs)
    if (written === undefined) throw uncertain(line)
    return written + line.slice(indent.length)
  }
}

function pairOf(line: string, found: string): Pair | undefined {
  return line.trim() === "" ? undefined : { old: indentOf(line), file: indentOf(found) }
}

const uncertain = (line: string) =>
  new ToolFailure(
    `oldText was found only with another indentation, and it is not certain how "${line.trim().slice(0, 80)}" has to be ` +
      "indented. Nothing was written. Copy oldText with the indentation of the file.",
  )

/** From the deepest known indentation that is shallower, and the step between two known ones. */
function derived(indent: string, pairs: readonly Pair[]): string | undefined {
  const sorted = pairs.toSorted((a, b) => a.old.length - b.old.length)
  const base = sorted.findLast((pair) => indent.startsWith(pair.old))
  if (base !== undefined) {
    const more = converted(indent.slice(base.old.length), sorted)
    return more === undefined ? undefined : base.file + more
  }
  const shallowest = sorted[0] ?? { old: "", file: "" }
  const excess = converted(shallowest.old.slice(indent.length), sorted)
  return excess === undefined
    ? undefined
    : shallowest.file.slice(0, Math.max(0, shallowest.file.length - excess.length))
}

/** Indentation of the model's as the file writes it; undefined where spaces answer to tabs and nothing says how many. */
function converted(rest: string, sorted: readonly Pair[]): string | undefined {
  const step = stepOf(sorted)
  const times = step === undefined ? 0 : rest.length / step.old.length
  if (step !== undefined && Number.isInteger(times) && step.old.repeat(times) === rest) return step.file.repeat(times)
  const other = rest.includes(" ") ? "\t" : " "
  return rest !== "" && sorted.some((pair) => pair.file.startsWith(other)) ? undefined : rest
}

/** The smallest step that both sides take between two of their lines. */
function stepOf(sorted: readonly Pair[]): Pair | undefined {
  for (const [index, upper] of sorted.entries()) {
    const lower = sorted.slice(index + 1).find((pair) => pair.old.length > upper.old.length)
    if (lower === undefined) continue
    if (!lower.old.startsWith(upper.old) || !lower.file.startsWith(upper.file)) continue
    if (lower.file.length > upper.file.length) {
      return { old: lower.old.slice(upper.old.length), file: lower.file.slice(upper.file.length) }
    }
  }
  return sorted.flatMap((pair) => tabStep(pair) ?? [])[0]
}

/** What one line alone says, when tabs answer to spaces: so many spaces are a tab. */
function tabStep({ old, file }: Pair): Pair | undefined {
  const [tabs, spaces] = old.startsWith("\t") ? [old, file] : [file, old]
  const width = spaces.length / tabs.length
  if (!/^\t+$/.test(tabs) || !/^ +$/.test(spaces) || !Number.isInteger(width)) return undefined
  const one = " ".repeat(width)
  return old.startsWith("\t") ? { old: "\t", file: one } : { old: one, file: "\t" }
}
