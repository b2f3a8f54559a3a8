import { ToolFailure } from "@skein/core/ports"
import { rawIndexes, type Splice, spliceBytes } from "../files/splice.ts"
import { decodeText, lineEndOf, type TextFile } from "../files/text.ts"
import { lineHunks } from "./hunks.ts"
import { indenter } from "./indent.ts"
import { lineAt, linesOf } from "./lines.ts"
import { type Found, findMatches, type Match, type Stage, type Wanted } from "./match.ts"
import { mergeSplices } from "./merge.ts"
import { nearestText } from "./nearest.ts"

export interface Edit {
  readonly oldText: string
  readonly newText: string
  readonly replaceAll?: boolean | undefined
}

export interface Applied {
  readonly bytes: Uint8Array
  /** How it was found, and how often. */
  readonly stage: Stage
  readonly count: number
}

/**
 * Replaces one text in a file's bytes; every byte outside the lines that change stays. Line ends do not matter for
 * finding; the new text takes those of the place it goes to. Throws ToolFailure, for the model, when the text is not
 * there, or is there more than once.
 */
export async function applyEdit(bytes: Uint8Array, edit: Edit): Promise<Applied> {
  const file = decodeText(bytes)
  if (file === undefined) throw new ToolFailure("The file is binary: it can be replaced as a whole, but not edited.")
  const [old, next] = [lines(edit.oldText), lines(edit.newText)]
  if (old === "")
    throw new ToolFailure("oldText is empty: say which text is to be replaced, or use write for a whole file.")
  if (old === next) throw new ToolFailure("oldText and newText are the same: there is nothing to change.")
  for (const attempt of attempts(file.text, old, next)) {
    const found = findMatches(file.text, attempt.old, { isEvery: edit.replaceAll === true, fits: attempt.fits })
    if (found.count === 0) continue
    if (found.count > 1 && edit.replaceAll !== true) throw ambiguous(file.text, found)
    const splices = await splicesFor(file, found.matches, attempt)
    if (splices.length === 0) throw new ToolFailure("The file already reads as newText there: nothing to change.")
    return { bytes: spliceBytes(bytes, file, splices), stage: found.stage, count: found.count }
  }
  throw notFound(file.text, old)
}

const lines = (text: string) => text.replace(/\r\n?/g, "\n")

interface Attempt {
  readonly old: string
  readonly next: string
  readonly fits?: Wanted["fits"]
}

/** As written; without a last line end that the file does not have; without the line numbers that `read` shows. */
function* attempts(text: string, old: string, next: string): Generator<Attempt> {
  yield { old, next }
  if (old.endsWith("\n") && old.length > 1 && !text.endsWith("\n")) {
    // The line end was meant: without it the same words inside a line are not what was asked for.
    const fits: Attempt["fits"] = ({ end }) => end === text.length
    yield { old: old.slice(0, -1), next: next.endsWith("\n") ? next.slice(0, -1) : next, fits }
  }
  if (isNumbered(old)) {
    const bare = (numbered: string) =>
      numbered
        .split("\n")
        .map((line) => line.replace(NUMBER, ""))
        .join("\n")
    // What stood behind a number is a line from its start; in a table of numbers the same word stands behind another.
    const fits: Attempt["fits"] = ({ start }) => start === 0 || text[start - 1] === "\n"
    if (bare(old).trim() !== "" && bare(old) !== bare(next)) yield { old: bare(old), next: bare(next), fits }
  }
}

const NUMBER = /^ *\d+\t/

/** Every line has a number, each one more than the one before; the nothing behind a last line end has none. */
function isNumbered(old: string): boolean {
  const numbers = old
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (NUMBER.test(line) ? Number.parseInt(line, 10) : Number.NaN))
  return numbers.every((number, index) => number === (numbers[0] ?? 0) + index)
}

async function splicesFor(
  file: TextFile,
  matches: readonly Match[],
  { old, next }: Attempt,
): Promise<readonly Splice[]> {
  const [oldLines, nextLines] = [old.split("\n"), next.split("\n")]
  const hunks = await lineHunks(oldLines, nextLines)
  const toRaw = rawIndexes(file.raw)
  return matches
    .flatMap((match) => {
      const lineEnd = lineEndOf(file.raw.slice(toRaw(match.start), toRaw(match.end))) ?? file.lineEnd
      return mergeSplices({ match, old: oldLines, next: nextLines, hunks, indent: indenter(match, oldLines), lineEnd })
    })
    .filter((splice) => splice.text !== "" || splice.end > splice.start)
}

function ambiguous(text: string, { count, matches, stage }: Found): ToolFailure {
  const all = linesOf(text)
  const at = [...new Set(matches.map((match) => lineAt(all, match.start)))]
  const isPart = at.length > 20 || matches.length < count
  const shown = `line${at.length === 1 ? "" : "s"} ${at.slice(0, 20).join(", ")}${isPart ? " and more" : ""}`
  const how = stage === "exact" ? "" : ` (not counting ${stage})`
  return new ToolFailure(
    `oldText is ambiguous: it occurs ${count} times${how}, at ${shown}. Nothing was written. Add ` +
      "surrounding lines until it is unique, or set replaceAll to replace every one.",
  )
}

function notFound(text: string, old: string): ToolFailure {
  const nearest = text === "" ? undefined : nearestText(text, old)
  if (text === "") return new ToolFailure("oldText was not found: the file is empty. Nothing was written.")
  if (nearest === undefined) {
    return new ToolFailure(
      "oldText was not found, and nothing in the file is like it. Nothing was written. Read the file.",
    )
  }
  return new ToolFailure(
    `oldText was not found. Nothing was written. The nearest text is at lines ${nearest.first}-${nearest.last} ` +
      `(${nearest.why}):\n${nearest.text}\nCopy the text to replace from there.`,
  )
}
