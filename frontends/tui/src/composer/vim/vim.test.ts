import { expect, test } from "bun:test"
import { idle, keys, shown } from "../../../test/keys.ts"
import { emptyComposer } from "../state.ts"
import { vimOf } from "./state.ts"

/** Text to begin with, `|` where the caret is; keys of normal mode; what stands there then. */
const cases: Readonly<Record<string, readonly (readonly [from: string, typed: string, to: string])[]>> = {
  "h, l, 0, ^ and $ move within the line": [
    ["ab|c", "h", "a|bc"],
    ["|abc", "2l", "ab|c"],
    ["|abc", "9l", "ab|c"],
    ["  ab|c", "0", "|  abc"],
    ["  ab|c", "^", "  |abc"],
    ["|abc", "$", "ab|c"],
  ],
  "w, b, e and their big ones know words, signs and blanks": [
    ["|one two.three", "w", "one |two.three"],
    ["one |two.three", "w", "one two|.three"],
    ["one |two.three x", "W", "one two.three |x"],
    ["|one two", "2w", "one tw|o"],
    ["one two.th|ree", "b", "one two.|three"],
    ["one two.th|ree", "B", "one |two.three"],
    ["|one two", "e", "on|e two"],
    ["on|e two.x y", "E", "one two.|x y"],
    ["one t|wo", "ge", "on|e two"],
    ["|one\n\ntwo", "w", "one\n|\ntwo"],
    ["one\n\n|two", "b", "one\n|\ntwo"],
    ["|漢字 café", "w", "漢字 |café"],
  ],
  "gg, G and counts choose lines, { and } paragraphs": [
    ["a\nb\n|c", "gg", "|a\nb\nc"],
    ["|a\nb\nc", "G", "a\nb\n|c"],
    ["|a\nb\nc", "2G", "a\n|b\nc"],
    ["|a\nb\n\nc", "}", "a\nb\n|\nc"],
    ["a\nb\n\n|c", "{", "a\nb\n|\nc"],
  ],
  "f, t, F and T find in the line; ; and , go on": [
    ["|a.b.c", "f.", "a|.b.c"],
    ["|a.b.c", "2f.", "a.b|.c"],
    ["|ab.c", "t.", "a|b.c"],
    ["a.b.|c", "F.", "a.b|.c"],
    ["a.b.|c", "T.", "a.b.|c"],
    ["|a.b.c", "f.;", "a.b|.c"],
    ["|a.b.c", "f.;,", "a|.b.c"],
    ["|ab.cd.e", "t.;", "ab.c|d.e"],
    ["|a\n.", "f.", "|a\n."],
  ],
  "% goes to the bracket that belongs to it": [
    ["|f(a[1])", "%", "f(a[1]|)"],
    ["f(a[1]|)", "%", "f|(a[1])"],
    ["f(a|[1])", "%", "f(a[1|])"],
  ],
  "d, c and y take motions and counts": [
    ["|one two three", "dw", "|two three"],
    ["|one two three", "2dw", "|three"],
    ["|one two three", "d2w", "|three"],
    ["one |two", "dw", "one| "],
    ["one |two\nthree", "dw", "one| \nthree"],
    ["one two|", "db", "one |o"],
    ["one |two three", "d$", "one| "],
    ["one |two three", "D", "one| "],
    ["one |two three", "d0", "|two three"],
    ["|a.b.c", "df.", "|b.c"],
    ["|a.b.c", "dt.", "|.b.c"],
    ["|one two", "cwX<escape>", "|X two"],
    ["|one two", "ceX<escape>", "|X two"],
    ["on|e two", "cwX<escape>", "on|X two"],
    ["one |two", "CX<escape>", "one |X"],
    ["|one two", "ywP", "one| one two"],
  ],
  "dd, cc, yy, >> and << take lines": [
    ["a\n|b\nc", "dd", "a\n|c"],
    ["a\nb\n|c", "dd", "a\n|b"],
    ["|a", "dd", "|"],
    ["|a\nb\nc", "2dd", "|c"],
    ["|a\nb\nc", "dj", "|c"],
    ["a\nb\n|c", "dgg", "|"],
    ["a\n|b\nc", "dG", "|a"],
    ["a\n  |b\nc", "ccX<escape>", "a\n  |X\nc"],
    ["|a\nb", "yyp", "a\n|a\nb"],
    ["|a\nb", "yyP", "|a\na\nb"],
    ["|a\nb", "ddp", "b\n|a"],
    ["a\n|b\nc", ">>", "a\n  |b\nc"],
    ["|a\nb\nc", "2>>", "  |a\n  b\nc"],
    ["  |a", "<<", "|a"],
    ["|a\nb", "Yp", "a\n|a\nb"],
  ],
  "text objects are words, quotes, brackets and paragraphs": [
    ["one t|wo three", "diw", "one | three"],
    ["one t|wo three", "daw", "one |three"],
    ["one t|wo", "daw", "on|e"],
    ["a.b|c d", "diW", "| d"],
    ['say |"a b" now', 'ci"X<escape>', 'say "|X" now'],
    ['|say "a b" now', 'di"', 'say "|" now'],
    ['say "a| b" now', 'da"', "say | now"],
    ["f(a, g(|b))", "di(", "f(a, g(|))"],
    ["f(a, g(|b))", "2di(", "f(|)"],
    ["f(a|, b)", "da)", "|f"],
    ["f|(a)", "di(", "f(|)"],
    ["f(a|)", "di(", "f(|)"],
    ["{ a|b }", "diB", "{|}"],
    ["[a|b]", "di]", "[|]"],
    ["a\n|b\n\nc", "dip", "|\nc"],
    ["a\n|b\n\nc", "dap", "|c"],
  ],
  "x, X, r, ~, J, o, O, I, A, s and S edit": [
    ["a|bc", "x", "a|c"],
    ["|abc", "2x", "|c"],
    ["ab|c", "X", "a|c"],
    ["|abc", "rX", "|Xbc"],
    ["|abc", "2rX", "X|Xc"],
    ["|abc", "9rX", "|abc"],
    ["|aBc", "~~", "Ab|c"],
    ["|a\n  b\nc", "J", "a| b\nc"],
    ["|a\nb\nc", "3J", "a b| c"],
    ["|a\nb", "oX<escape>", "a\n|X\nb"],
    ["a\n|b", "OX<escape>", "a\n|X\nb"],
    ["  a|b", "IX<escape>", "  |Xab"],
    ["|ab", "AX<escape>", "ab|X"],
    ["|ab", "aX<escape>", "a|Xb"],
    ["|ab", "sX<escape>", "|Xb"],
    ["a|b\nc", "SX<escape>", "|X\nc"],
    ["a|e\u0301x", "x", "a|x"],
  ],
  "u takes back a command with all that was typed in it, Ctrl+R brings it back": [
    ["|one two", "cwa new one<escape>u", "|one two"],
    ["|one two", "cwX<escape>u<ctrl+r>", "X| two"],
    ["|abc", "xxxu", "|c"],
    ["|abc", "xxx2u", "|bc"],
  ],
  ". does the last change again": [
    ["|one two three", "dw.", "|three"],
    ["|one one", "cwX<escape>w.", "X |X"],
    ["|a\nb", "A;<escape>j.", "a;\nb|;"],
    ["|abcd", "x..", "|d"],
    ["|one one", "cwX<escape>w.u", "X |one"],
  ],
  "visual mode selects with the character at the caret, and by lines": [
    ["|abcd", "vld", "|cd"],
    ["|one two", "vey$p", "one twoon|e"],
    ["|one two", "vecX<escape>", "|X two"],
    ["one t|wo x", "viwd", "one | x"],
    ["|ab\ncd\nef", "Vjd", "|ef"],
    ["|ab\ncd", "V>", "  |ab\ncd"],
    ["|aBc", "vl~", "|Abc"],
    ["|abc", "vlU", "|ABc"],
    ["|a\nb", "VjJ", "a| b"],
    ["|abcd", "vlohx", "|cd"],
    ["|abcd", "vl<escape>x", "a|cd"],
    ["|one two", "yiwwviwp", "one on|e"],
  ],
}

