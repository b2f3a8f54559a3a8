/**
 * The change from `base` to `ours`, made in `theirs`. Undefined when both changed the same lines differently, or when one
 * of them is no UTF-8 text.
 */
export async function merged(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array): Promise<Uint8Array | undefined> {
  const [from, to, other] = [base, ours, theirs].map(linesOf)
  if (from === undefined || to === undefined || other === undefined) return undefined
  const { diffArrays } = await import("diff")
  const edits = (lines: string[]) => editsOf(diffArrays(from, lines, { maxEditLength: EDITS_MAX }))
  const [mine, others] = [edits(to), edits(other)]
  if (mine === undefined || others === undefined) return undefined
  const pieces: (readonly string[])[] = []
  let at = 0
  while (mine.length > 0 || others.length > 0) {
    const [a, b] = [mine[0], others[0]]
    if (a !== undefined && b !== undefined && touches(a, b)) {
      if (!isSameEdit(a, b)) return undefined
      others.shift()
    }
    const takesMine = a !== undefined && (b === undefined || a.start <= b.start)
    const edit = takesMine ? mine.shift() : others.shift()
    if (edit === undefined) break
    // Pieces, not arguments: a call takes some ten thousand of those.
    pieces.push(from.slice(at, edit.start), edit.lines)
    at = edit.end
  }
  return new TextEncoder().encode([...pieces, from.slice(at)].map((lines) => lines.join("")).join(""))
}

/** Lines `start` to before `end` of the base become `lines`. */
interface Edit {
  readonly start: number
  end: number
  readonly lines: string[]
}

/** Beyond so many differing lines nothing is compared: it costs their square. */
const EDITS_MAX = 4_000

interface Piece {
  readonly added?: boolean
  readonly removed?: boolean
  readonly value: readonly string[]
}

function editsOf(pieces: readonly Piece[] | undefined): Edit[] | undefined {
  if (pieces === undefined) return undefined
  const edits: Edit[] = []
  let at = 0
  let open: Edit | undefined
  for (const { added, removed, value } of pieces) {
    if (added !== true && removed !== true) {
      at += value.length
      open = undefined
      continue
    }
    if (open === undefined) {
      open = { start: at, end: at, lines: [] }
      edits.push(open)
    }
    if (added === true) for (const line of value) open.lines.push(line)
    else {
      at += value.length
      open.end = at
    }
  }
  return edits
}

/** Edits side by side touch as well: nobody can say which lines go first. */
function touches(a: Edit, b: Edit): boolean {
  return a.start <= b.end && b.start <= a.end
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.lines.join("") === b.lines.join("")
}

/** Each with its own end, so that nothing is lost in joining them. */
function linesOf(bytes: Uint8Array): string[] | undefined {
  if (bytes.includes(0)) return undefined
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  } catch (error) {
    if (error instanceof TypeError) return undefined // the one way to ask whether bytes are UTF-8
    throw error
  }
}
