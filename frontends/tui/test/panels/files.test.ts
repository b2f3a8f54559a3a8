import { expect, test } from "bun:test"
import type { Line } from "@skein/term"
import { filesPanel } from "../../src/panels/files/files.ts"
import { childrenOf, type FileSource } from "../../src/panels/files/tree.ts"
import { type Sidebar, sidebarLines } from "../../src/panels/side/sidebar.ts"
import { tabBar } from "../../src/panels/side/tab-bar.ts"
import { lineWidth } from "../../src/view/text/line.ts"
import { fitsEverywhere, frameText, look, press, text } from "./sat.ts"

const PATHS = ["README.md", "src/", "src/checkout/debounce.ts", "src/checkout/cart.ts", "src/index.ts", "logo.png"]
const SOURCE: FileSource = {
  children: childrenOf(PATHS),
  preview(path) {
    if (path === "logo.png") return { note: "3 kB that are no text." }
    if (path === "README.md") return undefined
    return { rows: Array.from({ length: 40 }, (_, at) => `line ${at + 1} of ${path}`) }
  },
}

test("folders unfold, and the selected file is read beside them", () => {
  const panel = filesPanel({ source: SOURCE, path: "src/checkout/debounce.ts" })
  expect(text(panel, 80, 12)).toMatchInlineSnapshot(`
    "  files                                               src/checkout/debounce.ts

      ▾ src/                  ▎     1  line 1 of src/checkout/debounce.ts
        ▾ checkout/           ▎     2  line 2 of src/checkout/debounce.ts
            cart.ts           ▎     3  line 3 of src/checkout/debounce.ts
    ›       debounce.ts       ▎     4  line 4 of src/checkout/debounce.ts
          index.ts            ▎     5  line 5 of src/checkout/debounce.ts
        README.md             ▎     6  line 6 of src/checkout/debounce.ts
        logo.png              ▎     7  line 7 of src/checkout/debounce.ts
                              ▎     8  line 8 of src/checkout/debounce.ts

      esc back · enter read · @ name it · y copy its path · o open    line 1 of 40"
  `)
  expect(text(panel, 40, 10)).toMatchInlineSnapshot(`
    "  files       src/checkout/debounce.ts

      ▾ src/
        ▾ checkout/
            cart.ts
    ›       debounce.ts
          index.ts
        README.md

      esc back · enter read⋯  line 1 of 40"
  `)
  expect(text(press(panel, ["enter", "j", "j"]).panel, 40, 8)).toMatchInlineSnapshot(`
    "  files       src/checkout/debounce.ts

        3  line 3 of src/checkout/debounce⋯
        4  line 4 of src/checkout/debounce⋯
        5  line 5 of src/checkout/debounce⋯
        6  line 6 of src/checkout/debounce⋯

      esc tree · @ name it ⋯  line 3 of 40"
  `)
})

test("the tree is walked by folders and files, and a folder folds from within", () => {
  const panel = filesPanel({ source: SOURCE })
  const open = press(panel, ["l", "l", "l"]).panel
  expect(text(open, 40, 12)).toContain("  ▾ src/\n›   ▾ checkout/\n        cart.ts")
  const folded = press(open, ["j", "h", "h", "h", "h"]).panel
  expect(text(folded, 40, 12)).not.toContain("checkout")
})

test("what is not read yet says so, and is there when it was read", () => {
  let isRead = false
  const preview = () => (isRead ? { rows: ["# skein"] } : undefined)
  const { panel } = press(filesPanel({ source: { ...SOURCE, preview } }), ["down"])
  expect(text(panel, 80, 8)).toContain("Reading it.")
  isRead = true
  expect(text(panel, 80, 8)).toContain("1  # skein")
})

test("@ names the file in the prompt, y copies its path, o opens it", () => {
  const panel = filesPanel({ source: SOURCE, path: "src/index.ts" })
  expect(press(panel, ["@"])).toMatchObject({ isLeft: true, intents: [{ type: "insert", text: "@src/index.ts " }] })
  expect(press(panel, ["y", "o"]).intents).toEqual([
    { type: "copy", text: "src/index.ts", what: "the path" },
    { type: "visit", target: "src/index.ts" },
  ])
})

const SIDE: Sidebar = {
  sessions: [
    { name: "fix the flaky checkout test", state: "running", isCurrent: true, aside: "$0.18" },
    { name: "billing", state: "waiting", isCurrent: false },
    { name: "docs", state: "idle", isCurrent: false },
  ],
  changed: [{ path: "src/checkout/deep/below/debounce.ts", added: 9, removed: 4 }],
  todos: [
    { text: "inject the clock", status: "completed" },
    { text: "use a fake one in both tests", status: "in_progress" },
  ],
}

test("the sidebar has sessions, changed files and what is to be done", () => {
  expect(frameText({ lines: sidebarLines(SIDE, look(34), 20) })).toMatchInlineSnapshot(`
    "  sessions
      ● fix the flaky checkou⋯  $0.18
      ◌ billing
        docs

      changed
        ⋯eep/below/debounce.ts  +9 −4

      to do
      ✓ inject the clock
      ● use a fake one in both tests"
  `)
  expect(frameText({ lines: sidebarLines(SIDE, look(34), 9) })).toMatchInlineSnapshot(`
    "  sessions
      ● fix the flaky checkou⋯  $0.18
      ⋯ 2 more

      changed
        ⋯eep/below/debounce.ts  +9 −4

      to do
      ⋯ 2 more"
  `)
})

test("tabs show what each is doing, and the current one always", () => {
  const tabs = SIDE.sessions.map(({ name, state }) => ({ name, state }))
  const shown = (at: number, columns: number) => frameText({ lines: [tabBar(tabs, at, look(columns))] })
  expect(shown(0, 80)).toMatchInlineSnapshot(`"  1 ● fix the flaky checkout ⋯  2 ◌ billing  3 docs"`)
  expect(shown(2, 24)).toMatchInlineSnapshot(`" ⋯  3 docs"`)
})

test("files, sidebar and tabs fit every screen", () => {
  fitsEverywhere(filesPanel({ source: SOURCE, path: "src/checkout/cart.ts" }), ["h", "j", "enter", "j", "G"])
  fitsEverywhere(filesPanel({ source: { children: () => undefined, preview: () => undefined } }), ["j", "enter"])
  const isFitting = (lines: readonly Line[], columns: number) => lines.every((line) => lineWidth(line) <= columns)
  for (let columns = 1; columns <= 130; columns++) {
    const tabs = Array.from({ length: 12 }, (_, at) => ({ name: `tab ${at} 梨`, state: "running" as const }))
    for (const at of [0, 5, 11, 99]) expect(isFitting([tabBar(tabs, at, look(columns))], columns)).toBe(true)
    for (const rows of [1, 2, 3, 5, 8, 30]) {
      const lines = sidebarLines(SIDE, look(columns), rows)
      expect(lines.length).toBeLessThanOrEqual(rows)
      expect(isFitting(lines, columns)).toBe(true)
    }
  }
  expect(tabBar([], 0, look(10))).toEqual([])
})
