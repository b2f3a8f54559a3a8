import { expect, test } from "bun:test"
import { isPicture, type Line, textOf } from "@skein/term"
import { lookOf } from "../../../test/looks.ts"
import { pngHead, pngOf } from "../../../test/png.ts"
import type { Block, ImagePart } from "../../transcript/block.ts"
import { blockLines } from "../../view/blocks/block-lines.ts"
import type { Drawn } from "../screen.ts"
import { Pictures } from "./pictures.ts"

const ROOM = { rowsMax: 8, bytesMax: 2_000_000 }

function imageOf(data: string, name?: string): ImagePart {
  return { type: "image", mediaType: "image/png", data, name }
}

function promptOf(...images: readonly ImagePart[]): Block {
  return { kind: "prompt", id: "p", isFinal: true, text: "see", images, isSteer: false }
}

function linesOf(block: Block, pictures: Pictures, room: typeof ROOM | undefined = ROOM): readonly Line[] {
  return blockLines(block, { ...lookOf(80), pictures: room }, { isExpanded: false, isFocused: false, pictures })
}

const inline = (finished: readonly Line[], live: readonly Line[] = []): Drawn => ({
  ...{ extent: "inline", finished, frame: { lines: live } },
})
const whole = (lines: readonly Line[]): Drawn => ({ extent: "whole", frame: { lines } })

/** `+id` for a picture that is given, `-id` for one that is taken. */
function told({ ahead = "" }: Drawn): readonly string[] {
  return [...ahead.matchAll(/\u001b_Ga=([Td])[^;\u001b]*?i=(\d+)/g)].map(
    ([, what, id]) => (what === "T" ? "+" : "-") + id,
  )
}

const idOf = (lines: readonly Line[]) =>
  Number.parseInt(lines.flat().find(isPicture)?.style?.foreground?.slice(1) ?? "0", 16)

test("a picture is as large as it is, or as large as fits, and stands below its name", () => {
  const shapes = [
    [640, 480],
    [16, 16],
    [4_000, 10],
    [10, 4_000],
    [1, 1],
  ].map(([width = 0, height = 0]) => {
    const lines = linesOf(promptOf(imageOf(pngOf(width, height), "a.png")), new Pictures())
    const rows = lines.filter((line) => line.some(isPicture))
    const [first = []] = rows
    return [textOf(lines[1] ?? []), rows.length, [...textOf(first)].filter((one) => one === "\u{10eeee}").length]
  })
  expect(shapes).toEqual([
    ["  [1 image: a.png, 640×480]", 8, 21],
    ["  [1 image: a.png, 16×16]", 1, 2],
    ["  [1 image: a.png, 4000×10]", 1, 76],
    ["  [1 image: a.png, 10×4000]", 8, 1],
    ["  [1 image: a.png, 1×1]", 1, 1],
  ])
})

test("a result's images are drawn below its line", () => {
  const block: Block = {
    ...{ kind: "call", id: "c", isFinal: true, callId: "cal_1", name: "read", title: "a.png", toolKind: "read" },
    ...{ state: "success", isUntrusted: false, view: { kind: "text", body: "", summary: "80×32" } },
    images: [imageOf(pngOf(80, 32), "a.png")],
  }
  const lines = linesOf(block, new Pictures()).map((line) => textOf(line).replaceAll(/\u{10eeee}\p{Mn}{2}/gu, "#"))
  expect(lines.slice(1)).toEqual(["  ┊ ##########", "  ┊ ##########"])
})

test("what is no PNG, lies about its size, or is too much for a terminal is named and not drawn", () => {
  const pictures = new Pictures()
  const texts = [
    imageOf("aGVsbG8=", "hello.png"),
    imageOf("", "nothing.png"),
    imageOf(pngHead(0, 5), "flat.png"),
    imageOf(pngHead(2 ** 32 - 1, 2 ** 32 - 1), "endless.png"),
    imageOf(pngHead(30_000, 10), "wide.png"),
    imageOf(pngHead(9_000, 9_000), "bomb.png"),
    imageOf(`${pngHead(10, 10)}${"A".repeat(2_800_000)}`, "long.png"),
    imageOf(
      Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\u0003\u0002      ", "latin1").toString(
        "base64",
      ),
      "odd.png",
    ),
    imageOf("", "\u001b]52;c;eA==\u0007\n\u202e.png"),
  ].map((image) => linesOf(promptOf(image), pictures).map(textOf))
  expect(texts.map((lines) => lines.slice(1))).toEqual([
    ["  [1 image: hello.png]"],
    ["  [1 image: nothing.png]"],
    ["  [1 image: flat.png]"],
    ["  [1 image: endless.png]"],
    ["  [1 image: wide.png, 30000×10]"],
    ["  [1 image: bomb.png, 9000×9000]"],
    ["  [1 image: long.png, 10×10]"],
    ["  [1 image: odd.png]"],
    ["  [1 image: \\e]52;c;eA==\\u{7} \\u{202e}.png]"],
  ])
})

