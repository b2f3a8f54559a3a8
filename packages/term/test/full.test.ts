import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { type Frame, fullSurface, modeChange, modeSequences, type Size } from "../src/index.ts"

function open(size: Size) {
  const terminal = virtualTerminal(size)
  const surface = fullSurface({ size, write: (bytes) => void terminal.write(bytes) })
  const draw = async (frame: Frame) => {
    surface.draw(frame)
    await terminal.settled()
  }
  return { terminal, surface, draw }
}

const frame = (...texts: string[]): Frame => ({ lines: texts.map((text) => [{ text }]), caret: { row: 0, column: 1 } })

test("a whole screen is drawn beside the shell's, which is as it was afterwards", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 4 })
  const [inline, full] = [false, true].map((isFullScreen) => modeSequences({ keyboard: "protocol", isFullScreen }))
  if (inline === undefined || full === undefined) throw new Error("There are two screens")
  await terminal.write(`$ skein\r\n${modeChange(inline, full)}`)
  await draw(frame("one", "two"))
  expect([terminal.isAlternate, terminal.screen(), terminal.cursor]).toEqual([
    true,
    ["one", "two", "", ""],
    { row: 0, column: 1, isHidden: false },
  ])
  surface.close()
  await terminal.write(modeChange(full, inline))
  expect([terminal.isAlternate, terminal.screen()]).toEqual([false, ["$ skein", "", "", ""]])
})

test("a frame writes what it changes, and one that changes nothing writes nothing", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 4 })
  await draw(frame("one", "two"))
  await draw(frame("one", "tWo"))
  expect(terminal.writes.at(-1)?.replaceAll("\u001b", "^")).toBe(
    "^[?2026h^[?25l^[B^[?7lW^[?7h^[H^[C^[?25h^[?2026l".replace("^[H^[C", "^[A\b"),
  )
  await draw(frame("one", "tWo"))
  const { frames, fullFrames, emptyFrames } = surface.metrics
  expect({ frames, fullFrames, emptyFrames, writes: terminal.writes.length }).toEqual({
    frames: 3,
    fullFrames: 1,
    emptyFrames: 1,
    writes: 2,
  })
})

test("after a resize the screen is as drawn anew", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 4 })
  await draw(frame("a long line of text", "two", "three", "four"))
  await terminal.resize(10, 3)
  surface.resize({ columns: 10, rows: 3 })
  await draw(frame("a long line of text", "two"))
  expect(terminal.screen()).toEqual(["a long lin", "two", ""])
  await terminal.resize(30, 6)
  surface.resize({ columns: 30, rows: 6 })
  await draw(frame("a long line of text", "two", "three"))
  expect(terminal.screen()).toEqual(["a long line of text", "two", "three", "", "", ""])
})

test("after someone else has written, the same frame is written whole", async () => {
  const { terminal, surface, draw } = open({ columns: 20, rows: 4 })
  await draw(frame("one", "two"))
  await terminal.write("\u001b[Hgarbage\u001b[4;1Hmore")
  surface.resize({ columns: 20, rows: 4 })
  await draw(frame("one", "two"))
  expect(terminal.screen()).toEqual(["one", "two", "", ""])
})

test.each(["लक्ष्म्य!", "ক্ষ্মতা!", "ស្ត្រី!", "က္ကြ!", "ᄒᄒᄒ!"])(
  "no letter of %s is written over by the next",
  async (text) => {
    const { terminal, draw } = open({ columns: 20, rows: 2 })
    await draw(frame(text))
    await draw(frame(`${text}?`))
    expect(terminal.screen()).toEqual([`${text}?`, ""])
  },
)
