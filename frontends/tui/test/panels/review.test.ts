import { expect, test } from "bun:test"
import { hunksOf } from "../../src/panels/review/hunks.ts"
import { reviewPanel } from "../../src/panels/review/review.ts"
import { fitsEverywhere, press, text } from "./sat.ts"

const DEBOUNCE = `--- a/src/checkout/debounce.ts
+++ b/src/checkout/debounce.ts
@@ -17,3 +17,3 @@
 export function debounce(flush: () => void) {
-  const timer = setTimeout(flush, 300)
+  const timer = clock.after(300, flush)
 }
@@ -40,2 +40,3 @@
 // the end
+\tflush()\u001b[2J
 done()
`
const FILES = [
  { path: "src/checkout/debounce.ts", diff: DEBOUNCE },
  { path: "logo.png", diff: "Binary file, 3 kB before, 4 kB now." },
]

/** As of files without text: their hunks are not taken back. */
const nothing = () => undefined

test("what is in the session's folder is named from there, and a note does not name it again", () => {
  const files = [
    { path: "/srv/shop/ran", diff: "/srv/shop/ran: nothing became an empty file." },
    { path: "/srv/shopping/list", diff: "Binary file." },
  ]
  expect(text(reviewPanel({ files, folder: "/srv/shop", undo: nothing }), 80, 10)).toMatchInlineSnapshot(`
    "  review   2 files +0 −0                                           hunk 1 of 2

    › ran
      ▎         nothing became an empty file.

      /srv/shopping/list
      ▎         Binary file.


      esc back · n next · p previous · y keep · u take back"
  `)
})

test("a folder is counted as one, and no file", () => {
  const folder = (path: string) => ({ path, diff: `${path}: nothing became a folder.\n`, isFolder: true as const })
  const head = (files: Parameters<typeof reviewPanel>[0]["files"]) =>
    text(reviewPanel({ files, undo: nothing }), 80, 10)
      .split("\n")[0]
      ?.replace(/ {4,}.*/, "")
  expect(head([...FILES, folder("a"), folder("b")])).toBe("  review   2 files, 2 folders +2 −1")
  expect(head([folder("a")])).toBe("  review   1 folder +0 −0")
})

test("changes are gone through hunk by hunk", () => {
  const panel = reviewPanel({ files: FILES, undo: nothing })
  expect(text(panel, 80, 20)).toMatchInlineSnapshot(`
    "  review   2 files +2 −1                                           hunk 1 of 3

    › src/checkout/debounce.ts                                              1 of 2
      ▎  17     export function debounce(flush: () => void) {
      ▎  18   -   const timer = setTimeout(flush, 300)
      ▎  18   +   const timer = clock.after(300, flush)
      ▎  19     }

      src/checkout/debounce.ts                                              2 of 2
      ▎  40     // the end
      ▎  41   +     flush()\\e[2J
      ▎  42     done()

      logo.png
      ▎         Binary file, 3 kB before, 4 kB now.




      esc back · n next · p previous · y keep · u take back"
  `)
  expect(text(press(panel, ["n"]).panel, 80, 10)).toMatchInlineSnapshot(`
    "  review   2 files +2 −1                                           hunk 2 of 3

    › src/checkout/debounce.ts                                              2 of 2
      ▎  40     // the end
      ▎  41   +     flush()\\e[2J
      ▎  42     done()

      logo.png

      esc back · n next · p previous · y keep · u take back"
  `)
  expect(text(press(panel, ["N"]).panel, 80, 8)).toContain("hunk 3 of 3")
  expect(text(press(panel, ["N", "P"]).panel, 80, 8)).toContain("hunk 1 of 3")
})

test("a wide screen has what was and what is beside each other", () => {
  expect(text(reviewPanel({ files: FILES, undo: nothing }), 120, 12)).toMatchInlineSnapshot(`
    "  review   2 files +2 −1                                                                                   hunk 1 of 3

    › src/checkout/debounce.ts                                                                                      1 of 2
      ▎  17   export function debounce(flush: () => void) {         17   export function debounce(flush: () => void) {
      ▎  18 -   const timer = setTimeout(flush, 300)                18 +   const timer = clock.after(300, flush)
      ▎  19   }                                                     19   }

      src/checkout/debounce.ts                                                                                      2 of 2
      ▎  40     // the end
      ▎  41   +     flush()\\e[2J

      esc back · n next · p previous · y keep · u take back"
  `)
})

test("a line that is wider than the screen goes on in the next row, whole", () => {
  const diff = `--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-${"x".repeat(90)}\n+${"y".repeat(130)}\n`
  const panel = reviewPanel({ files: [{ path: "a", diff }], undo: nothing })
  expect(text(panel, 80, 12)).toMatchInlineSnapshot(`
    "  review   1 file +1 −1                                            hunk 1 of 1

    › a
      ▎   1   - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      ▎         xxxxxxxxxxxxxxxxxxxxxxxx
      ▎   1   + yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
      ▎         yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy




      esc back · n next · p previous · y keep · u take back"
  `)
  expect(text(panel, 120, 10)).toMatchInlineSnapshot(`
    "  review   1 file +1 −1                                                                                    hunk 1 of 1

    › a
      ▎   1 - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx     1 + yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
      ▎       xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx                 yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
      ▎                                                                 yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy



      esc back · n next · p previous · y keep · u take back"
  `)
})

test("what is kept is marked, and the next that was not looked at comes", () => {
  const { panel, intents } = press(reviewPanel({ files: FILES, undo: nothing }), ["y", "y"])
  expect(intents).toEqual([])
  expect(text(panel, 80, 8)).toContain("hunk 3 of 3")
  expect(text(press(panel, ["y"]).panel, 80, 8)).toContain("All of it was looked at.")
})

test("a hunk is taken back as a patch of its own, where that can be done, and once", () => {
  const panel = reviewPanel({ files: FILES, undo: ({ path, patch }) => [{ type: "tell", text: `${path}\n${patch}` }] })
  const { intents, panel: after } = press(panel, ["n", "u"])
  expect(intents).toEqual([
    {
      type: "tell",
      text: `src/checkout/debounce.ts
--- a/src/checkout/debounce.ts
+++ b/src/checkout/debounce.ts
@@ -40,2 +40,3 @@
 // the end
+\tflush()\u001b[2J
 done()
`,
    },
  ])
  expect(text(after, 80, 8)).toContain("It is being taken back.")
  expect(press(after, ["u"]).intents).toEqual([])
  expect(text(press(reviewPanel({ files: FILES, undo: nothing }), ["u"]).panel, 80, 8)).toContain(
    "/undo takes back the turn",
  )
})

test("the hunks of a diff put together are the diff", () => {
  const [first, second] = hunksOf(FILES)
  const head = DEBOUNCE.slice(0, DEBOUNCE.indexOf("@@"))
  expect(`${first?.patch}${second?.patch.slice(head.length)}`).toBe(DEBOUNCE)
})

test("no changes are told as such, and the review fits every screen", () => {
  expect(text(reviewPanel({ files: [], undo: nothing }), 80, 8)).toContain("Nothing was changed.")
  fitsEverywhere(reviewPanel({ files: FILES, undo: nothing }), ["n", "y", "u", "down"])
  fitsEverywhere(reviewPanel({ files: [], undo: nothing }), ["y", "u"])
})
