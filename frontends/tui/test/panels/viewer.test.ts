import { expect, test } from "bun:test"
import { viewerPanel } from "../../src/panels/viewer/panel.ts"
import type { ViewerSource } from "../../src/panels/viewer/source.ts"
import { fitsEverywhere, look, press, text, type } from "./sat.ts"

/** Every fifth block is a prompt; the others have a first line and, unfolded, three more. */
function transcript(count: number): ViewerSource & { laidOut: number } {
  return {
    count,
    laidOut: 0,
    lines(index, { columns }, isExpanded) {
      this.laidOut += 1
      if (index % 5 === 0) return [[{ text: `› prompt ${index}`.slice(0, columns) }]]
      const more = [1, 2, 3].map((row) => [{ text: `  hidden ${index}.${row}`.slice(0, columns) }])
      return [[{ text: `✓ read file-${index}.ts`.slice(0, columns) }], ...(isExpanded ? more : [])]
    },
    textOf: (index) =>
      index % 5 === 0 ? `prompt ${index}` : `read file-${index}.ts\nhidden ${index}.1\nhidden ${index}.2`,
    isPrompt: (index) => index % 5 === 0,
    isExpandable: (index) => index % 5 !== 0,
    linksOf: (index) => (index % 5 === 0 ? [] : [`file-${index}.ts`]),
  }
}

/** Keys after it was drawn once. */
function read(source: ViewerSource, keys: readonly string[], rows = 10) {
  const panel = viewerPanel(source)
  text(panel, 60, rows)
  return press(panel, keys, rows)
}

test("the transcript opens at its end, with where one is", () => {
  expect(text(viewerPanel(transcript(12)), 80, 10)).toMatchInlineSnapshot(`
    "✓ read file-7.ts

    ✓ read file-8.ts

    ✓ read file-9.ts

    › prompt 10

    ✓ read file-11.ts                                                              ▎
      esc back · / search · e unfold · v select · y copy · o op⋯  12 of 12 · 100 %"
  `)
  expect(text(viewerPanel(transcript(0)), 80, 3)).toContain("Nothing was said yet.")
})

test("ten thousand blocks open, scroll and turn at once: only what is seen is laid out", () => {
  const source = transcript(10_000)
  const opened = viewerPanel(source)
  text(opened, 80, 40)
  expect(source.laidOut).toBeLessThan(80)
  const top = press(opened, ["g"], 40).panel
  text(top, 80, 40)
  const end = press(top, ["G", "page-up", "alt+k"], 40).panel
  text(end, 80, 40)
  expect(source.laidOut).toBeLessThan(300)
})

test("e unfolds the block under the mark, c all of them, and the mark stays", () => {
  const open = read(transcript(12), ["k", "k", "k", "k", "e"]).panel
  expect(text(open, 60, 10)).toMatchInlineSnapshot(`
    "
    ✓ read file-9.ts                                           ▎
      hidden 9.1                                               ┊
      hidden 9.2                                               ┊
      hidden 9.3                                               ┊
                                                               ┊
    › prompt 10

    ✓ read file-11.ts
      esc back · / search · e unfold · v sel⋯  10 of 12 · 83 %"
  `)
  expect(text(press(open, ["e"]).panel, 60, 10)).not.toContain("hidden")
  expect(text(press(open, ["c"]).panel, 60, 40).match(/hidden/g)?.length).toBeGreaterThan(10)
})

test("ctrl+up and ctrl+down go from prompt to prompt", () => {
  const foot = (keys: string[]) =>
    text(read(transcript(12), keys).panel, 60, 10)
      .split("\n")
      .at(-1)
  expect(foot(["ctrl+up"])).toEndWith("11 of 12 · 92 %")
  expect(foot(["ctrl+up", "ctrl+up"])).toEndWith("6 of 12 · 50 %")
  expect(foot(["g", "ctrl+down"])).toEndWith("6 of 12 · 50 %")
})

