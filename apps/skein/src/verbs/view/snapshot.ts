import { fullSurface, type Line } from "@skein/term"
import { type Cell, emulator } from "@skein/term/emulator"
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
    const looks = screen.cells().map(spansOf)
    io.out(JSON.stringify({ view: name, ...size, lines: screen.lines(), looks, metrics: { frames, bytes } }, null, 2))
  } else for (const line of screen.lines()) io.out(line)
  return 0
}

/** Cells of one look together, without the blank end. */
function spansOf(cells: readonly Cell[]): Line {
  const spans: { text: string; style: Cell["style"] }[] = []
  for (const { text, style } of cells) {
    const last = spans.at(-1)
    if (last !== undefined && JSON.stringify(last.style) === JSON.stringify(style)) last.text += text
    else spans.push({ text, style })
  }
  const end = spans.at(-1)
  return end?.text.trim() === "" && Object.keys(end.style).length === 0 ? spans.slice(0, -1) : spans
}