test("nothing that stands in an image's data reaches the terminal but base64", () => {
  const pictures = new Pictures()
  const data = `${pngOf(20, 20)}\u001b\\\u001b[2J\u0007\n`
  const { ahead = "" } = pictures.drawn(inline(linesOf(promptOf(imageOf(data)), pictures)))
  expect(ahead).toMatch(/^\u001b_Ga=T,U=1,f=100,i=\d+,c=\d+,r=\d+,q=2,m=0;[A-Za-z0-9+/=]+\u001b\\$/)
})

test("a text that looks like a picture asks for none", () => {
  const pictures = new Pictures()
  const lines = linesOf(promptOf(imageOf(pngOf(20, 20))), pictures)
  const forged = lines.map((line) => line.map((span) => ({ ...span })))
  expect(told(pictures.drawn(inline(forged)))).toEqual([])
  const said: Block = { kind: "shown", id: "s", isFinal: true, title: "", text: "\u{10eeee}\u0305\u0305" }
  expect(linesOf(said, pictures).flat().some(isPicture)).toBe(false)
})

test("a picture is given once, before the frame that first shows it, and again where the terminal may have lost it", () => {
  const pictures = new Pictures()
  const lines = linesOf(promptOf(imageOf(pngOf(20, 20))), pictures)
  const id = idOf(lines)
  expect(told(pictures.drawn(inline([])))).toEqual([])
  expect(told(pictures.drawn(inline(lines)))).toEqual([`+${id}`])
  expect(told(pictures.drawn(inline([], lines)))).toEqual([])
  // The alternate screen has none of them, each time that it is entered.
  expect(told(pictures.drawn(whole(lines)))).toEqual([`+${id}`])
  expect(told(pictures.drawn(whole(lines)))).toEqual([])
  expect(told(pictures.drawn(inline(lines)))).toEqual([])
  expect(told(pictures.drawn(whole(lines)))).toEqual([`+${id}`])
  pictures.doubt()
  expect(told(pictures.drawn(whole(lines)))).toEqual([`+${id}`])
  expect(told(pictures.drawn(inline(lines)))).toEqual([`+${id}`])
})

test("the same picture in another place is the same to the terminal, and in another size another", () => {
  const [one, other] = [new Pictures(), new Pictures()]
  const data = pngOf(640, 480)
  const id = idOf(linesOf(promptOf(imageOf(data, "a")), one))
  expect(id).toBeGreaterThan(0)
  expect(id).toBeLessThan(2 ** 24)
  expect(idOf(linesOf(promptOf(imageOf(data, "b")), other))).toBe(id)
  expect(idOf(linesOf(promptOf(imageOf(data, "a")), one, { ...ROOM, rowsMax: 5 }))).not.toBe(id)
  expect(idOf(linesOf(promptOf(imageOf(pngOf(640, 480, 3))), one))).not.toBe(id)
})

test("the terminal keeps four of the largest: the oldest makes room, and none that is on the screen", () => {
  const pictures = new Pictures()
  // Each more than half of the largest.
  const all = Array.from({ length: 9 }, (_, grey) => linesOf(promptOf(imageOf(pngOf(3_000, 3_000, grey))), pictures))
  const ids = all.map(idOf)
  const shown = (...at: readonly number[]) => told(pictures.drawn(inline(at.flatMap((one) => all[one] ?? []))))
  for (let at = 0; at < 7; at++) expect(shown(at)).toEqual([`+${ids[at]}`])
  expect(shown(0)).toEqual([])
  expect(shown(7)).toEqual([`-${ids[1]}`, `+${ids[7]}`])
  expect(shown(1)).toEqual([`-${ids[2]}`, `+${ids[1]}`])
  // All at once are more than there is room for.
  expect(shown(...ids.keys())).toEqual([])
})
