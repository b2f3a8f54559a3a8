/** Consecutive events, both ends included. */
export interface Range {
  readonly from: number
  readonly to: number
}

interface Rewind {
  readonly seq: number
  readonly toSeq: number
}

/**
 * The events that the conversation after event `seq` is made of, as ranges in order: a rewind goes on from `toSeq`, and
 * what lies between is a branch that was left. `rewinds` are all of the log, in order.
 */
export function lineage(rewinds: readonly Rewind[], seq: number): readonly Range[] {
  const ranges: Range[] = []
  let to = seq
  for (let at = rewinds.length - 1; at >= 0 && to > 0; at--) {
    const rewind = rewinds[at]
    if (rewind === undefined || rewind.seq > to) continue
    ranges.push({ from: rewind.seq, to })
    to = rewind.toSeq
  }
  if (to > 0) ranges.push({ from: 1, to })
  return ranges.reverse()
}

/** Whether an event is in one of the ranges; to be asked with rising numbers. */
export function rising(ranges: readonly Range[]): (seq: number) => boolean {
  let at = 0
  return (seq) => {
    for (let range = ranges[at]; range !== undefined && range.to < seq; range = ranges[at]) at++
    const range = ranges[at]
    return range !== undefined && range.from <= seq
  }
}

/** The rewinds among events, in order. */
export function rewindsOf(events: readonly { readonly type: string; readonly seq: number }[]): readonly Rewind[] {
  return events.filter((event): event is typeof event & Rewind => event.type === "session.rewound")
}
