import { expect, test } from "bun:test"
import { cited, citedFile } from "./citations.ts"
import type { LinkOf } from "./context.ts"

/** Knows one file. */
const linkOf: LinkOf = (path, lines) =>
  path === "src/a.ts" ? `at ${lines === undefined ? "all" : `${lines.from}-${lines.to ?? lines.from}`}` : undefined

const links = (text: string) =>
  cited(text, undefined, linkOf).flatMap(({ text: said, style }) =>
    style?.link === undefined ? [] : [`${said} ${style.link}`],
  )

test("a file that is named with its lines leads to them, however they are written", () => {
  expect(links("See src/a.ts, src/a.ts:7, src/a.ts:7:3 and src/a.ts:10-20.")).toEqual([
    "src/a.ts at all",
    "src/a.ts:7 at 7-7",
    "src/a.ts:7:3 at 7-7",
    "src/a.ts:10-20 at 10-20",
  ])
  expect(links("src/a.ts#L3 src/a.ts#L10-L20 src/a.ts:10–20")).toEqual([
    "src/a.ts#L3 at 3-3",
    "src/a.ts#L10-L20 at 10-20",
    "src/a.ts:10–20 at 10-20",
  ])
})

test("what is no file that is known leads nowhere, and no character is lost", () => {
  const text = "1.5:2, b.ts:10-20 and http://a.test:80/src"
  expect(links(text)).toEqual([])
  expect(
    cited(`${text} src/a.ts:1-2.`, undefined, linkOf)
      .map(({ text: said }) => said)
      .join(""),
  ).toBe(`${text} src/a.ts:1-2.`)
})

test("a link of the model's own to a file leads there, and to nothing that is not known", () => {
  expect(citedFile("src/a.ts#L10-L20", linkOf)).toBe("at 10-20")
  expect(citedFile("src/a.ts:10", linkOf)).toBe("at 10-10")
  expect(citedFile("file:///etc/passwd", linkOf)).toBeUndefined()
  expect(citedFile("https://a.test/src/a.ts", linkOf)).toBeUndefined()
})
