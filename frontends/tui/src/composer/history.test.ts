import { expect, test } from "bun:test"
import { idle, keys, shown } from "../../test/keys.ts"
import { inputParts } from "./chips.ts"
import { paste } from "./paste.ts"
import { emptyComposer } from "./state.ts"

const context = { ...idle, prompts: ["fix the test", "run the tests", "add a file", "run the build"] }

test("what was sent from here comes before what is known from elsewhere", () => {
  expect(shown(keys("mine<enter><up>", context).state)).toBe("mine|")
  expect(shown(keys("mine<enter><up><up>", context).state)).toBe("fix the test|")
})

test("what was sent from here is shown once, although the engine knows it too", () => {
  const known = { ...context, prompts: ["two", "one", "zero"] }
  expect(shown(keys("one<enter>two<enter><up><up><up>", known).state)).toBe("zero|")
  expect(shown(keys("one<enter>two<enter><ctrl+r>o<ctrl+r><ctrl+r>", known).state)).toBe("zero|")
})

test("past the oldest line nothing happens, and every step back down ends at the draft", () => {
  expect(shown(keys("half<up><up><up><up><up><up>", context).state)).toBe("run the build|")
  expect(shown(keys("half<up><up><up><down><down><down><down>", context).state)).toBe("half|")
})

test("a line that was changed is a draft of its own", () => {
  expect(shown(keys("<up>X<up><down>", context).state)).toBe("fix the testX|")
})

test("up and down move within a draft of several rows before they leave it", () => {
  expect(shown(keys("a<ctrl+j>b<up>", context).state)).toBe("a|\nb")
  expect(shown(keys("a<ctrl+j>b<up><up>", context).state)).toBe("fix the test|")
})

test("Alt+P goes through the lines that begin as what was typed", () => {
  expect(shown(keys("run<alt+p>", context).state)).toBe("run the tests|")
  expect(shown(keys("run<alt+p><alt+p>", context).state)).toBe("run the build|")
  expect(shown(keys("run<alt+p><alt+p><alt+n><alt+n>", context).state)).toBe("run|")
})

test("a line comes back with its chips, beside those of the draft", () => {
  const pasted = paste(emptyComposer(), "1\n2\n3\n4")
  const sent = keys("<enter>", context, pasted).state
  const other = keys("<up>", context, paste(sent, "5\n6\n7\n8")).state
  expect(inputParts(other.text, other.chips)).toEqual([{ type: "text", text: "1\n2\n3\n4" }])
  const draft = keys("<down>", context, other).state
  expect(inputParts(draft.text, draft.chips)).toEqual([{ type: "text", text: "5\n6\n7\n8" }])
})

test("Ctrl+R finds the newest line with what is typed, again the one before; Enter takes it without sending", () => {
  expect(shown(keys("<ctrl+r>run", context).state)).toBe("run the tests|")
  expect(shown(keys("<ctrl+r>run<ctrl+r>", context).state)).toBe("run the build|")
  expect(shown(keys("<ctrl+r>run<ctrl+r><ctrl+s>", context).state)).toBe("run the tests|")
  const taken = keys("<ctrl+r>RUN<enter>", context)
  expect([shown(taken.state), taken.intents, taken.state.search]).toEqual(["run the tests|", undefined, undefined])
  expect(shown(keys("<ctrl+r>run<left>", context).state)).toBe("run the test|s")
})

test("a search that is left, or finds nothing, leaves the draft as it was", () => {
  expect(shown(keys("half<left><ctrl+r>run<escape>", context).state)).toBe("hal|f")
  expect(shown(keys("half<ctrl+r>zzz<ctrl+c>", context).state)).toBe("half|")
  expect(shown(keys("half<ctrl+r>ru<backspace><backspace>", context).state)).toBe("half|")
})
