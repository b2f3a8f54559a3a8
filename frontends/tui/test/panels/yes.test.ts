import { expect, test } from "bun:test"
import type { Panel } from "../../src/panels/panel.ts"
import { type YesOptions, yesPanel } from "../../src/panels/yes.ts"
import { fitsEverywhere, press, text } from "./sat.ts"

const QUESTION = { title: "Trust this folder?", lines: ["It can run a hook."], question: "Trust it?" }

/** What was answered, on a clock of its own. */
function asked() {
  let at = 0
  const answers: Parameters<YesOptions["answered"]>[0][] = []
  const panel = yesPanel({ ...QUESTION, now: () => at, answered: (isYes) => answers.push(isYes) })
  return {
    panel,
    answers,
    pass: (ms: number) => {
      at += ms
    },
    /** Drawn, and there for that long. */
    read(ms: number): Panel {
      text(panel)
      at += ms
      return panel
    },
  }
}

test("a question is answered by y and n once it could be read", () => {
  const yes = asked()
  expect(press(yes.read(400), ["y"]).isLeft).toBe(true)
  expect(yes.answers).toEqual([true])
  const no = asked()
  press(no.read(400), ["n"])
  expect(no.answers).toEqual([false])
})

test("a key that answers nothing begins the reading of what comes after it, and not of what it was pressed at", () => {
  const { read, answers, pass } = asked()
  const before = read(400)
  const { panel } = press(before, ["x"])
  press(panel, ["y"])
  text(panel)
  pass(100)
  press(panel, ["y"])
  expect(answers).toEqual([])
  press(before, ["n"])
  expect(answers).toEqual([false])
})

test.each([
  [80, 11],
  [40, 11],
])(
  "a question that is too long for %i columns is scrolled by keys that it names, and asked all the time",
  (columns, rows) => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `  restore src/some/long/way/down/to/the/folder/of/part-${at}/module.ts`,
    )
    let at = 0
    const answers: Parameters<YesOptions["answered"]>[0][] = []
    const options = { ...QUESTION, lines, now: () => at, answered: (isYes: boolean | undefined) => answers.push(isYes) }
    let panel = yesPanel(options)
    expect(text(panel, columns, rows)).toContain("more below: down, page-down")
    let seen = ""
    for (let page = 0; page < 60; page++) {
      seen += text(panel, columns, rows).replaceAll(/\s/g, "")
      panel = press(panel, ["page-down"], rows).panel
    }
    for (let part = 0; part < 30; part++) expect(seen).toContain(`part-${part}/module.ts`)
    expect(text(panel, columns, rows)).toContain("more above: up, page-up")
    expect(text(panel, columns, rows)).toEndWith("Trust it?  y yes   n no")
    at += 400
    press(panel, ["up", "y"], rows)
    expect(answers).toEqual([true])
    fitsEverywhere(yesPanel(options), ["page-down", "x", "down"])
  },
)

test("words that are being typed answer nothing, however long they are", () => {
  const at = asked()
  let { panel } = at
  for (const letter of "try why you may not say any day") {
    text(panel)
    at.pass(150)
    panel = press(panel, [letter]).panel
  }
  expect(at.answers).toEqual([])
  text(panel)
  at.pass(400)
  press(panel, ["y"])
  expect(at.answers).toEqual([true])
})

test("a question that was not drawn yet is not answered, whatever the time", () => {
  const at = asked()
  at.pass(60_000)
  press(at.panel, ["y", "y"])
  expect(at.answers).toEqual([])
  expect(press(at.panel, ["escape"]).isLeft).toBe(true)
  expect(at.answers).toEqual([undefined])
})