for (const [name, rows] of Object.entries(cases)) {
  test(name, () => {
    expect(rows.map(([from, typed]) => [from, typed, normal(from, typed)])).toEqual(rows.map((row) => [...row]))
  })
}

test("k on the first row brings the line before, j the one after", () => {
  const context = { ...idle, prompts: ["before"] }
  const start = at("|now")
  expect(shown(keys("k", context, start).state)).toBe("befor|e")
  expect(keys("kj", context, start).state.text).toBe("now")
})

test("Esc leaves insert mode, then a command that is not whole, and only then reaches the turn", () => {
  const inserting = keys("abc", idle, emptyComposer("vim")).state
  const [first, second, third] = ["<escape>", "<escape>2d<escape>", "<escape>2d<escape><escape>"].map((script) =>
    keys(script, idle, inserting),
  )
  expect([first?.action, second?.action, third?.action]).toEqual([undefined, undefined, "cancel"])
  expect(shown(first?.state ?? inserting)).toBe("ab|c")
  expect(vimOf(second?.state ?? inserting)?.pending).toEqual([])
})

test("Enter sends from normal mode, and the next line begins in insert mode", () => {
  const { state, intents } = keys("hello<escape><enter>next", idle, emptyComposer("vim"))
  expect(intents).toBeUndefined()
  expect(shown(state)).toBe("next|")
})

test("on an empty line /, ! and ? in normal mode are what they are in insert mode", () => {
  const normalMode = keys("<escape>", idle, emptyComposer("vim")).state
  expect(keys("/", idle, normalMode).state.text).toBe("/")
  expect(keys("!ls", idle, normalMode).state.text).toBe("!ls")
  expect(keys("?", idle, normalMode).action).toBe("help")
})

test("what was deleted is in the kill ring too", () => {
  expect(shown(keys("dwi<ctrl+y>", idle, at("|one two")).state)).toBe("one |two")
})

function at(marked: string) {
  const caret = marked.indexOf("|")
  const text = marked.replace("|", "")
  const typed = { ...emptyComposer("vim"), text, caret }
  // Esc goes one to the left unless the line begins there; so it is left from one further on.
  const isLineStart = caret === 0 || text[caret - 1] === "\n"
  return keys("<escape>", idle, isLineStart ? typed : { ...typed, caret: caret + (caret < text.length ? 1 : 0) }).state
}

function normal(from: string, typed: string): string {
  return shown(keys(typed, idle, at(from)).state)
}
