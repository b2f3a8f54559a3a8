import { isPicture, type Line, pictureLines, type Span } from "@skein/term"
import type { ImagePart } from "../../transcript/block.ts"
import type { PictureLook } from "../../view/blocks/view.ts"
import type { PictureRoom } from "../../view/look.ts"
import { boxOf } from "../../view/pictures/box.ts"
import { type Pixels, pngPixels } from "../../view/pictures/png.ts"
import type { Drawn } from "../screen.ts"
import { SHELF_ROOM, Shelf, type Shown } from "./shelf.ts"

/** The largest that are given to a terminal. */
const BYTES_MAX = 2_000_000
/** A terminal holds four bytes for each, however few bytes the file has. */
const PIXELS_MAX = 16_000_000
const SIDE_MAX = 10_000
/** Of the room on a shelf: so there are never more than some hundred. */
const WORTH_MIN = 0.01

/**
 * Images as terminals draw them that know placeholders (`pictureLines`): laid out as lines, and given to the terminal just
 * before a frame that shows them. Which picture a row is of is known by the span itself, so no text can ask for one.
 */
export class Pictures implements PictureLook {
  readonly #shown = new WeakMap<Span, Shown>()
  readonly #shelves = { inline: new Shelf(), whole: new Shelf() }
  #extent: Drawn["extent"] = "inline"
  #isUsed = false

  rows({ data }: ImagePart, columns: number, { rowsMax, bytesMax }: PictureRoom): readonly Line[] {
    const pixels = data.length > Math.ceil(bytesMax / 3) * 4 ? undefined : pngPixels(data)
    if (pixels === undefined || !isBounded(pixels)) return []
    const box = boxOf(pixels, { columns, rows: rowsMax })
    const place = { ...box, id: numberOf(`${box.columns}×${box.rows} `, data) }
    const shown = { place, worth: worthOf(pixels, data), png: () => Buffer.from(data, "base64") }
    const lines = pictureLines(place)
    for (const line of lines) for (const span of line) this.#shown.set(span, shown)
    this.#isUsed = true
    return lines
  }

  /** With what the terminal has to be told before it. */
  drawn(drawn: Drawn): Drawn {
    const isEntered = drawn.extent === "whole" && this.#extent === "inline"
    this.#extent = drawn.extent
    if (!this.#isUsed) return drawn
    const shelf = this.#shelves[drawn.extent]
    // The alternate screen begins without any.
    if (isEntered) shelf.clear()
    const { lines } = drawn.frame
    const pictures = this.#picturesOf(drawn.extent === "inline" ? [...drawn.finished, ...lines] : lines)
    return pictures.length === 0 ? drawn : { ...drawn, ahead: shelf.show(pictures) }
  }

  /** The terminal was somebody else's, who may have wiped them. */
  doubt(): void {
    this.#shelves.inline.doubt()
    this.#shelves.whole.clear()
  }

  /** From the last, which a person sees first. */
  #picturesOf(lines: readonly Line[]): readonly Shown[] {
    const found = new Set<Shown>()
    for (let at = lines.length - 1; at >= 0; at--) {
      for (const span of lines[at] ?? []) {
        const shown = isPicture(span) ? this.#shown.get(span) : undefined
        if (shown !== undefined) found.add(shown)
      }
    }
    return [...found]
  }
}

function isBounded({ width, height }: Pixels): boolean {
  return Math.max(width, height) <= SIDE_MAX && width * height <= PIXELS_MAX
}

function worthOf({ width, height }: Pixels, data: string): number {
  const bytes = (data.length / 4) * 3
  return Math.min(Math.max(bytes / BYTES_MAX, (width * height) / PIXELS_MAX, WORTH_MIN), SHELF_ROOM)
}

/** The same for the same picture of the same size, on every screen: what is given twice is there once. Never 0. */
function numberOf(size: string, data: string): number {
  return Bun.hash.xxHash32(data, Bun.hash.xxHash32(size)) & 0xffffff || 1
}
