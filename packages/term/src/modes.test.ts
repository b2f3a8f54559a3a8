import { expect, test } from "bun:test"
import { modeSequences } from "./modes.ts"

test("the mouse stays with the terminal unless it is asked for", () => {
  for (const keyboard of ["protocol", "other-keys", "plain"] as const) {
    const { on, off } = modeSequences({ keyboard })
    expect(`${on}${off}`).not.toMatch(/\?(9|10(00|02|03|05|06|15|16))[;hl]/)
  }
  expect(modeSequences({ keyboard: "plain", hasMouse: true }).on).toContain("\u001b[?1002;1006h")
})

test("what is turned on is turned off, in the other order", () => {
  expect(modeSequences({ keyboard: "protocol", hasMouse: true })).toEqual({
    on: "\u001b[?2004h\u001b[?1004h\u001b[>5u\u001b[?1002;1006h",
    off: "\u001b[?1002;1006l\u001b[<u\u001b[?1004l\u001b[?2004l",
    last: "\u001b[?2026l\u001b[?7h\u001b[0m\u001b[?25h",
  })
})

test("a process that dies on the full screen leaves it, with the keyboard of both screens as it was", () => {
  expect(modeSequences({ keyboard: "protocol", isFullScreen: true }).last).toBe(
    "\u001b[?2026l\u001b[?7h\u001b[?1049l\u001b[<u\u001b[0m\u001b[?25h",
  )
})
