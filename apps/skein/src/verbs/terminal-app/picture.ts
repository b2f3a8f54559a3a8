import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type PictureSize, pictureOf, pictureSize, type Shown } from "@skein/term/emulator"

/**
 * A screen as `NAME.svg` and, where librsvg's `rsvg-convert` or a headless Chromium is installed, as `NAME.png`. Returns the
 * path of the best of them.
 */
export function keepPicture(folder: string, name: string, shown: Shown): string {
  mkdirSync(folder, { recursive: true })
  const plain = join(folder, name.replace(/[^\w.-]+/g, "-"))
  const svg = `${plain}.svg`
  writeFileSync(svg, pictureOf(shown))
  const png = `${plain}.png`
  const painted = PAINTERS.find(({ program }) => Bun.which(program) !== null)
  if (painted === undefined) return svg
  const { program, words } = painted
  return Bun.spawnSync([program, ...words(svg, png, pictureSize(shown.size))], { stdout: "ignore", stderr: "ignore" })
    .success
    ? png
    : svg
}

interface Painter {
  readonly program: string
  readonly words: (svg: string, png: string, size: PictureSize) => readonly string[]
}

const PAINTERS: readonly Painter[] = [
  { program: "rsvg-convert", words: (svg, png) => [svg, "-o", png] },
  {
    program: "chromium",
    // What is beyond its window it leaves out.
    words: (svg, png, { width, height }) => [
      ...["--headless", "--no-sandbox", "--hide-scrollbars", `--window-size=${width},${height}`],
      ...[`--screenshot=${png}`, `file://${svg}`],
    ],
  },
]
