import { describe, expect, test } from "bun:test"
import { ToolFailure } from "@skein/core/ports"
import { applyEdit, type Edit } from "./apply.ts"

// A corpus of edits as models really write them: right in substance, wrong in form. Each block is changed in three ways
// and quoted in many wrong ways; the file must come out as if it had been quoted exactly.

/** Lines that stand once in their file; `[0]` opens, `[1]` has quotes and dashes, `[2]` holds `alpha`. */
const BLOCKS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  typescript: ["  function first(a) {", '    const text = "it\'s - fine"', "    return alpha(text, a)", "  }"],
  python: ["    if ready:", '        print("it\'s - fine")', "        alpha(value)", "    done()"],
  go: ["\tif err != nil {", '\t\tlog.Print("it\'s - fine")', "\t\talpha(err)", "\t}"],
  yaml: ["  steps:", '    - name: "it\'s - fine"', "    - alpha: yes", "  end: no"],
  css: [".box {", '  content: "it\'s - fine";', "  alpha: 1px;", "}"],
  html: ["      <ul>", '        <li title="it\'s - fine">', "        <li>alpha", "      </ul>"],
  sql: ["SELECT one", "  , 'it''s - fine' AS \"a b\"", "  , alpha", "FROM two"],
  markdown: ["- list", '  - "it\'s - fine" said one', "  - alpha one", "- next"],
}

const CHANGES: Readonly<Record<string, (block: readonly string[]) => readonly string[]>> = {
  "a word is changed": (block) => block.map((line) => line.replace("alpha", "omega")),
  "a line is added": ([a = "", b = "", c = "", d = ""]) => [a, b, c, c.replace(/\S.*/, "beta"), d],
  "a line is removed": ([a = "", b = "", , d = ""]) => [a, b, d],
}

/** How the model gets the quotation wrong; done to old and new text alike. */
const SLIPS: Readonly<Record<string, (text: string) => string>> = {
  exactly: (text) => text,
  "with trailing spaces": (text) => text.replaceAll("\n", "  \n"),
  "without the common indentation": (text) => {
    const indents = text.split("\n").map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0)
    return text
      .split("\n")
      .map((line) => line.slice(Math.min(...indents)))
      .join("\n")
  },
  "indented by two more": (text) => text.replace(/^/gm, "  "),
  "indented by a tab more": (text) => text.replace(/^/gm, "\t"),
  "with tabs for spaces": (text) => text.replace(/^ +/gm, (spaces) => "\t".repeat(spaces.length / 2)),
  "with spaces for tabs": (text) => text.replace(/^\t+/gm, (tabs) => "    ".repeat(tabs.length)),
  "with CRLF": (text) => text.replaceAll("\n", "\r\n"),
  "with curly quotes": (text) => text.replaceAll("'", "\u2019").replace(/"([^"]*)"/g, "\u201c$1\u201d"),
  "with an en dash": (text) => text.replaceAll(" - ", " \u2013 "),
  "with a no-break space": (text) => text.replace(/(\S) (\S)/g, "$1\u00a0$2"),
  "with line numbers": (text) =>
    text
      .split("\n")
      .map((line, index) => `${String(index + 3).padStart(6)}\t${line}`)
      .join("\n"),
}

/** How the file differs from what the model thinks of it; the result keeps the file's own. */
const FILES: Readonly<Record<string, (text: string) => string>> = {
  "an ordinary file": (text) => text,
  "a file with CRLF": (text) => text.replaceAll("\n", "\r\n"),
  "a file with trailing spaces": (text) => text.replaceAll("\n", " \n"),
  "a file with curly quotes": (text) => text.replaceAll("'", "\u2019").replace(/"([^"]*)"/g, "\u201c$1\u201d"),
}

let count = 0
for (const [language, block] of Object.entries(BLOCKS)) {
  describe(`in ${language}`, () => {
    for (const [change, changed] of Object.entries(CHANGES)) {
      for (const [slip, quoted] of Object.entries(SLIPS))
        check(`${change}, quoted ${slip}`, changed, quoted, (text) => text)
      for (const [kind, stored] of Object.entries(FILES).slice(1))
        check(`${change} in ${kind}`, changed, (text) => text, stored)
    }
  })

  function check(
    name: string,
    changed: (block: readonly string[]) => readonly string[],
    quoted: (text: string) => string,
    stored: (text: string) => string,
  ) {
    count += 1
    test(name, async () => {
      const file = (lines: readonly string[]) => stored(["// head", "", ...lines, "", "// tail", ""].join("\n"))
      const edit = { oldText: quoted(block.join("\n")), newText: quoted(changed(block).join("\n")) }
      // Spaces that the model puts behind its own new line are its own.
      const plain = (text: string) => text.replace(/beta +/, "beta")
      expect(plain(await applied(file(block), edit))).toBe(plain(file(changed(block))))
    })
  }
}

