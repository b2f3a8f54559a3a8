import { expect, test } from "bun:test"
import { modeChange, modeSequences } from "./modes.ts"

test("the mouse stays with the terminal unless it is asked for", () => {
  for (const keyboard of ["protocol", "other-keys", "plain"] as const) {
    const { on, off } = modeSequences({ keyboard })
    expect(`${on}${off}`).not.toMatch(/\?(9|10(00|02|03|05|06|15|16))[;hl]/)
  }
  expect(modeSequences({ keyboard: "plain", hasMouse: true }).on).toContain("\u001b[?1002;1006h")
})

test("what is turned on is turned off, in the other order", () => {
  expect(modeSequences({ keyboard: "protocol", hasMouse: true })).toEqual({
    on: "\u001b[?2004h\u001b[?1004h\u001b[?2031h\u001b[>5u\u001b[?1002;1006h",
    off: "\u001b[?1002;1006l\u001b[<u\u001b[?2031l\u001b[?1004l\u001b[?2004l",
    last: "\u001b[?2026l\u001b[?7h\u001b[0m\u001b[?25h",
  })
})

test("each screen is told of its keyboard while it is seen, and left with it as it was", () => {
  const inline = modeSequences({ keyboard: "protocol" })
  const full = modeSequences({ keyboard: "protocol", isFullScreen: true })
  const order = (bytes: string) => bytes.match(/\u001b\[(?:\?1049[hl]|>5u|<u)/g)?.map((one) => one.slice(2))
  expect(order(modeChange(inline, full))).toEqual(["<u", "?1049h", ">5u"])
  expect(order(modeChange(full, inline))).toEqual(["<u", "?1049l", ">5u"])
  expect(order(modeChange(full, full))).toEqual(["<u", ">5u"])
})
