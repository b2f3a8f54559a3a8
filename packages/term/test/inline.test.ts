import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { type Caret, type Frame, type InlineSurface, inlineSurface, type Line, type Size } from "../src/index.ts"

const line = (text: string): Line => [{ text }]

function open(
  size: Size,
  { asksCursor = false, ...options }: { widths?: "modern" | "2016"; asksCursor?: boolean } = {},
) {
  const terminal = virtualTerminal({ ...size, ...options })
  const surface = inlineSurface({ size, asksCursor, write: (bytes) => void terminal.write(bytes) })
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

/** Where the cursor is, and the size. */
const PROBE = "\u001b[6n\u001b7\u001b[999;999H\u001b[6n\u001b8"

function answer(surface: InlineSurface, cursor: Caret, { columns, rows }: Size): void {
  surface.settled(cursor)
  surface.settled({ row: rows - 1, column: columns - 1 })
}

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

test("a live row that is finished is written once more, whole: nothing else of the frame is", async () => {
  const { terminal, draw, surface } = open({ columns: 20, rows: 6 })
  await draw({ lines: [line("one"), line("two")] })
  surface.finish([line("one")])
  await draw({ lines: [line("two")] })
  expect(terminal.writes.at(-1)).toContain("one")
  expect(terminal.writes.at(-1)).not.toContain("two")
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

test("the cursor stands at the caret after every frame, whatever was typed and however wide the terminal takes it", async () => {
  const typed = ["a", "日本", "e\u0301x", "👨‍👩‍👧 b", "🇩🇪🇫🇷", "❤️", "שלום", "👍🏽!", "1️⃣2", "नमस्ते", "a\u200bb"]
  for (const widths of ["modern", "2016"] as const) {
    const { terminal, draw } = open({ columns: 30, rows: 6 }, { widths })
    for (const text of typed) {
      const column = 2 + Bun.stringWidth(text)
      await draw({ lines: [line(`› ${text}|`), line("status")], caret: { row: 0, column } })
      const cell = terminal.cells(0)[column]?.text
      expect({ widths, text, cursor: terminal.cursor.column, cell }).toEqual({
        widths,
        text,
        cursor: column,
        cell: "|",
      })
      expect(terminal.screen()[1]).toBe("status")
    }
  }
})

test("no frame clears the screen or the scrollback, or sets a scroll region, and every one is synchronized", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 5 })
  for (let at = 0; at < 40; at++) {
    surface.finish([line(`done ${at}`)])
    await draw({
      lines: Array.from({ length: at % 7 }, (_, row) => line(`live ${row} ${at}`)),
      caret: { row: 0, column: at % 20 },
    })
    if (at % 10 === 5) surface.resize({ columns: 20, rows: 5 })
  }
  for (const bytes of terminal.writes) {
    expect(bytes).not.toMatch(/\u001b\[[23]J|\u001b\[[\d;]*r|\u001b\[\?1049/)
    expect(bytes).toMatch(/^\u001b\[\?2026h.*\u001b\[\?2026l$/s)
  }
})

test("rows above the live ones are never written again", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 8 })
  surface.finish(["one", "two", "three"].map(line))
  await draw(composer("a"))
  const before = terminal.writes.length
  for (let at = 0; at < 20; at++) await draw(composer("a".repeat(at)))
  expect(terminal.writes.slice(before).join("")).not.toMatch(/\u001b\[\d*A.*\u001b\[\d*A/)
  expect(terminal.screen().slice(0, 3)).toEqual(["one", "two", "three"])
})

test("the bytes of a frame grow with the cells that changed, not with the screen", async () => {
  const { terminal, draw } = open({ columns: 120, rows: 40 })
  const lines = (tick: string) =>
    Array.from({ length: 12 }, (_, row) => line(`${row === 6 ? tick : "·"}${"x".repeat(100)}`))
  await draw({ lines: lines("⠋") })
  await draw({ lines: lines("⠙") })
  expect(terminal.writes.at(-1)?.length).toBeLessThan(50)
})

test("a frame taller than the screen shows its bottom, or the part with the caret", async () => {
  const { terminal, draw } = open({ columns: 20, rows: 3 })
  const lines = ["a", "b", "c", "d", "e"].map(line)
  await draw({ lines, caret: { row: 4, column: 1 } })
  expect([terminal.screen(), terminal.cursor.row]).toEqual([["c", "d", "e"], 2])
  await draw({ lines, caret: { row: 1, column: 1 } })
  expect([terminal.screen(), terminal.cursor.row]).toEqual([["b", "c", "d"], 0])
})

test("a finished line that is too wide is wrapped, and a live one is cut", async () => {
  const { terminal, surface, draw } = open({ columns: 10, rows: 6 })
  surface.finish([line("the quick brown fox")])
  await draw({ lines: [line("the quick brown fox")] })
  expect(terminal.screen().slice(0, 4)).toEqual(["the quick", "brown fox", "the quick", ""])
})

test("escape sequences in a text are text", async () => {
  const { terminal, surface, draw } = open({ columns: 30, rows: 4 })
  surface.finish([line("\u001b[2J\u001b]0;evil\u0007\r\n\u009b1m")])
  await draw({ lines: [line("ok")] })
  expect(terminal.screen().slice(0, 2)).toEqual(["␛[2J␛]0;evil␇␍␊\ufffd1m", "ok"])
})

test("closing and drawing again goes on below", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 6 })
  await draw(composer("a"))
  surface.close()
  await terminal.write("shell\r\n")
  await draw(composer("b"))
  expect(terminal.screen()).toEqual(["› a", "  status", "shell", "› b", "  status", ""])
})

test("colors that become known later are painted with the next frame", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 3 })
  const red: Frame = { lines: [[{ text: "x", style: { foreground: "#ff0000" } }]] }
  await draw(red)
  expect(terminal.cells(0)[0]?.foreground).toBe("#ff0000")
  surface.adapt({ colorDepth: "256" })
  await draw(red)
  expect(terminal.cells(0)[0]?.foreground).toBe(196)
})

