import { expect, test } from "bun:test"
import type { Panel } from "../../src/panels/panel.ts"
import { type YesOptions, yesPanel } from "../../src/panels/yes.ts"
import { key, press, text } from "./sat.ts"

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

test("words that are being typed answer nothing, however long they are", () => {
  const at = asked()
  for (const letter of "try why you may not say any day") at.read(150).key(key(letter), 12)
  expect(at.answers).toEqual([])
  press(at.read(400), ["y"])
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
