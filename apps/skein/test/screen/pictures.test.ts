import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { deflateSync } from "node:zlib"
import type { Driven } from "@skein/term/driven"
import { sequenceReader } from "@skein/term/emulator"
import { describeBinary } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000
const CELL = "\u{10eeee}"
const NAMED = "[1 image: noise.png, 160×96]"

describeBinary("an image that is attached by its path", () => {
  test(
    "is given to a terminal that draws pictures, once and whole, and stands in the transcript as text does",
    async () => {
      const png = noise(160, 96)
      const { driven, bytes } = await sent(png, { TERM: "xterm-kitty" })
      expect(flawsIn(driven).filter((flaw) => !flaw.startsWith("beyond_cells: \\u001b_G"))).toEqual([])
      const said = stringsOf(bytes)
      expect(said[0]).toMatch(/^Ga=T,U=1,f=100,i=\d+,c=20,r=6,q=2,m=1;/)
      expect(said.map((one) => /^G.*m=([01]);/.exec(one)?.[1]).join("")).toMatch(/^1{2,}0$/)
      expect(said.every((one) => one.length < 4096 + 60)).toBe(true)
      const given = Buffer.from(said.map((one) => one.slice(one.indexOf(";") + 1)).join(""), "base64")
      expect(given.equals(png)).toBe(true)
      const text = bytes.toString()
      expect(text.split(CELL)).toHaveLength(1 + 20 * 6)
      expect(text.lastIndexOf("\u001b_G")).toBeLessThan(text.indexOf(CELL))
      const color = Number(/i=(\d+)/.exec(said[0] ?? "")?.[1])
      const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255]
      const [, style] = /([\d;]*)m$/.exec(text.slice(0, text.indexOf(CELL)).slice(-40)) ?? []
      expect(style).toEndWith(`38;2;${red};${green};${blue}`)
    },
    HANG_MS,
  )

  test(
    "is named in a terminal that does not, and not a byte of it is written",
    async () => {
      const { driven, bytes } = await sent(noise(160, 96), {})
      expect(flawsIn(driven)).toEqual([])
      expect([bytes.includes("\u001b_"), bytes.includes(CELL)]).toEqual([false, false])
    },
    HANG_MS,
  )
})

/** The binary, after two prompts of which the first had an image, and all that it wrote. */
async function sent(png: Buffer, env: Readonly<Record<string, string>>): Promise<{ driven: Driven; bytes: Buffer }> {
  using talk = talking({ text: "That is noise." }, { text: "It still is." })
  writeFileSync(join(talk.scene.cwd, "noise.png"), png)
  const driven = seated(talk.scene, { env })
  await driven.waitFor("claude")
  driven.type("/image noise.png")
  driven.press("enter")
  await driven.waitFor("[image: noise.png")
  driven.type("what is it")
  driven.press("enter")
  await driven.waitFor("That is noise.")
  expect(driven.text()).toContain(NAMED)
  driven.type("and now")
  driven.press("enter")
  await driven.waitFor("It still is.")
  expect(await left(driven)).toBe(0)
  const bytes = Buffer.concat(driven.recording.entries.flatMap((one) => ("bytes" in one ? [one.bytes] : [])))
  return { driven, bytes }
}

function stringsOf(bytes: Buffer): readonly string[] {
  const all = sequenceReader().read(bytes)
  return all.flatMap((one) => (one.kind === "string" && one.opener === "_" ? [one.text] : []))
}

/** A PNG of greys that cannot be made smaller: several sequences long. */
function noise(width: number, height: number): Buffer {
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0, seed = 1; at < rows.length; at++) {
    seed = (seed * 48_271) % 2_147_483_647
    rows[at] = at % (width + 1) === 0 ? 0 : seed & 255
  }
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0])
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks])
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  checksum.writeUInt32BE(Bun.hash.crc32(body))
  return Buffer.concat([length, body, checksum])
}
