import { expect, test } from "bun:test"
import { createHighlighter } from "@skein/highlight"
import { drawnFixture, FIXTURE_NAMES } from "../src/fixtures/drawn.ts"
import { FIXTURES } from "../src/fixtures/fixtures.ts"
import { blankLinesBetween, blockLines } from "../src/view/blocks/block-lines.ts"
import { glyphsNamed } from "../src/view/glyphs.ts"
import { lineWidth } from "../src/view/text/line.ts"
import { lookOf, textsOf } from "./looks.ts"

/** `SKEIN_BLESS=1` writes what is drawn now; look at the difference before it is committed. */
const IS_BLESSING = process.env.SKEIN_BLESS === "1"

for (const columns of [40, 80, 120]) {
  test(`every fixture looks at ${columns} columns as it was looked at`, async () => {
    const drawn = Object.entries(FIXTURES)
      .filter(([name]) => name !== "hostile")
      .map(([name, blocks]) => {
        const lines = blocks.flatMap((block, at) => [
          ...Array.from({ length: blankLinesBetween(blocks[at - 1], block) }, () => []),
          ...blockLines(block, lookOf(columns), { isExpanded: false, isFocused: false, hint: "e expand" }),
        ])
        return [`== ${name}`, ...textsOf(lines).map((line) => line.trimEnd()), ""].join("\n")
      })
      .join("\n")
    const golden = Bun.file(new URL(`./blocks-${columns}.golden`, import.meta.url))
    if (IS_BLESSING) await golden.write(drawn)
    expect(drawn).toBe(await golden.text())
  })
}

test("colors of code change no character of what is shown", async () => {
  const code = createHighlighter()
  await code.prepare("typescript")
  for (const block of Object.values(FIXTURES).flat()) {
    const view = { isExpanded: true, isFocused: false }
    const plain = textsOf(blockLines(block, lookOf(80), view))
    expect(textsOf(blockLines(block, lookOf(80), { ...view, code }))).toEqual(plain)
  }
})

test("a file that is known to be there can be clicked, in an answer and in the line of a call", () => {
  const linkOf = (path: string, lines: { readonly from: number } | undefined) =>
    path === "src/checkout/debounce.ts"
      ? `file:///shop/${path}${lines === undefined ? "" : `#L${lines.from}`}`
      : undefined
  const links = [...(FIXTURES.answer ?? []), ...(FIXTURES.working ?? [])].flatMap((block) =>
    blockLines(block, lookOf(80), { isExpanded: false, isFocused: false, linkOf })
      .flat()
      .flatMap(({ text, style }) => (style?.link?.startsWith("file:") ? [`${text} → ${style.link}`] : [])),
  )
  expect(links).toEqual([
    "src/checkout/debounce.ts:18 → file:///shop/src/checkout/debounce.ts#L18",
    "src/checkout/debounce.ts → file:///shop/src/checkout/debounce.ts",
    "src/checkout/debounce.ts → file:///shop/src/checkout/debounce.ts",
  ])
})

test("a terminal without other signs is drawn in ASCII", () => {
  const look = { ...lookOf(80), glyphs: glyphsNamed("ascii") }
  for (const name of ["ends", "notices"]) {
    for (const block of FIXTURES[name] ?? []) {
      for (const isExpanded of [false, true]) {
        const text = textsOf(blockLines(block, look, { isExpanded, isFocused: false })).join("\n")
        expect(text).toMatch(/^[\x20-\x7e\n]*$/)
      }
    }
  }
  for (const name of ["unicode", "ascii"] as const) {
    const { spinner, ...glyphs } = glyphsNamed(name)
    for (const glyph of [...spinner, ...Object.values(glyphs)]) expect(Bun.stringWidth(glyph)).toBe(1)
  }
})

test("a refusal reads differently from an error, without any color", () => {
  const [failed, refused] = ["c5", "c6"].map((id) => {
    const block = (FIXTURES.calls ?? []).find((each) => each.id === id)
    return block === undefined ? [] : textsOf(blockLines(block, lookOf(80), { isExpanded: false, isFocused: false }))
  })
  expect(failed?.[0]).toMatch(/^✗ read .* failed$/)
  expect(refused?.[0]).toMatch(/^○ bash .* refused$/)
})

test("the greeting and every kind of panel can be looked at without a session, on every width", () => {
  expect(FIXTURE_NAMES).toEqual(expect.arrayContaining(["welcome", "approval", "palette", "form", "agents", "tools"]))
  for (const name of FIXTURE_NAMES) {
    for (const columns of [20, 40, 80, 120]) {
      const lines = drawnFixture(name, { columns })
      expect([name, columns, lines.filter((line) => lineWidth(line) > columns)]).toEqual([name, columns, []])
      expect(textsOf(lines).join("").trim()).not.toBe("")
    }
  }
  expect(textsOf(drawnFixture("agents", { columns: 80 }))[4]).toContain("docs     asks: overwrite docs/billing.md?")
})
