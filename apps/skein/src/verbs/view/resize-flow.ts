import type { Size } from "@skein/term"
import type { Run } from "../../verb.ts"
import { askedView } from "./asked.ts"
import { flowThrough, isClean } from "./flow.ts"

/** Around what most views need, then down to what is hardly a terminal, and back. */
const SIZES: readonly Size[] = [
  { columns: 120, rows: 60 },
  { columns: 100, rows: 70 },
  { columns: 120, rows: 40 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 20, rows: 5 },
  { columns: 20, rows: 1 },
  { columns: 100, rows: 30 },
  { columns: 80, rows: 24 },
]

/**
 * A view below finished lines, in a terminal that wraps anew: at every size all of it is there once, and nothing of an older
 * frame but what no program can take back. 1 when it is not so.
 */
export const run: Run = async ({ flags, words, io }) => {
  const { name, linesAt } = askedView(flags, words)
  const steps = flowThrough(SIZES, linesAt).map((step) => ({ ...step, isClean: isClean(step) }))
  const isOk = steps.every((step) => step.isClean)
  if (flags.has("json")) io.out(JSON.stringify({ view: name, isOk, steps }, null, 2))
  else {
    for (const { columns, rows, isClean: is, bytes, strays } of steps) {
      io.out(`${is ? "✓" : "✗"} ${columns}x${rows}  ${bytes} bytes${strays === 0 ? "" : `, ${strays} rows left above`}`)
    }
  }
  return isOk ? 0 : 1
}
