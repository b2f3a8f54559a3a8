import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const CTRL_P = "\u0010"
const ESC = "\u001b[27u"

test.each([
  [80, 24],
  [40, 12],
])(
  "at %i by %i, rows that a panel took are free below when it closes, and used by what comes next",
  async (columns, rows) => {
    const TURNS = 6
    const at = await sit(scriptedModel(...Array.from({ length: 2 * TURNS }, (_, turn) => say(`Answer ${turn}.`))), {
      columns,
      rows,
    })
    const turns = async (from: number) => {
      for (let turn = from; turn < from + TURNS; turn++) {
        await at.type(`prompt ${turn}\r`)
        await at.until(`Answer ${turn}.`)
        await at.when(() => !at.screen().includes("esc stop"))
      }
    }
    await turns(0)
    const before = at.terminal.text().join("\n").trimEnd()
    for (let times = 0; times < 3; times++) {
      await at.type(CTRL_P)
      await at.until("esc back")
      await at.type(ESC)
      await at.when(() => !at.screen().includes("esc back"))
      // Not a row of what was said moved, and nothing of the panel is above or among it.
      expect(at.terminal.text().join("\n").trimEnd()).toBe(before)
    }
    await turns(TURNS)
    const text = at.terminal.text().join("\n")
    expect(text).not.toMatch(/\n\s*\n\s*\n/)
    for (let turn = 0; turn < 2 * TURNS; turn++) expect(text.split(`Answer ${turn}.`)).toHaveLength(2)
    expect(at.terminal.screen().at(-1)).toContain("scripted")
    await at.leave()
  },
)
