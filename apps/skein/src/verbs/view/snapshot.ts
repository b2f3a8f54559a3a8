import { fullSurface } from "@skein/term"
import { emulator } from "@skein/term/emulator"
import type { Run } from "../../verb.ts"
import { askedView } from "./asked.ts"

/** Painted by the surface and read from a terminal's cells: what stands there, not what was meant. The newest rows are kept. */
export const run: Run = async ({ flags, words, io }) => {
  const { name, size, linesAt } = askedView(flags, words)
  const screen = emulator({ size })
  const surface = fullSurface({ size, write: (bytes) => void screen.write(Buffer.from(bytes)) })
  surface.draw({ lines: linesAt(size.columns, size.rows).slice(-size.rows) })
  if (flags.has("json")) {
    const { frames, bytes } = surface.metrics
    io.out(JSON.stringify({ view: name, ...size, lines: screen.lines(), metrics: { frames, bytes } }, null, 2))
  } else for (const line of screen.lines()) io.out(line)
  return 0
}
