import { expect, test } from "bun:test"
import { busy, idle, keys, shown } from "../../test/keys.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import { emptyComposer } from "./state.ts"

test("Enter sends what was typed, word for word, and leaves the composer empty", () => {
  const { state, intents } = keys("hi there <enter>")

  expect(intents).toEqual([{ type: "submit", input: [{ type: "text", text: "hi there" }], delivery: "steer" }])
  expect(shown(state)).toBe("|")
})

test("Enter on nothing, or on blanks, sends nothing", () => {
  expect(keys("<enter>")).toEqual({ state: emptyComposer(), action: "submit" })
  expect(keys("  <enter>").intents).toBeUndefined()
})

test("Alt+Enter queues while a turn runs and is a new line when idle", () => {
  expect(keys("later<alt+enter>", busy).intents).toEqual([
    { type: "submit", input: [{ type: "text", text: "later" }], delivery: "queue" },
  ])
  expect(shown(keys("one<alt+enter>two").state)).toBe("one\ntwo|")
})

test("Shift+Enter, Ctrl+J and a backslash before Enter are new lines", () => {
  expect(shown(keys("a<shift+enter>b<ctrl+j>c\\<enter>d").state)).toBe("a\nb\nc\nd|")
  expect(shown(keys("ab\\<left><left><right><right><enter>c").state)).toBe("ab\nc|")
})

test("Ctrl+C clears the line first and only on an empty one reaches the turn", () => {
  const cleared = keys("half a thought<ctrl+c>", busy)
  expect([shown(cleared.state), cleared.action]).toEqual(["|", undefined])
  expect(keys("<ctrl+c>", busy).action).toBe("interrupt")
  expect(shown(keys("half a thought<ctrl+c><ctrl+_>").state)).toBe("half a thought|")
})

test("Tab on an empty line, Shift+Tab and Esc are the app's", () => {
  expect(keys("<tab>").action).toBe("complete")
  expect(keys("x<shift+tab>").action).toBe("mode.next")
  expect(keys("x<escape>", busy).action).toBe("cancel")
})

test("Ctrl+A, N, T, B, P, E and D are actions on an empty composer and edit as soon as something is typed", () => {
  const on = (chord: string) => keys(`<${chord}>`).action
  expect(["ctrl+a", "ctrl+n", "ctrl+t", "ctrl+b", "ctrl+p", "ctrl+e", "ctrl+d"].map(on)).toEqual([
    "connect",
    "session.new",
    "theme",
    "sidebar",
    "palette",
    "expand",
    "quit",
  ])
  expect(shown(keys("ab cd<ctrl+a>").state)).toBe("|ab cd")
  expect(shown(keys("ab<ctrl+t>").state)).toBe("ba|")
  expect(shown(keys("ab<ctrl+b>").state)).toBe("a|b")
  expect(shown(keys("ab<ctrl+a><ctrl+d>").state)).toBe("|b")
  expect(
    ["a<ctrl+a>", "a<ctrl+n>", "a<ctrl+t>", "a<ctrl+b>", "a<ctrl+p>", "a<ctrl+d>"].map((text) => keys(text).action),
  ).toEqual(Array.from({ length: 6 }, () => undefined))
})

test("a chord that a person bound themselves acts while something is typed, a character never does", () => {
  const keymap = new Map(defaultKeymap()).set("ctrl+k", "palette").set("p", "palette")
  expect(keys("abc<ctrl+k>", { ...idle, keymap }).action).toBe("palette")
  expect(shown(keys("ap", { ...idle, keymap }).state)).toBe("ap|")
})

test("? opens the help on an empty composer and is a question mark in a text", () => {
  expect(keys("?").action).toBe("help")
  expect(shown(keys("why?").state)).toBe("why?|")
})

test("! is a line for the shell, !! one that the model does not see", () => {
  expect(keys("! ls -l<enter>").intents).toEqual([{ type: "shell", command: "ls -l", isPrivate: false }])
  expect(keys("!!env<enter>").intents).toEqual([{ type: "shell", command: "env", isPrivate: true }])
  expect(keys("!<enter>").intents).toBeUndefined()
})

test("Enter runs a command that may go without words, and waits for those that one needs", () => {
  const command = { aliases: [], summary: "", whileBusy: false }
  const commands = [
    { ...command, name: "undo", usage: "[turns]" },
    { ...command, name: "rename", usage: "<title>" },
  ]
  expect(keys("/undo<enter>", { ...idle, commands }).intents).toEqual([{ type: "command", line: "/undo" }])
  expect(keys("/und<enter>", { ...idle, commands }).intents).toBeUndefined()
  expect(shown(keys("/rename<enter>", { ...idle, commands }).state)).toBe("/rename |")
})

test("a command goes to the engine, one that there is not is told and kept, a path is said to the model", () => {
  const commands = [{ name: "compact", aliases: ["summarise"], summary: "", usage: "", whileBusy: false }]
  const context = { ...idle, commands }
  expect(keys("/compact the tests<enter>", context).intents).toEqual([{ type: "command", line: "/compact the tests" }])
  expect(keys("/summarise <enter>", context).intents).toEqual([{ type: "command", line: "/summarise" }])
  const unknown = keys("/comapct now<enter>", context)
  expect(unknown.intents).toEqual([
    {
      type: "tell",
      text: "There is no command /comapct. Did you mean /compact? To send it as it is, begin with a space.",
    },
  ])
  expect(shown(unknown.state)).toBe("/comapct now|")
  expect(keys(" /comapct now<enter>", context).intents?.[0]?.type).toBe("submit")
  expect(keys("/etc/hosts is odd<enter>", context).intents?.[0]?.type).toBe("submit")
})