test("/ finds, n and N go on, and what was folded away is unfolded", () => {
  const found = read(transcript(30), ["g", "/", ...type("HIDDEN 7.2"), "enter"])
  expect(text(found.panel, 60, 10)).toMatchInlineSnapshot(`
    "✓ read file-4.ts

    › prompt 5

    ✓ read file-6.ts

    ✓ read file-7.ts                                           ┊
      hidden 7.1                                               ┊
      hidden 7.2                                               ▎
      esc back · / search · n N next · e unfo⋯  8 of 30 · 27 %"
  `)
  const line = found.panel.view(look(60), 10).lines.find((spans) => spans.some((span) => span.text === "hidden 7.2"))
  expect(line?.find((span) => span.text === "hidden 7.2")?.style).toEqual(look().theme.match)
  const twice = read(transcript(30), ["g", "/", ...type("prompt"), "enter", "n", "N"]).panel
  expect(text(twice, 60, 10).split("\n").at(-1)).toContain("6 of 30")
  expect(text(read(transcript(9), ["/", ...type("zzz"), "enter"]).panel, 60, 10)).toContain("Nothing says that.")
})

test("v selects lines and y copies them; without a selection y copies the block as it is", () => {
  expect(read(transcript(12), ["y"]).intents).toEqual([
    { type: "copy", text: "read file-11.ts\nhidden 11.1\nhidden 11.2", what: "the block" },
  ])
  expect(read(transcript(12), ["v", "k", "k", "y"]).intents).toEqual([
    { type: "copy", text: "› prompt 10\n\n✓ read file-11.ts", what: "3 lines" },
  ])
  expect(read(transcript(12), ["v", "escape"]).isLeft).toBe(false)
})

test("what was selected is copied after the screen became wider too", () => {
  const source: ViewerSource = {
    ...transcript(1),
    lines: (_, { columns }) => Array.from({ length: columns < 40 ? 9 : 2 }, (_line, at) => [{ text: `row ${at}` }]),
  }
  const opened = viewerPanel(source)
  text(opened, 20, 12)
  const { panel } = press(opened, ["v", "k"], 12)
  text(panel, 80, 12)
  expect(press(panel, ["y"], 12).intents).toMatchObject([{ type: "copy", text: "row 1" }])
})

test("o opens the file that the block names", () => {
  expect(read(transcript(12), ["o"]).intents).toEqual([{ type: "visit", target: "file-11.ts" }])
  expect(text(read(transcript(11), ["o"]).panel, 60, 10)).toContain("It names no link and no file.")
})

test("a transcript that grows keeps the place of who reads it, and is followed by who is at its end", () => {
  let source = transcript(12)
  const growing: ViewerSource = {
    ...transcript(40),
    get count() {
      return source.count
    },
  }
  const [reading, following] = [viewerPanel(growing, 3), viewerPanel(growing)]
  text(following, 60, 10)
  text(reading, 60, 10)
  source = transcript(40)
  expect(text(reading, 60, 10)).toContain("✓ read file-3.ts")
  expect(text(following, 60, 10)).toContain("40 of 40")
  const left = press(following, ["k", "k"], 10).panel
  source = transcript(20)
  const back = press(left, ["G"], 10).panel
  source = transcript(30)
  expect(text(back, 60, 10)).toContain("30 of 30")
})

test("what goes on is drawn anew each time, what is final once", () => {
  const drawn: number[] = []
  const panel = viewerPanel({
    ...transcript(3),
    isFinal: (index) => index < 2,
    lines: (index) => {
      drawn.push(index)
      return [[{ text: `block ${index}` }]]
    },
  })
  for (let time = 0; time < 3; time++) text(panel, 40, 10)
  expect(drawn.toSorted()).toEqual([0, 1, 2, 2, 2])
})

test("the viewer fits every screen", () => {
  fitsEverywhere(viewerPanel(transcript(60)), ["k", "e", "v", "k", "/", "p", "enter", "n", "g"])
})
