export interface FrameFacts {
  /** Cells were written or erased; else only the cursor moved. */
  readonly isPainted: boolean
  readonly isCursorHidden: boolean
  readonly showsCursor: boolean
  readonly isSynchronized: boolean
}

/** The bytes of one frame: painted with the cursor hidden, shown at once by a terminal that can. Empty if nothing is to change. */
export function framed(body: string, { isPainted, isCursorHidden, showsCursor, isSynchronized }: FrameFacts): string {
  const hides = !isCursorHidden && (isPainted || !showsCursor)
  const shows = showsCursor && (isCursorHidden || hides)
  const bytes = `${hides ? "\u001b[?25l" : ""}${body}${shows ? "\u001b[?25h" : ""}`
  return isPainted && isSynchronized ? `\u001b[?2026h${bytes}\u001b[?2026l` : bytes
}
