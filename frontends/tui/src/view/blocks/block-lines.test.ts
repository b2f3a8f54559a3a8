import { expect, test } from "bun:test"
import { type Line, textOf, widthOf } from "@skein/term"
import { lookOf, monochrome } from "../../../test/looks.ts"
import { FIXTURES } from "../../fixtures/fixtures.ts"
import { THEME_NAMES, themeNamed } from "../themes/themes.ts"
import { blockLines } from "./block-lines.ts"

const theme = monochrome()
test("no line is wider than the screen, whatever is shown on however small a screen", () => {
  for (const columns of [1, 2, 3, 4, 5, 7, 10, 19, 20, 21, 33, 40, 59, 60, 61, 80, 119, 120, 121, 200]) {
    for (const line of allLines(columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  }
})

test("nothing that is shown moves a cursor, hides itself or turns the text around", () => {
  for (const line of allLines(60)) {
    expect(textOf(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u200b\u2066-\u2069\u{e0000}-\u{e007f}]/u)
    for (const { style } of line) expect(style?.link ?? "").toMatch(/^[\x21-\x7e]*$/)
  }
})

test("a link leads to the web or to a letter, and nowhere else", () => {
  const links = allLines(80).flatMap((line) => line.flatMap(({ style }) => style?.link ?? []))
  expect(links.length).toBeGreaterThan(0)
  for (const link of links) expect(link).toMatch(/^(https?:\/\/|mailto:)/)
})

test("a theme changes looks, never text", () => {
  const texts = THEME_NAMES.map((name) => {
    const other = themeNamed(name, {}) ?? theme
    return allLines(72, lookOf(72, other)).map(textOf)
  })
  for (const each of texts) expect(each).toEqual(texts[0] ?? [])
})

test("a drawing is seen at once, its rows cut and never broken; a long one is whole when it is opened", () => {
  const block = Object.values(FIXTURES)
    .flat()
    .find((each) => each.kind === "call" && each.view?.kind === "matches")
  if (block?.kind !== "call") throw new Error("There is no such call among the samples")
  const drawing = (body: string) => ({ ...block, view: { kind: "drawing" as const, body, summary: "" } })
  const shown = (body: string, isExpanded: boolean) =>
    blockLines(drawing(body), lookOf(20), { isExpanded, isFocused: false }).map(textOf)
  const wide = `┌${"─".repeat(40)}┐\n│ a`
  expect(
    shown(wide, false)
      .slice(-2)
      .map((line) => [line.startsWith("  ┌─") || line.trim() === "│ a", line.length <= 20]),
  ).toEqual([
    [true, true],
    [true, true],
  ])
  const long = Array.from({ length: 60 }, (_, at) => `row ${at}`).join("\n")
  expect(shown(long, false).at(-1)).toContain("20 more lines")
  expect(shown(long, true).at(-1)).toContain("row 59")
})

function allLines(columns: number, given = lookOf(columns)): Line[] {
  return Object.values(FIXTURES).flatMap((blocks) =>
    blocks.flatMap((block) =>
      [false, true].flatMap((isExpanded) => blockLines(block, given, { isExpanded, isFocused: isExpanded })),
    ),
  )
}
