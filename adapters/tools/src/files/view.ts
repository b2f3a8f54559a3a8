/** Lines as the model sees them, and whether more follow. */
export interface LineView {
  /** Six-wide line numbers, a tab, the line. */
  readonly text: string
  /** 1-based; `to` is below `from` when nothing was shown. */
  readonly from: number
  readonly to: number
  readonly isMore: boolean
  readonly cutLines: number
}

export const LINES_MAX = 2_000
/** Of text shown, numbers included. */
export const BYTES_MAX = 50_000
const LINE_CHARACTERS_MAX = 2_000

/**
 * Takes lines from number `from` on, until `limit` lines or the byte bound; `lines` starts with number `first` and is
 * asked for no more than needed.
 */
export function viewLines(lines: Iterable<string>, from: number, limit: number, first = 1): LineView {
  const shown: string[] = []
  let bytes = 0
  let number = first - 1
  let cutLines = 0
  for (const line of lines) {
    number += 1
    if (number < from) continue
    const isLong = line.length > LINE_CHARACTERS_MAX
    const text = `${String(number).padStart(6)}\t${isLong ? cut(line) : line}`
    const size = Buffer.byteLength(text) + 1
    if (shown.length === limit || (bytes + size > BYTES_MAX && shown.length > 0)) return view(true)
    shown.push(text)
    bytes += size
    if (isLong) cutLines += 1
  }
  return view(false)

  function view(isMore: boolean): LineView {
    return { text: shown.join("\n"), from, to: from + shown.length - 1, isMore, cutLines }
  }
}

function cut(line: string): string {
  return `${line.slice(0, LINE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "")}… (${line.length - LINE_CHARACTERS_MAX} more characters)`
}

/** Lines of a text, one after the other; the part after a last "\n" counts only when there is any. */
export function* eachLine(text: string): Generator<string> {
  let at = 0
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
    yield text.slice(at, end)
    at = end + 1
  }
  if (at < text.length) yield text.slice(at)
}