test("what is said is no part of a frame and leaves at once", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 3 })
  await draw(composer("a"))
  surface.say("\u0007")
  expect(terminal.writes.at(-1)).toBe("\u0007")
})

test("where the answer says that the cursor is not at its text, the frame is drawn below everything", async () => {
  const size = { columns: 20, rows: 6 }
  const terminal = virtualTerminal(size)
  const surface = inlineSurface({ size, asksCursor: true, write: (bytes) => void terminal.write(bytes) })
  surface.finish([line("history")])
  surface.draw(composer("abc"))
  answer(surface, { row: 0, column: 0 }, size)
  surface.resize({ columns: 30, rows: 6 })
  surface.draw(composer("abc"))
  await terminal.settled()
  expect(terminal.writes.at(-1)).toBe(PROBE)
  answer(surface, { row: 0, column: 17 }, { columns: 30, rows: 6 })
  await terminal.settled()
  expect([...terminal.scrollback(), ...terminal.screen()]).toEqual([
    "history",
    "› abc",
    "  status",
    "",
    "",
    "",
    "› abc",
    "  status",
  ])
})

test("an answer that never comes holds up no frame for longer than the app waits", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 6 }, { asksCursor: true })
  await draw(composer("a"))
  surface.resize({ columns: 20, rows: 6 })
  await draw(composer("ab"))
  expect(terminal.screen()[0]).toBe("› a")
  surface.settled()
  await terminal.settled()
  expect(terminal.screen().slice(0, 3)).toEqual(["› ab", "  status", ""])
})

test("a resize is asked about when the next frame comes, not while another screen is shown", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 6 }, { asksCursor: true })
  await draw(composer("a"))
  answer(surface, { row: 0, column: 0 }, { columns: 20, rows: 6 })
  surface.resize({ columns: 20, rows: 5 })
  expect([terminal.writes.length, surface.isAsking]).toEqual([1, false])
  surface.settled()
  await draw(composer("ab"))
  expect([terminal.writes.at(-1), surface.isAsking]).toEqual([PROBE, true])
  surface.resize({ columns: 20, rows: 6 })
  answer(surface, { row: 0, column: 3 }, { columns: 20, rows: 5 })
  expect(terminal.writes.at(-1)).toBe(PROBE)
  await draw(composer("abc"))
  answer(surface, { row: 0, column: 3 }, { columns: 20, rows: 6 })
  await terminal.settled()
  expect(terminal.screen().slice(0, 3)).toEqual(["› abc", "  status", ""])
})

test("a frame without a caret, its last row full, is found again where the screen has become wider", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 10 }, { asksCursor: true })
  const frame = { lines: [line("a"), line("x".repeat(20))] }
  await draw(frame)
  surface.resize({ columns: 30, rows: 10 })
  await terminal.resize(30, 10)
  await draw(frame)
  answer(surface, { row: 1, column: 20 }, { columns: 30, rows: 10 })
  await terminal.settled()
  expect(terminal.screen().filter((row) => row !== "")).toEqual(["a", "x".repeat(20)])
})
