/** Whether a line, from 1, is among those that changed: what stands at the beginning and at the end of both did not. */
export function changedLines(before: string | null, now: string): (line: number) => boolean {
  const old = (before ?? "").split("\n")
  const lines = now.split("\n")
  if (before === null) return () => true
  let from = 0
  while (from < old.length && from < lines.length && old[from] === lines[from]) from++
  let behind = 0
  const most = Math.min(old.length, lines.length) - from
  while (behind < most && old[old.length - 1 - behind] === lines[lines.length - 1 - behind]) behind++
  return (line) => line > from && line <= lines.length - behind
}
