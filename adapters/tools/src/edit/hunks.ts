/** Lines `[oldFrom, oldTo)` become lines `[newFrom, newTo)`; all between two hunks is the same in both. */
export interface Hunk {
  readonly oldFrom: number
  readonly oldTo: number
  readonly newFrom: number
  readonly newTo: number
}

/** More differing lines than this are taken as one hunk: comparing costs their square. */
const EDITS_MAX = 1_000

/** The lines that differ, in order. */
export async function lineHunks(old: readonly string[], next: readonly string[]): Promise<readonly Hunk[]> {
  const head = commonStart(old, next)
  const tail = commonStart(old.slice(head).toReversed(), next.slice(head).toReversed())
  const whole = { oldFrom: head, oldTo: old.length - tail, newFrom: head, newTo: next.length - tail }
  if (whole.oldFrom === whole.oldTo && whole.newFrom === whole.newTo) return []
  if (whole.oldFrom === whole.oldTo || whole.newFrom === whole.newTo) return [whole]
  const { diffArrays } = await import("diff")
  const [a, b] = [old.slice(whole.oldFrom, whole.oldTo), next.slice(whole.newFrom, whole.newTo)]
  const parts = diffArrays(a, b, { maxEditLength: EDITS_MAX })
  return parts === undefined ? [whole] : hunksOf(parts, head)
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1
  return length
}

interface Part {
  readonly added: boolean
  readonly removed: boolean
  readonly count: number
}

function hunksOf(parts: readonly Part[], head: number): Hunk[] {
  const hunks: Hunk[] = []
  let open: Hunk | undefined
  let [oldAt, newAt] = [head, head]
  for (const { added, removed, count } of parts) {
    if (!added && !removed) {
      if (open !== undefined) hunks.push(open)
      open = undefined
      oldAt += count
      newAt += count
      continue
    }
    const from = open ?? { oldFrom: oldAt, oldTo: oldAt, newFrom: newAt, newTo: newAt }
    if (removed) oldAt += count
    if (added) newAt += count
    open = { ...from, oldTo: oldAt, newTo: newAt }
  }
  if (open !== undefined) hunks.push(open)
  return hunks
}
