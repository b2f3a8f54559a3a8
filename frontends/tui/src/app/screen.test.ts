import { expect, jest, test } from "bun:test"
import type { Line, Surface } from "@skein/term"
import { Screen } from "./screen.ts"

/** A screen over a surface that only notes what is asked of it. */
function noted() {
  const notes: string[] = []
  const terminal = { isCongested: false, isMoving: false }
  const lines: Line[] = []
  const inline: Surface = {
    metrics: { frames: 0, fullFrames: 0, bytes: 0, emptyFrames: 0, cells: 0 },
    finish: (finished) => notes.push(`finish ${finished.length}`),
    draw: (frame) => notes.push(`draw ${frame.lines.length}`),
    resize: ({ columns, rows }) => notes.push(`resize ${columns}x${rows}`),
    say: () => {},
    close: () => notes.push("close"),
  }
  const screen = new Screen({
    inline,
    whole: () => inline,
    draw: () => ({ extent: "inline", finished: lines.splice(0), frame: { lines: [[], []] } }),
    isMoving: () => terminal.isMoving,
    isResized: () => false,
    isCongested: () => terminal.isCongested,
    onDrawn: () => {},
    onSwitch: () => {},
  })
  const since = () => notes.splice(0)
  /** Waits for the next note. */
  const noted = async () => {
    while (notes.length === 0) await Bun.sleep(1)
    return since()
  }
  return { screen, lines, since, noted, terminal }
}

test("while the terminal is somebody else's nothing is drawn, and its size is noted", () => {
  const { screen, lines, since } = noted()
  screen.now()
  screen.rest()
  expect(since()).toEqual(["draw 2", "draw 0", "close"])
  lines.push([])
  screen.now()
  screen.resize({ columns: 60, rows: 10 })
  screen.rest()
  expect(since()).toEqual(["resize 60x10"])
  screen.back({ columns: 70, rows: 12 })
  expect(since()).toEqual(["resize 70x12", "finish 1", "draw 2"])
})

test("closed while it is away, it leaves the terminal as it is", () => {
  const { screen, since } = noted()
  screen.rest()
  since()
  screen.close()
  screen.back({ columns: 70, rows: 12 })
  expect(since()).not.toContain("draw 2")
})

test("while the terminal is behind frames are left out, and drawn later with all that is finished", async () => {
  const { screen, lines, since, noted: next, terminal } = noted()
  terminal.isCongested = true
  for (let line = 0; line < 3; line++) {
    lines.push([])
    screen.now()
  }
  expect(since()).toEqual([])
  terminal.isCongested = false
  expect(await next()).toEqual(["finish 3", "draw 2"])
})

test("closed while the terminal is behind, it still shows what is finished", () => {
  const { screen, lines, since, terminal } = noted()
  terminal.isCongested = true
  lines.push([])
  screen.now()
  screen.close()
  expect(since()).toEqual(["finish 1", "draw 2", "draw 0", "close"])
})

test("what moves by itself moves with the frames that are drawn anyway, and alone where there are none", () => {
  jest.useFakeTimers()
  try {
    const { screen, terminal, since } = noted()
    terminal.isMoving = true
    for (let frames = 0; frames < 5; frames++) {
      screen.soon()
      jest.advanceTimersByTime(60)
    }
    expect(since()).toHaveLength(5)
    jest.advanceTimersByTime(350)
    expect(since()).toHaveLength(3)
  } finally {
    jest.useRealTimers()
  }
})