test("the corpus has at least 200 edits that land", () => expect(count).toBeGreaterThanOrEqual(200))

describe("an edit that is not certain changes nothing and says what to do", () => {
  const code = "start()\nfoo(1)\nmiddle()\nfoo(1)\nend()\n"
  test.each([
    ["twice the same", code, "foo(1)", "2 times, at lines 2, 4"],
    ["twice but for space", "a b\nx\na b\n", "a b ", "2 times (not counting trailing space), at lines 1, 3"],
    [
      "twice but for indentation",
      "  aa\n  bb\nx\n\taa\n\tbb\n",
      "aa\nbb",
      "2 times (not counting indentation), at lines 1, 4",
    ],
    ["twice but for quotes", "say(\u201chi\u201d)\nsay(\u2018hi\u2019)\nsay(\u201chi\u201d)\n", 'say("hi")', "2 times"],
    ["at places that overlap", "}\n}\n}\n", "}\n}\n", "2 times, at lines 1, 2"],
    [
      "at overlapping lines, but for indentation",
      "  a\n  a\n  a\nb\n",
      "a\n a",
      "2 times (not counting indentation), at lines 1, 2",
    ],
    ["often in one line", "aaa\n", "a", "3 times, at line 1."],
    ["inside a line, where the end of one was asked for", "a foo bar\nend", "foo\n", "not found"],
    ["behind another number of a table", "1\tone\n2\ttwo\n", "7\ttwo", "not found"],
    ["behind numbers that do not count up", "one\ntwo\n", "     1\tone\n     7\ttwo", "not found"],
    ["blank lines only", "a\n \n\nb\n", "\n\n\n\n", "not found"],
    ["nothing", code, "", "oldText is empty"],
    ["in an empty file", "", "x", "the file is empty"],
    ["nothing like it", code, "zebra crossing ahead", "nothing in the file is like it"],
    ["another case", "const Alpha = 1\n", "const alpha = 1", "upper and lower case"],
    ["past the end", "one\ntwo", "two\nthree", "the file ends before line 2"],
    ["two lines joined", "call(first,\n  second)\n", "call(first, second)", "The nearest text is at lines 1-1"],
    ["a line split", "call(first, second)\n", "call(first,\n  second)", "The nearest text is at lines 1-2"],
    ["other spaces inside", "foo( a,  b )\n", "foo( a, b )", "only spaces inside its lines differ"],
  ])("%s", async (_, file, oldText, words) => {
    expect(await applied(file, { oldText, newText: "changed" })).toContain(`error: `)
    expect(await applied(file, { oldText, newText: "changed" })).toContain(words)
  })

  test("old and new the same", async () => {
    expect(await applied(code, { oldText: "end()", newText: "end()" })).toContain("nothing to change")
    expect(await applied(code, { oldText: "end()\n", newText: "end()\r\n" })).toContain("nothing to change")
  })

  test("stale text brings the nearest real text with its line numbers", async () => {
    const file = Array.from({ length: 300 }, (_, index) => `line(${index}, "${"abcdef"[index % 6]}")`).join("\n")
    const oldText = 'line(200, "c")\nline(201, "was changed")\nline(202, "e")'
    expect(await applied(file, { oldText, newText: "x" })).toBe(
      "error: oldText was not found. Nothing was written. The nearest text is at lines 201-203 (line 202 differs: oldText " +
        'has "line(201, \\"was changed\\")", the file has "line(201, \\"d\\")"):\n' +
        '   201\tline(200, "c")\n   202\tline(201, "d")\n   203\tline(202, "e")\nCopy the text to replace from there.',
    )
  })

  test("nothing says how many spaces are a tab", async () => {
    const edit = { oldText: "x = 1\n", newText: "x = 1\n    y = 2\n" }
    expect(await applied("class A:\n\t x = 1 \n", { ...edit, oldText: " x = 1\n" })).toContain("not certain")
  })

  test("flat Python is not indented by guessing", async () => {
    const file = "if x:\n    a()\n    b()\nz()\n"
    expect(await applied(file, { oldText: "if x:\na()\nb()", newText: "if x:\na()\nc()\nd()" })).toContain(
      "not certain",
    )
    expect(await applied(file, { oldText: "if x:\na()\nb()", newText: "if x:\na()\nc()" })).toBe(
      "if x:\n    a()\n    c()\nz()\n",
    )
  })
})

