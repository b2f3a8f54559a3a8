import { expect, test } from "bun:test"
import { WRITE } from "../../src/fixtures/asked.ts"
import { approvalPanel } from "../../src/panels/approval/panel.ts"
import { press, text, type } from "./sat.ts"

/** A question about a diff of so many hunks, that was there long enough to be read. */
function asked(hunksCount: number | undefined, actions: typeof WRITE.actions = WRITE.actions) {
  let at = 0
  const event = { ...WRITE, actions, ...(hunksCount === undefined ? {} : { hunksCount }) }
  const panel = approvalPanel({ pending: [{ event, name: "confirm_edit", title: "edit a.ts" }], now: () => at })
  if (panel === undefined) throw new Error("nothing is asked")
  text(panel)
  at = 1_000
  return panel
}

const { approvalId } = WRITE
const said = (hunksCount: number | undefined, ...keys: readonly string[]) =>
  press(asked(hunksCount), keys).intents.filter(({ type }) => type === "answer")

test("where the diff has several hunks, some of them can be wanted", () => {
  expect(text(asked(3), 80, 20)).toContain("h  only some hunks")
  expect(said(3, "h", ...type("1, 3"), "enter")).toEqual([
    { type: "answer", approvalId, answer: "allow_once", hunks: [1, 3] },
  ])
  expect(said(3, "h", ...type("2-3"), "enter")).toEqual([
    { type: "answer", approvalId, answer: "allow_once", hunks: [2, 3] },
  ])
})

test("where hunks are chosen by number, each shows its own, over all files, in short and in whole", () => {
  const hunk = (line: number) => `@@ -${line} +${line} @@\n-old ${line}\n+new ${line}\n`
  const diff = (path: string, ...lines: number[]) => `--- a/${path}\n+++ b/${path}\n${lines.map(hunk).join("")}`
  const actions = [
    { verb: "write" as const, target: "/w/a.ts", diff: diff("a.ts", 3, 20) },
    { verb: "write" as const, target: "/w/b.ts", diff: diff("b.ts", 7) },
  ]
  const shown = (hunksCount: number, ...keys: readonly string[]) =>
    text(press(asked(hunksCount, actions), keys).panel, 80, 40)
      .match(/hunk \d|new \d+/g)
      ?.join(", ")
  const numbered = ["hunk 1", "new 3", "hunk 2", "new 20", "hunk 3", "new 7"].join(", ")
  expect([shown(3), shown(3, "v")]).toEqual([numbered, numbered])
  expect(shown(4)).toBe("new 3, new 20, new 7")
})

test("what is no hunk answers nothing, and says what there is", () => {
  const { intents, panel, isLeft } = press(asked(3), ["h", ...type("4"), "enter"])
  expect([intents, isLeft]).toEqual([[], false])
  expect(text(panel, 80, 20)).toContain("There are 3 hunks: say 1, or 1,3 or 2-3.")
  expect(said(3, "h", "enter")).toEqual([])
  expect(said(3, "h", ...type("2"), "escape", "y")).toEqual([])
})

test("where there is one hunk or none, no key is for that", () => {
  for (const count of [undefined, 1]) {
    expect(text(asked(count), 80, 20)).not.toContain("some hunks")
    expect(said(count, "h", "enter")).toEqual([])
  }
})
