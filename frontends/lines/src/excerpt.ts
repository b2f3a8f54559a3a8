import { visible } from "@skein/protocol"

const LINES_MAX = 40
const LINE_CHARS_MAX = 1_000
/** Padding pushes what comes after it off the screen. */
const SPACES = /\s{25,}/gu
const EMPTY_LINES_MAX = 2

/**
 * A text as lines that a person can judge, however it was padded: its size where not all of it is shown, its head and its
 * tail, long runs of nothing as their length. Every character is visible.
 */
export function excerpt(text: string): string[] {
  const all = visible(text).split("\n")
  const lines = withoutGaps(all).map(excerptLine)
  const left = lines.length - LINES_MAX
  if (left <= 0 && lines.every((line, at) => line === all[at])) return lines
  const size = `(${counted(all.length, "line")}, ${counted(text.length, "character")}; shortened here)`
  const half = LINES_MAX / 2
  const shown = left <= 0 ? lines : [...lines.slice(0, half), `⋯ ${counted(left, "line")} ⋯`, ...lines.slice(-half)]
  return [size, ...shown]
}

function withoutGaps(lines: readonly string[]): string[] {
  const shown: string[] = []
  let empty = 0
  const close = () => {
    if (empty > EMPTY_LINES_MAX) shown.push(`⋯ ${counted(empty, "empty line")} ⋯`)
    else for (let at = 0; at < empty; at++) shown.push("")
    empty = 0
  }
  for (const line of lines) {
    if (line.trim() === "") {
      empty += 1
      continue
    }
    close()
    shown.push(line)
  }
  close()
  return shown
}

function excerptLine(line: string): string {
  const told = line.replace(SPACES, (run) => `⋯ ${counted(run.length, "space")} ⋯`)
  if (told.length <= LINE_CHARS_MAX) return told
  const half = LINE_CHARS_MAX / 2
  return `${told.slice(0, half)}⋯ ${counted(told.length - LINE_CHARS_MAX, "character")} ⋯${told.slice(-half)}`
}

function counted(count: number, noun: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${noun}${count === 1 ? "" : "s"}`
}
