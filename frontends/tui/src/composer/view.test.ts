import { expect, test } from "bun:test"
import { idle, keys } from "../../test/keys.ts"
import { rowsOf, testLook, withStyle } from "../../test/look.ts"
import { insertImage, paste } from "./paste.ts"
import { type ComposerState, emptyComposer } from "./state.ts"
import { type ComposerViewOptions, composerView } from "./view.ts"

test("an empty composer is its prompt, with what may be said next behind the caret", () => {
  expect(drawn(emptyComposer())).toEqual(["› ", "@0,2"])
  expect(drawn(emptyComposer(), { suggestion: "run the tests" })).toEqual(["› run the tests", "@0,2"])
  expect(drawn(emptyComposer(), { suggestion: "run the tests", isBusy: true })).toEqual(["› ", "@0,2"])
  expect(drawn(emptyComposer(), { suggestion: "a much longer one" }, 12)).toEqual(["› a much l⋯", "@0,2"])
  expect(drawn(emptyComposer(), { suggestion: "a\u001b[2Jb" })).toEqual(["› a\\e[2Jb", "@0,2"])
})

test("a line that is too long goes on in the next row, at a grapheme", () => {
  expect(drawn(typed("abcdefgh"), {}, 8)).toEqual(["› abcde", "  fgh", "@1,5"])
  expect(drawn(typed("漢字漢字"), {}, 8)).toEqual(["› 漢字", "  漢字", "@1,6"])
  expect(drawn(typed("abcd👩‍👩‍👧x"), {}, 8)).toEqual(["› abcd", "  👩‍👩‍👧x", "@1,5"])
})

test("the caret stands behind a row that is just full, within the screen", () => {
  expect(drawn(typed("abcde"), {}, 8)).toEqual(["› abcde", "@0,7"])
})

test("the caret is in its cell behind wide, combining, joined and right-to-left text", () => {
  expect(drawn(typed("漢e\u0301👩‍👩‍👧"))).toEqual(["› 漢e\u0301👩‍👩‍👧", "@0,7"])
  expect(drawn(typed("שלום"))).toEqual(["› שלום", "@0,6"])
  expect(drawn(keys("漢字<left>").state)).toEqual(["› 漢字", "@0,4"])
  expect(drawn(typed("🇩🇪🇫🇷"))).toEqual(["› 🇩🇪🇫🇷", "@0,6"])
})

test("control characters and marks without a letter are visible and take their cells", () => {
  expect(drawn(paste(emptyComposer(), "a\u001b\u0301b\tc"))).toEqual(["› a\\e◌\u0301b    c", "@0,12"])
})

test("a long text scrolls around the caret and says that there is more", () => {
  const text = Array.from({ length: 9 }, (_, line) => `line ${line}`).join("<ctrl+j>")
  expect(drawn(keys(text).state, { rowsMax: 3 })).toEqual(["⋯ line 6", "  line 7", "  line 8", "@2,8"])
  expect(drawn(keys(`${text}<up><up><up>`).state, { rowsMax: 3 })).toEqual(["⋯ line 4", "  line 5", "⋯ line 6", "@1,8"])
  expect(drawn(keys(`${text}<ctrl+home>`).state, { rowsMax: 3 })).toEqual(["› line 0", "  line 1", "⋯ line 2", "@0,2"])
})

test("what is selected is shown, its newlines too", () => {
  const { lines } = composerView(keys("ab<ctrl+j>cd<shift+up>").state, testLook(40), { rowsMax: 5 })
  expect(withStyle(lines, "selected")).toEqual([" ", "cd"])
})

test("chips are drawn as one thing", () => {
  const pasted = paste(typed("see "), "1\n2\n3\n4\n5\n")
  expect(drawn(pasted)).toEqual(["› see [5 lines pasted]", "@0,22"])
  expect(drawn(paste(emptyComposer(), "x".repeat(34_000)))).toEqual(["› [34 kB pasted]", "@0,16"])
  const image = { mediaType: "image/png", data: "", name: "shot.png", bytes: 34_111 }
  expect(drawn(insertImage(emptyComposer(), image))).toEqual(["› [image: shot.png 34 kB]", "@0,25"])
  expect(drawn(insertImage(emptyComposer(), { ...image, name: "a\u001b.png" }), {}, 16)).toEqual([
    "› [image: a\\e.…",
    "@0,15",
  ])
})

test("a search of the lines of before says what is looked for, and marks it", () => {
  const { state } = keys("<ctrl+r>tes", { ...idle, prompts: ["build", "run the tests"] })
  const { lines, caret } = composerView(state, testLook(60), { rowsMax: 5 })
  expect(rowsOf(lines)).toEqual(["› run the tests", "  search tes   enter take · ctrl+r older · esc back"])
  expect(withStyle(lines, "match")).toEqual(["tes", "tes"])
  expect(caret).toEqual({ row: 0, column: 15 })
})

test("a narrow screen is never overrun", () => {
  for (const columns of [1, 2, 3, 4, 7]) {
    const { lines, caret } = composerView(keys("漢字 ab<ctrl+r>").state, testLook(columns), { rowsMax: 4 })
    for (const row of rowsOf(lines)) expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns)
    expect(caret.column).toBeLessThan(columns)
  }
})

function typed(text: string): ComposerState {
  return keys(text).state
}

function drawn(state: ComposerState, options: Partial<ComposerViewOptions> = {}, columns = 60): readonly string[] {
  const { lines, caret } = composerView(state, testLook(columns), { rowsMax: 6, ...options })
  return [...rowsOf(lines), `@${caret.row},${caret.column}`]
}
