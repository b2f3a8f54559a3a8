import { expect, test } from "bun:test"
import { columnsOf, graphemes } from "../cells/graphemes.ts"
import { rowOf } from "../cells/row.ts"
import { emulator } from "../emulator/index.ts"
import type { Style } from "../line.ts"
import { apply } from "../paint/apply.ts"
import { Pen } from "../paint/pen.ts"
import { planDiff } from "../paint/plan.ts"
import { isPicture, PICTURE_CELLS_MAX, pictureLines } from "./placeholders.ts"
import { pictureGiven, pictureTaken } from "./transmit.ts"

const SEQUENCE = /^\u001b_G([^;]*);?([A-Za-z0-9+/=]*)\u001b\\$/

function sequencesOf(bytes: string): readonly (readonly [keys: string, payload: string])[] {
  return bytes
    .split(/(?<=\u001b\\)/)
    .map((one) => SEQUENCE.exec(one))
    .map((match) => [match?.[1] ?? "none", match?.[2] ?? ""])
}

test("a cell of a picture says which picture it is by its color, and which part by its marks", () => {
  const lines = pictureLines({ id: 0x00beef, columns: 3, rows: 2 })
  const style: Style = { foreground: "#00beef" }
  expect(lines).toEqual([
    [{ text: "\u{10eeee}\u0305\u0305\u{10eeee}\u0305\u030d\u{10eeee}\u0305\u030e", style }],
    [{ text: "\u{10eeee}\u030d\u0305\u{10eeee}\u030d\u030d\u{10eeee}\u030d\u030e", style }],
  ])
  expect(lines.flat().every(isPicture)).toBe(true)
  expect(isPicture({ text: "a" })).toBe(false)
})

test("every part of the largest picture is one cell whose width is sure, and no two of them are alike", () => {
  const lines = pictureLines({ id: 1, columns: 1_000, rows: 1_000 })
  expect(lines).toHaveLength(PICTURE_CELLS_MAX)
  const cells = lines.flatMap((line) => line.flatMap(({ text }) => graphemes(text)))
  expect(new Set(cells.map(({ text }) => text)).size).toBe(PICTURE_CELLS_MAX ** 2)
  expect(cells.every(({ columns, isSure }) => columns === 1 && isSure)).toBe(true)
  expect(columnsOf(lines[7]?.[0]?.text ?? "")).toBe(PICTURE_CELLS_MAX)
})

test("pictures are written as text is: in one go, and not again where they stand already", () => {
  const rows = pictureLines({ id: 0x010203, columns: 20, rows: 1 }).map((line) => rowOf(line, 40))
  const written = (before: typeof rows) => {
    const pen = new Pen({ columns: 40, colorDepth: "true", isAbsolute: false, row: 0, column: 0, reached: 0 })
    apply(planDiff(before, rows), pen)
    pen.rest()
    return pen.bytes.replaceAll(/\u001b\[\?7[lh]/g, "")
  }
  const [line] = pictureLines({ id: 0x010203, columns: 20, rows: 1 })
  expect(written([])).toBe(`\u001b[38;2;1;2;3m${line?.[0]?.text}\u001b[m`)
  expect(written(rows)).toBe("")
})

test("a picture is given in pieces that every terminal takes, and is whole behind the last", () => {
  const png = Uint8Array.from({ length: 10_000 }, (_, at) => at * 7)
  const pieces = sequencesOf(pictureGiven({ id: 77, columns: 9, rows: 4 }, png))
  expect(pieces.map(([keys]) => keys)).toEqual(["a=T,U=1,f=100,i=77,c=9,r=4,q=2,m=1", "q=2,m=1", "q=2,m=1", "q=2,m=0"])
  expect(pieces.every(([, payload]) => payload.length <= 4096)).toBe(true)
  expect([...Buffer.from(pieces.map(([, payload]) => payload).join(""), "base64")]).toEqual([...png])
  expect(sequencesOf(pictureTaken(77))).toEqual([["a=d,d=I,i=77,q=2", ""]])
})

test("what is given shows nothing by itself and moves nothing", () => {
  const terminal = emulator({ size: { columns: 20, rows: 3 } })
  const say = (text: string) => terminal.write(new TextEncoder().encode(text))
  say("ab")
  say(pictureGiven({ id: 5, columns: 2, rows: 1 }, new Uint8Array(9_000)))
  say(pictureTaken(5))
  say("cd")
  expect(terminal.lines()[0]).toBe("abcd")
})
