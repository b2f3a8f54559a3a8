import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { type Frame, inlineSurface, type Line, type Size } from "../src/index.ts"

const line = (text: string): Line => [{ text }]

function open(size: Size, options: { widths?: "modern" | "2016" } = {}) {
  const terminal = virtualTerminal({ ...size, ...options })
  const surface = inlineSurface({ size, write: (bytes) => void terminal.write(bytes) })
  const draw = async (frame: Frame) => {
    surface.draw(frame)
    await terminal.settled()
  }
  return { terminal, surface, draw }
}

const composer = (text: string): Frame => ({
  lines: [line(`› ${text}`), line("  status")],
  caret: { row: 0, column: 2 + Bun.stringWidth(text) },
})

test("a frame stands where the shell left the cursor, and the cursor stands at the caret", async () => {
  const { terminal, draw } = open({ columns: 20, rows: 6 })
  await terminal.write("$ skein\r\n")
  await draw(composer("hé日"))
  expect(terminal.screen()).toEqual(["$ skein", "› hé日", "  status", "", "", ""])
  expect(terminal.cursor).toEqual({ row: 1, column: 6, isHidden: false })
})

test("a key writes the cell it changed, in one synchronized write", async () => {
  const { terminal, draw, surface } = open({ columns: 20, rows: 6 })
  await draw(composer("ab"))
  await draw(composer("abc"))
  expect(terminal.writes.at(-1)).toBe("\u001b[?2026h\u001b[?25l\u001b[?7lc\u001b[?7h\u001b[?25h\u001b[?2026l")
  await draw(composer("abc"))
  expect(surface.metrics.emptyFrames).toBe(1)
  expect(terminal.writes).toHaveLength(2)
})

test("finished lines go into the scrollback once and in order, in one write", async () => {
  const { terminal, draw, surface } = open({ columns: 20, rows: 6 })
  await draw(composer("a"))
  surface.finish(Array.from({ length: 50 }, (_, at) => line(`line ${at}`)))
  await draw(composer("ab"))
  const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`)
  expect([...terminal.scrollback(), ...terminal.screen()]).toEqual([...lines, "› ab", "  status"])
  expect(terminal.writes).toHaveLength(2)
})

test("a live row that is finished as it stands is not written again", async () => {
  const { terminal, draw, surface } = open({ columns: 20, rows: 6 })
  await draw({ lines: [line("one"), line("two")] })
  surface.finish([line("one")])
  await draw({ lines: [line("two")] })
  expect(terminal.writes).toHaveLength(1)
  expect(terminal.screen().slice(0, 3)).toEqual(["one", "two", ""])
})

test("a region that shrinks leaves nothing behind", async () => {
  const { terminal, draw } = open({ columns: 20, rows: 6 })
  await draw({ lines: ["a", "b", "c", "d"].map(line) })
  await draw({ lines: ["a", "d"].map(line) })
  expect(terminal.screen()).toEqual(["a", "d", "", "", "", ""])
})

test("closing leaves the cursor on a new line below", async () => {
  const { terminal, draw, surface } = open({ columns: 20, rows: 6 })
  await draw({ lines: [line("a"), line("b")] })
  expect(terminal.cursor.isHidden).toBe(true)
  surface.close()
  await terminal.settled()
  expect(terminal.cursor).toEqual({ row: 2, column: 0, isHidden: false })
})
