import type { Line } from "@skein/term"
import type { ImagePart } from "../../transcript/block.ts"
import { counted } from "../amounts.ts"
import { pngPixels } from "../pictures/png.ts"
import { textColumns } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { cutMiddle } from "../text/width.ts"
import { wrap } from "../text/wrap.ts"
import type { BlockDrawing } from "./view.ts"

/** `[2 images: shot.png, 640×480; cart.jpg]`: what is known of them. */
export function imageNames(images: readonly ImagePart[], { look }: BlockDrawing): Line[] {
  if (images.length === 0) return []
  const { theme, glyphs, columns } = look
  const known = images.slice(0, NAMED_MAX).map((image) => nameOf(image, look))
  const more = images.length > NAMED_MAX ? [glyphs.more] : []
  const facts = [...known, ...more].filter((fact) => fact !== "").join("; ")
  const text = `[${counted(images.length, "image")}${facts === "" ? "" : `: ${facts}`}]`
  return wrap([{ text, style: theme.dim }], textColumns(columns))
}

const NAMED_MAX = 8
const NAME_COLUMNS_MAX = 40

function nameOf({ name = "", data }: ImagePart, { glyphs }: BlockDrawing["look"]): string {
  const pixels = pngPixels(data)
  const size = pixels === undefined ? "" : `${pixels.width}${glyphs.times}${pixels.height}`
  const shown = cutMiddle(safeLine(name).trim(), NAME_COLUMNS_MAX, glyphs.more)
  return [shown, size].filter((fact) => fact !== "").join(", ")
}

/** The images themselves, below each other, where the terminal draws them; nothing where it does not, or does not know them. */
export function imageRows(images: readonly ImagePart[], columns: number, { look, pictures }: BlockDrawing): Line[] {
  const room = look.pictures
  if (room === undefined || pictures === undefined || columns < COLUMNS_MIN) return []
  return images.slice(0, DRAWN_MAX).flatMap((image) => pictures.rows(image, columns, room))
}

/** Of one prompt, or one result. */
const DRAWN_MAX = 4
/** With fewer there is nothing to be seen. */
const COLUMNS_MIN = 4
