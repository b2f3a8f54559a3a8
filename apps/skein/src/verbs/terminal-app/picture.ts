import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pictureOf, type Shown } from "@skein/term/emulator"

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
  const painted = PAINTERS.find(([program]) => Bun.which(program) !== null)
  if (painted === undefined) return svg
  const [program, words] = painted
  return Bun.spawnSync([program, ...words(svg, png)], { stdout: "ignore", stderr: "ignore" }).success ? png : svg
}

const PAINTERS: readonly (readonly [program: string, words: (svg: string, png: string) => readonly string[]])[] = [
  ["rsvg-convert", (svg, png) => [svg, "-o", png]],
  [
    "chromium",
    (svg, png) => ["--headless", "--no-sandbox", "--hide-scrollbars", `--screenshot=${png}`, `file://${svg}`],
  ],
]
