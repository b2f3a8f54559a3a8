import { expect, test } from "bun:test"
import type { ListOptions } from "../../src/panels/list/entry.ts"
import { listPanel } from "../../src/panels/list/list.ts"
import { fitsEverywhere, look, press, text, type } from "./sat.ts"

const FRUIT: ListOptions = {
  title: "fruit",
  empty: "No fruit yet. Plant a tree.",
  entries: [
    {
      label: "apple",
      detail: "green and sour",
      aside: "2 h ago",
      key: "ctrl+a",
      intents: [{ type: "insert", text: "apple" }],
    },
    { label: "sweet pear", aside: "yesterday", below: "from the garden", intents: [{ type: "insert", text: "pear" }] },
    { label: "pineapple", aside: "$3.00", blocker: "Pineapples are sold out.", intents: [] },
    { label: "梨 nashi\u001b[2J", detail: "far away", intents: [{ type: "insert", text: "nashi" }] },
  ],
}

test("a list shows names, reasons and keys in columns", () => {
  expect(text(listPanel(FRUIT), 80, 12)).toMatchInlineSnapshot(`
    "  fruit  ▏type to filter

    › apple          green and sour                                2 h ago  ctrl+a
      sweet pear                                                 yesterday
      pineapple                                                      $3.00
      梨 nashi\\e[2J  far away


      enter choose · esc back"
  `)
  expect(text(listPanel(FRUIT), 40, 8)).toMatchInlineSnapshot(`
    "  fruit  ▏type to filter       1–3 of 4

    › apple
      sweet pear
      pineapple


      enter choose · esc back"
  `)
})

test("what is typed filters, best first, and Enter takes the entry", () => {
  const { panel } = press(listPanel(FRUIT), type("pea"))
  expect(text(panel, 80, 12)).toMatchInlineSnapshot(`
    "  fruit  pea▏                                                            2 of 4

    › sweet pear                                                 yesterday
      pineapple                                                      $3.00



      from the garden
      enter choose · esc back"
  `)
  expect(press(panel, ["enter"])).toMatchObject({ isLeft: true, intents: [{ type: "insert", text: "pear" }] })
})

test("the letters that fit are bold", () => {
  const { panel } = press(listPanel(FRUIT), type("swp"))
  const row = panel.view(look(), 12).lines[2]
  expect(row?.filter(({ style }) => style?.isBold === true).map((span) => span.text)).toEqual(["› ", "sw", "p"])
})

test("nothing that fits says what to do, and so does nothing at all", () => {
  expect(text(press(listPanel(FRUIT), type("zzz")).panel, 60, 6)).toMatchInlineSnapshot(`
    "  fruit  zzz▏                                        0 of 4
      Nothing fits. Ctrl+U clears what was typed.



      enter choose · esc back"
  `)
  expect(text(listPanel({ ...FRUIT, entries: [] }), 60, 6)).toMatchInlineSnapshot(`
    "  fruit  ▏type to filter
      No fruit yet. Plant a tree.
      enter choose · esc back"
  `)
})

test("ctrl+w and ctrl+u edit the filter", () => {
  const { panel } = press(listPanel(FRUIT), [...type("sweet pear"), "ctrl+w"])
  expect(text(panel, 40, 5).split("\n")[0]).toBe("  fruit  sweet ▏")
  expect(text(press(panel, ["ctrl+u"]).panel, 40, 5).split("\n")[0]).toStartWith("  fruit  ▏type to filter")
})

test("arrows wrap around, pages do not", () => {
  const at = (keys: string[]) =>
    text(press(listPanel(FRUIT), keys, 7).panel, 60, 12)
      .split("\n")
      .find((row) => row.startsWith("›"))
  expect(at(["up"])).toStartWith("› 梨 nashi\\e[2J")
  expect(at(["ctrl+n", "down", "ctrl+p"])).toStartWith("› sweet pear")
  expect(at(["page-down", "page-down"])).toStartWith("› 梨")
  expect(at(["end", "page-up", "home", "page-up"])).toStartWith("› apple")
})

