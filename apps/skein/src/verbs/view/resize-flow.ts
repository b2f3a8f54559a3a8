import { fullSurface, type Line, type Size } from "@skein/term"
import { type Emulator, emulator } from "@skein/term/emulator"
import type { Run } from "../../verb.ts"
import { askedView } from "./asked.ts"

/** Down to what is hardly a terminal, and back. */
const SIZES: readonly Size[] = [
  { columns: 120, rows: 40 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 20, rows: 5 },
  { columns: 20, rows: 1 },
  { columns: 100, rows: 30 },
  { columns: 80, rows: 24 },
]

/** At every size the screen must be what a fresh terminal of that size would show. 1 when it is not. */
export const run: Run = async ({ flags, words, io }) => {
  const { name, linesAt } = askedView(flags, words)
  const [first = { columns: 80, rows: 24 }] = SIZES
  const { screen, surface } = drawn(first, linesAt)
  const steps = SIZES.map((size) => {
    const before = surface.metrics.bytes
    screen.resize(size)
    surface.resize(size)
    surface.draw({ lines: linesAt(size.columns).slice(-size.rows) })
    const lines = screen.lines()
    const isFresh = JSON.stringify(lines) === JSON.stringify(drawn(size, linesAt).screen.lines())
    return { ...size, isFresh, bytes: surface.metrics.bytes - before, lines }
  })
  const isOk = steps.every(({ isFresh }) => isFresh)
  if (flags.has("json")) io.out(JSON.stringify({ view: name, isOk, steps }, null, 2))
  else {
    for (const { columns, rows, isFresh, bytes } of steps) {
      io.out(`${isFresh ? "✓" : "✗"} ${columns}x${rows}  ${bytes} bytes`)
    }
  }
  return isOk ? 0 : 1
}

function drawn(
  size: Size,
  linesAt: (columns: number) => Line[],
): { screen: Emulator; surface: ReturnType<typeof fullSurface> } {
  const screen = emulator({ size })
  const surface = fullSurface({ size, write: (bytes) => void screen.write(Buffer.from(bytes)) })
  surface.draw({ lines: linesAt(size.columns).slice(-size.rows) })
  return { screen, surface }
}
