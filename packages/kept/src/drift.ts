/** What was kept of a thing and what it is now, as a unified diff of one hunk, around what both begin and end with. Pure. */
export function driftDiff(name: string, old: readonly string[], made: readonly string[]): string {
  let start = 0
  while (start < Math.min(old.length, made.length) && old[start] === made[start]) start++
  let end = 0
  while (end < Math.min(old.length, made.length) - start && old.at(-1 - end) === made.at(-1 - end)) end++
  const gone = old.slice(start, old.length - end)
  const come = made.slice(start, made.length - end)
  return [
    `--- ${name} as it was approved`,
    `+++ ${name} as it is now`,
    `@@ -${start + 1},${gone.length} +${start + 1},${come.length} @@`,
    ...gone.map((line) => `-${line}`),
    ...come.map((line) => `+${line}`),
  ].join("\n")
}