test("what cannot be chosen says why and stays", () => {
  const { panel, intents } = press(listPanel(FRUIT), ["down", "down", "enter"])
  expect(intents).toEqual([])
  expect(text(panel, 60, 10).split("\n").at(-2)).toBe("  Pineapples are sold out.")
})

test("with vim's keys j and k move until i types", () => {
  const { panel } = press(listPanel({ ...FRUIT, isVim: true }), ["j", "j", "k", "i", "p", "j"])
  expect(text(panel, 60, 6).split("\n")[0]).toBe("  fruit  pj▏                                         0 of 4")
})

test("Esc leaves and puts a preview back", () => {
  const panel = listPanel({
    ...FRUIT,
    leaving: [{ type: "theme", name: "old" }],
    entries: ["a", "b"].map((label) => ({ label, intents: [], resting: [{ type: "theme", name: label }] })),
  })
  expect(press(panel, ["down", "escape"]).intents).toEqual([
    { type: "theme", name: "b" },
    { type: "theme", name: "old" },
  ])
})

test("a key of an entry asks first, and only y is a yes", () => {
  const panel = listPanel({
    ...FRUIT,
    keys: [
      {
        ...{ chord: "ctrl+d", name: "delete", after: "remove", confirm: ({ label }) => `Delete ${label}?` },
        intents: ({ label }) => [{ type: "tell", text: `gone: ${label}` }],
      },
    ],
  })
  const asked = press(panel, ["down", "ctrl+d"]).panel
  expect(text(asked, 80, 10)).toMatchInlineSnapshot(`
    "  fruit  type to filter

      apple          green and sour                                2 h ago  ctrl+a
    › sweet pear                                                 yesterday
      pineapple                                                      $3.00
      梨 nashi\\e[2J  far away

      Delete sweet pear?  y yes · any other key no
      enter choose · esc back · ctrl+d delete"
  `)
  expect(press(asked, ["enter"]).intents).toEqual([])
  const done = press(asked, ["y"])
  expect(done.intents).toEqual([{ type: "tell", text: "gone: sweet pear" }])
  expect(text(done.panel, 80, 10)).not.toContain("sweet pear")
})

test("a key of an entry may ask for a line first", () => {
  const panel = listPanel({
    ...FRUIT,
    keys: [
      {
        ...{ chord: "ctrl+r", name: "rename", after: "rename", typed: ({ label }) => label },
        intents: ({ label }, typed) => [{ type: "tell", text: `${label} is ${typed}` }],
      },
    ],
  })
  const asked = press(panel, ["ctrl+r", "ctrl+u", ...type("quince")])
  expect(text(asked.panel, 40, 6).split("\n").at(-1)).toBe("  rename: quince▏")
  const done = press(asked.panel, ["enter"])
  expect(done.intents).toEqual([{ type: "tell", text: "apple is quince" }])
  expect(text(done.panel, 40, 6)).toContain("quince")
})

test("ten thousand entries are read once, and drawn as far as they are seen", () => {
  let reads = 0
  const entries = Array.from({ length: 10_000 }, (_, at) => ({
    get label() {
      reads++
      return `session number ${at} of many`
    },
    get words() {
      reads++
      return "of a person"
    },
    intents: [],
  }))
  let panel = press(listPanel({ title: "sessions", empty: "", entries }), ["n"]).panel
  expect(reads).toBeGreaterThan(10_000)
  reads = 0
  for (const letter of type("umber 99")) {
    panel = press(panel, [letter]).panel
    panel.view(look(), 24)
  }
  expect(reads).toBeLessThan(8 * 24 * 4)
  expect(text(panel)).toContain("session number 99 of many")
})

test("a list fits every screen", () => {
  fitsEverywhere(listPanel(FRUIT), ["down", "down", "enter", "p", "z", "z"])
})
