import { type Line, type Style, textOf } from "@skein/term"
import { glyphsNamed } from "../src/view/glyphs.ts"
import type { Look, Theme } from "../src/view/look.ts"

/** A look whose styles say what they are, so that a test can read them back. */
export function testLook(columns: number): Look {
  return { columns, theme, glyphs: glyphsNamed("unicode"), isStill: true, now: 0 }
}

const style = (link: string): Style => ({ link })
const theme: Theme = {
  name: "test",
  isLight: false,
  text: style("text"),
  dim: style("dim"),
  strong: style("strong"),
  prompt: style("prompt"),
  heading: style("heading"),
  link: style("link"),
  code: style("code"),
  quote: style("quote"),
  selected: style("selected"),
  match: style("match"),
  added: style("added"),
  removed: style("removed"),
  addedWord: style("addedWord"),
  removedWord: style("removedWord"),
  running: style("running"),
  done: style("done"),
  failed: style("failed"),
  waiting: style("waiting"),
  danger: style("danger"),
  warning: style("warning"),
  bar: style("bar"),
  tokens: {
    plain: {},
    comment: {},
    string: {},
    number: {},
    keyword: {},
    type: {},
    function: {},
    property: {},
    operator: {},
    constant: {},
    tag: {},
  },
}

/** The rows as they are read. */
export function rowsOf(lines: readonly Line[]): readonly string[] {
  return lines.map(textOf)
}

/** What of the rows has this look, in order. */
export function withStyle(lines: readonly Line[], name: string): readonly string[] {
  return lines.flatMap((line) => line.filter((span) => span.style?.link === name).map(({ text }) => text))
}