test("the suggestion is taken by Right, End, Ctrl+F and Tab on an empty composer, and by no key that means something there", () => {
  const context = { ...idle, suggestion: "run the tests" }
  for (const chord of ["right", "end", "ctrl+f", "tab"])
    expect(shown(keys(`<${chord}>`, context).state)).toBe("run the tests|")
  expect(shown(keys("x<right>", context).state)).toBe("x|")
  expect(shown(keys("<right>", { ...context, isBusy: true }).state)).toBe("|")
  expect(keys("<ctrl+e>", context)).toMatchObject({ state: { text: "" }, action: "expand" })
  expect(keys("<tab>", idle)).toMatchObject({ state: { text: "" }, action: "complete" })
  const bound = new Map([...idle.keymap].filter(([chord]) => chord !== "ctrl+e")).set("end", "scroll.bottom")
  expect(shown(keys("<ctrl+e>", { ...context, keymap: bound }).state)).toBe("run the tests|")
  expect(keys("<end>", { ...context, keymap: bound }).action).toBe("scroll.bottom")
})

test("kills that follow each other are one, and Alt+Y goes through older ones", () => {
  expect(shown(keys("one two three<ctrl+w><ctrl+w><ctrl+a><ctrl+y>").state)).toBe("two three|one ")
  expect(shown(keys("aa bb<ctrl+w><left><ctrl+k><ctrl+y><alt+y>").state)).toBe("aabb|")
  expect(shown(keys("ab cd<ctrl+a><alt+d><alt+d><ctrl+y><ctrl+y>").state)).toBe("ab cdab cd|")
})

test("undo goes word by word, redo comes back, and what is typed after an undo ends the redo", () => {
  expect(shown(keys("one two<ctrl+_>").state)).toBe("one |")
  expect(shown(keys("one two<ctrl+_><ctrl+_>").state)).toBe("|")
  expect(shown(keys("one two<ctrl+_><ctrl+_><alt+_><alt+_>").state)).toBe("one two|")
  expect(shown(keys("one two<ctrl+_>x<alt+_>").state)).toBe("one x|")
  expect(shown(keys("abc<backspace><backspace><ctrl+_>").state)).toBe("abc|")
})

test("words are moved by, cut, swapped and written in other cases", () => {
  expect(shown(keys("one two.three<alt+b><alt+b>").state)).toBe("one |two.three")
  expect(shown(keys("one two<ctrl+a><alt+f>").state)).toBe("one| two")
  expect(shown(keys("x a_b<alt+b>").state)).toBe("x |a_b")
  expect(shown(keys("one two<alt+t>").state)).toBe("two one|")
  expect(shown(keys("one élan<alt+b><alt+u>").state)).toBe("one ÉLAN|")
  expect(shown(keys("one TWO<alt+b><alt+c>").state)).toBe("one Two|")
  expect(shown(keys("one two<ctrl+u>").state)).toBe("|")
})

test("shift and arrows select, typing replaces what is selected, Esc lets go of it", () => {
  expect(shown(keys("abcd<shift+left><shift+left>x").state)).toBe("abx|")
  expect(shown(keys("abcd<ctrl+shift+left><backspace>").state)).toBe("|")
  const selected = keys("ab<shift+left><escape>")
  expect([selected.state.anchor, selected.action]).toEqual([undefined, undefined])
})

test("Alt+W copies what is selected, else the last answer", () => {
  const { state, intents } = keys("one two<ctrl+shift+left><alt+w><ctrl+y>")
  expect([shown(state), intents]).toEqual(["one two|two", undefined])
  expect(keys("one two<ctrl+shift+left><alt+w>").intents).toEqual([{ type: "copy", text: "two", what: "selection" }])
  expect(keys("one<alt+w>").action).toBe("copy.answer")
})

test("up and down keep their cell through short rows and wide characters", () => {
  expect(shown(keys("abcdef<ctrl+j>x<ctrl+j>漢字漢<up><up>").state)).toBe("abcdef|\nx\n漢字漢")
  expect(shown(keys("abcde<ctrl+j>漢字漢<up><left><down>").state)).toBe("abcde\n漢字|漢")
  expect(shown(keys("abcdefgh<up>", { ...idle, columns: 8 }).state)).toBe("abc|defgh")
  expect(shown(keys("abcde<ctrl+j>fghijkl<ctrl+home><end><down>", { ...idle, columns: 8 }).state)).toBe(
    "abcde\nfghi|jkl",
  )
})

test("up from the first row brings the line before, down brings back what was being typed", () => {
  const context = { ...idle, prompts: ["newest", "older"] }
  expect(shown(keys("half<up>", context).state)).toBe("newest|")
  expect(shown(keys("half<up><up>", context).state)).toBe("older|")
  expect(shown(keys("half<left><up><up><down><down>", context).state)).toBe("hal|f")
  expect(shown(keys("said<enter><up>", context).state)).toBe("said|")
  expect(shown(keys("ol<alt+p>", context).state)).toBe("older|")
})
