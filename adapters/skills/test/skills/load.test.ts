import { expect, test } from "bun:test"
import { headOf } from "../../src/skills/head.ts"
import { load } from "../../src/skills/load.ts"
import { validate } from "../../src/skills/validate.ts"

const file = (head: string) => `---\n${head}\n---\ntext\n`
const loaded = (text: string, folder = "pdf") => {
  const result = load(headOf(text), folder)
  return result.kind === "skipped" ? result.why : result.facts
}
const warned = (text: string, folder?: string) => {
  const facts = loaded(text, folder)
  return typeof facts === "string" ? `skipped: ${facts}` : [facts.name, ...facts.warnings].join("; ")
}
const flaws = (head: string, folder = "pdf") => validate(headOf(file(head)), folder)

const FULL = `name: pdf
description: Reads PDFs. Use when one is given.
license: Apache-2.0
compatibility: needs pdftotext
metadata:
  author: example-org
  version: "1.0"
allowed-tools: Bash(pdftotext:*) Read`

test("a skill as the specification has it is loaded whole, and valid", () => {
  expect(loaded(file(FULL))).toEqual({
    name: "pdf",
    description: "Reads PDFs. Use when one is given.",
    license: "Apache-2.0",
    compatibility: "needs pdftotext",
    metadata: { author: "example-org", version: "1.0" },
    toolsAllowed: ["Bash(pdftotext:*) Read"],
    isByPersonOnly: false,
    isByModelOnly: false,
    argumentHint: undefined,
    model: undefined,
    triggers: [],
    warnings: [],
  })
  expect(flaws(FULL)).toEqual([])
})

test("what other clients write is loaded with a warning, and refused by a strict reader", () => {
  const rows: readonly (readonly [head: string, warning: RegExp, flaw: RegExp])[] = [
    ["name: PDF_Tools\ndescription: x", /more than lower-case/, /lower case.*other characters.*must be called/s],
    [`name: ${"x".repeat(70)}\ndescription: x`, /longer than 64/, /has 70 characters/],
    [`name: pdf\ndescription: ${"x".repeat(1068)}`, /1068 characters/, /The description has 1068/],
    ["name: pdf\ndescription: Use when: a PDF is given", /not quoted/, /not quoted/],
    ["name: pdf\ndescription: x\nauthor: me", /not known: author/, /Unexpected fields.*author/],
    ["name: pdf\ndescription: x\ndisable-model-invocation: true", /^pdf$/, /Unexpected fields/],
    ["description: x", /has no name/, /name is missing/],
    ["name: other\ndescription: x", /its folder pdf/, /folder is called "pdf"/],
    ["name: a--b\ndescription: x", /more than lower-case/, /two hyphens/],
    ["name: pdf\ndescription: x\nallowed-tools: [Read]", /^pdf$/, /brackets/],
    ["name: pdf\ndescription: x\ndescription: y", /^pdf$/, /twice/],
    [`name: pdf\ndescription: x\ncompatibility: ${"y".repeat(501)}`, /^pdf$/, /compatibility has 501/],
  ]
  for (const [head, warning, flaw] of rows) {
    expect(warned(file(head))).toMatch(warning)
    expect(flaws(head).join(" ")).toMatch(flaw)
  }
})

test("a byte order mark, CRLF and a space behind the dashes are read", () => {
  expect(warned(`\u{feff}--- \r\nname: pdf\r\ndescription: x\r\n---\r\ntext`)).toBe("pdf")
})

test("a skill is left out only without a description or with a head that cannot be read", () => {
  const heads = ["name: pdf", "name: pdf\ndescription:", 'name: pdf\ndescription: " "', "- a\n- b", "a: [", "name: pdf"]
  expect(heads.map((head) => warned(file(head)).slice(0, 8))).toEqual(heads.map(() => "skipped:"))
  expect([warned("no head"), warned("---\nname: pdf\n")].map((text) => text.slice(0, 8))).toEqual([
    "skipped:",
    "skipped:",
  ])
})

test("lists of tools are read in every form, and none is another thing than an empty one", () => {
  const tools = (line: string) => {
    const facts = loaded(file(`name: pdf\ndescription: x\n${line}`))
    return typeof facts === "string" ? facts : facts.toolsAllowed
  }
  expect(tools("")).toBeUndefined()
  expect(tools("allowed-tools:")).toEqual([])
  expect(tools("allowed-tools: []")).toEqual([])
  expect(tools("allowed-tools: Read, Bash(git *)")).toEqual(["Read, Bash(git *)"])
  expect(tools("allowed-tools: [Read, Grep]")).toEqual(["Read", "Grep"])
  expect(tools("allowed-tools:\n  - Read\n  - Bash(git:*)")).toEqual(["Read", "Bash(git:*)"])
})

test("names in any script are names, and what hides or moves a cursor is none", () => {
  expect(warned(file("name: навык\ndescription: x"), "навык")).toBe("навык")
  expect(flaws("name: 技能\ndescription: x", "技能")).toEqual([])
  expect(warned(file('name: "\\e[31mred"\ndescription: x'))).toBe(
    "pdf; its name has characters that no name has; it is called pdf, as its folder",
  )
  const facts = loaded(file('name: pdf\ndescription: "ok \\e]0;x\\x07 \\u202e \\u200b end"'))
  expect(typeof facts === "string" ? facts : facts.description).not.toMatch(/[\u001b\u0007\u202e\u200b]/)
})

test("YAML that grows without end, or nests without end, is refused within a moment", () => {
  const letters = "abcdefghi"
  const bomb = [...letters].map(
    (name, at) => `${name}: &${name} [${Array(9).fill(at === 0 ? "x" : `*${letters[at - 1]}`)}]`,
  )
  const began = performance.now()
  expect(warned(file(bomb.join("\n")))).toMatch(/^skipped/)
  expect(warned(file(`a: ${"[".repeat(50_000)}`))).toMatch(/^skipped/)
  expect(warned(file(`a: ${"x".repeat(10_000_000)}`))).toMatch(/longer than/)
  expect(performance.now() - began).toBeLessThan(5_000)
})