describe("replaceAll", () => {
  test.each([
    ["every occurrence", "a b a\na\n", "a", "x", "x b x\nx\n"],
    ["each with its own indentation", "  f(1)\nmid\n\tf(1)\n", "f(1) ", "g(2) ", "  g(2)\nmid\n\tg(2)\n"],
    ["no overlap", "aaaa\n", "aa", "b", "bb\n"],
    ["over lines of CRLF", "a\r\nb\r\na\r\nb\r\n", "a\nb\n", "c\n", "c\r\nc\r\n"],
  ])("%s", async (_, file, oldText, newText, result) => {
    expect(await applied(file, { oldText, newText, replaceAll: true })).toBe(result)
  })
})

describe("what the model repeated as context stays as the file has it", () => {
  test.each([
    ["quotes", "say(\u201chi\u201d)\nold()\n", 'say("hi")\nold()', 'say("hi")\nnew()', "say(\u201chi\u201d)\nnew()\n"],
    [
      "quotes in the changed line",
      "say(\u201chi\u201d) + 1\n",
      'say("hi") + 1',
      'say("hi") + 2',
      "say(\u201chi\u201d) + 2\n",
    ],
    ["mixed line ends", "a\r\nb\nc\rd\n", "a\nb\nc\nd", "a\nb\nC\nd", "a\r\nb\nC\rd\n"],
    ["trailing spaces", "a  \nb\t\nc\n", "a\nb\nc", "a\nB\nc", "a  \nB\t\nc\n"],
    ["a new line takes the line end of its place", "a\r\nb\r\nc\nd\n", "a\nb", "a\nx\nb", "a\r\nx\r\nb\r\nc\nd\n"],
    ["a line end of the last line", "one\ntwo", "two\n", "TWO\n", "one\nTWO"],
    [
      "deeper lines follow the file's step",
      "\tif a {\n\t\tb\n\t}\n",
      "if a {\n  b\n}",
      "if a {\n  if c {\n    b\n  }\n}",
      "\tif a {\n\t\tif c {\n\t\t\tb\n\t\t}\n\t}\n",
    ],
    [
      "one line alone says how many spaces are a tab",
      "class A:\n\t\tx = 1\n",
      "    x = 1\n",
      "    x = 1\n        y = 2\n",
      "class A:\n\t\tx = 1\n\t\t\t\ty = 2\n",
    ],
    ["or a tab spaces", "a:\n    x\n", "\t\tx\n", "\t\tx\n\t\t\ty\n", "a:\n    x\n      y\n"],
    ["emoji are not cut in half", "x \u{1f600} y\n", "x \u{1f600} y", "x \u{1f601} y", "x \u{1f601} y\n"],
  ])("%s", async (_, file, oldText, newText, result) => {
    expect(await applied(file, { oldText, newText })).toBe(result)
  })
})

test("a text that stands millions of times is refused in time", async () => {
  const started = performance.now()
  expect(await applied("a".repeat(5_000_000), { oldText: "aa", newText: "b" })).toContain(
    "4999999 times, at line 1 and more.",
  )
  expect(performance.now() - started).toBeLessThan(5_000)
})

test("a big file is searched in time, found or not", async () => {
  const line = (index: number) => `  const value${index % 977} = compute(${index % 31}) // ${index % 7}`
  const file = Array.from({ length: 60_000 }, (_, index) => line(index)).join("\n")
  const started = performance.now()
  const oldText = Array.from({ length: 200 }, (_, index) => `${line(30_000 + index)} x`).join("\n")
  expect(await applied(file, { oldText, newText: "y" })).toContain("not found")
  expect(performance.now() - started).toBeLessThan(5_000)
})

async function applied(file: string, edit: Edit): Promise<string> {
  try {
    return new TextDecoder().decode((await applyEdit(new TextEncoder().encode(file), edit)).bytes)
  } catch (error) {
    if (error instanceof ToolFailure) return `error: ${error.message}`
    throw error
  }
}
