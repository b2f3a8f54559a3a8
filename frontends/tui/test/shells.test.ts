import { expect, test } from "bun:test"
import { say, scriptedModel, testShell } from "@skein/testkit"
import { sit } from "./sitting.ts"

const F12 = "\u001b[24~"
const ENDED = "✓ !      serve"
const LONG = Array.from({ length: 100 }, (_, at) => `Paragraph ${at}.`).join("\n\n")

/** A command of the person's own that runs until it is let end. */
function running() {
  const ended = Promise.withResolvers<string>()
  return { shellLines: testShell(() => ended.promise), end: () => ended.resolve("Stopped.") }
}

test("a command of one's own that runs keeps nothing back: what ends meanwhile is printed before it, and it where it ends", async () => {
  const { shellLines, end } = running()
  const at = await sit(scriptedModel(say(LONG), say("Yes.")), { ports: { shellLines } })
  await at.type("!serve\r")
  await at.until("!      serve")
  await at.type("tell me all\r")
  await at.until("Done")
  const before = at.terminal.text().join("\n")
  for (const said of ["› tell me all", "Paragraph 0.", "Paragraph 99."]) expect(before.split(said)).toHaveLength(2)
  expect(before.indexOf("serve")).toBeGreaterThan(before.indexOf("Done"))
  end()
  await at.until(ENDED)
  await at.type("go on\r")
  await at.until("Yes.")
  const all = at.terminal.text().join("\n")
  const places = ["Paragraph 99.", "Done", ENDED, "› go on", "Yes."].map((said) => all.indexOf(said))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(all.split(ENDED)).toHaveLength(2)
  await at.leave()
})

test("on the whole screen it is seen once, last while it runs", async () => {
  const { shellLines, end } = running()
  const at = await sit(scriptedModel(say("One."), say("Two.")), { ports: { shellLines } })
  await at.type("!serve\r")
  await at.until("!      serve")
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  await at.type("first\r")
  expect((await at.until("Done")).indexOf("serve")).toBeGreaterThan(at.screen().indexOf("One."))
  end()
  await at.until(ENDED)
  await at.type("second\r")
  const seen = await at.until("Two.")
  expect(seen.split("serve")).toHaveLength(2)
  expect(seen.indexOf(ENDED)).toBeLessThan(seen.indexOf("Two."))
  await at.leave()
})
