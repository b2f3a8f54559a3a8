import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { DEFAULT_SETTINGS, type SystemPort } from "../src/index.ts"
import { pngOf } from "./png.ts"
import { type Sitting, type SittingOptions, sit } from "./sitting.ts"

const CTRL_V = "\u0016"
const CTRL_L = "\u000c"
const F3 = "\u001bOR"
const F12 = "\u001b[24~"
const CELL = "\u{10eeee}"
const KITTY = { TERM: "xterm-kitty", COLORTERM: "truecolor" }
const DATA = pngOf(80, 48)

const PASTED = { kind: "image", mediaType: "image/png", data: DATA, bytes: 100 } as const
const paste: SystemPort["paste"] = async () => PASTED

/** Who has sent an image, and was answered. */
async function shown(options: SittingOptions = {}): Promise<Sitting> {
  const at = await sit(scriptedModel(say("A grey."), say("Again."), say("More.")), { system: { paste }, ...options })
  await at.until("scripted")
  await at.type(CTRL_V)
  await at.until("[image: clipboard")
  await at.type("what is it\r")
  await at.until("A grey.")
  return at
}

function given({ terminal }: Sitting): readonly string[] {
  return [...terminal.writes.join("").matchAll(/\u001b_G(a=[^;\u001b]*)/g)].map(([, keys]) => keys ?? "")
}

const GIVEN = expect.stringMatching(/^a=T,U=1,f=100,i=\d+,c=10,r=3,q=2,m=0$/)

test("an image that was sent is drawn in the transcript by a terminal that can, and is given to it once", async () => {
  const at = await shown({ env: KITTY })
  await at.type("and now\r")
  await at.until("Again.")
  expect(given(at)).toEqual([GIVEN])
  const [before = "", after = ""] = at.terminal.writes.join("").split("\u001b_Ga=T")
  expect([before.includes(CELL), after.includes(CELL)]).toEqual([false, true])
  const rows = at.screen().split("\n")
  const names = rows.findIndex((row) => row.includes("[1 image: clipboard, 80×48]"))
  expect(rows.slice(names + 1, names + 5).map((row) => row.split(CELL).length - 1)).toEqual([10, 10, 10, 0])
  await at.leave()
})

test.each([
  ["a terminal that cannot", {}, {}],
  ["one that shows fewer colors", { ...KITTY, FORCE_COLOR: "2" }, {}],
  ["tmux", { ...KITTY, TERM: "tmux-256color", TMUX: "/tmp/tmux,1,0" }, {}],
  ["a person who wants none", KITTY, { images: "off" }],
] as const)("an image is named, and not a byte of it written, for %s", async (_, env, tui) => {
  const at = await shown({ env, tui })
  const written = at.terminal.writes.join("")
  expect([written.includes("\u001b_G"), written.includes(CELL)]).toEqual([false, false])
  expect(at.terminal.text().join("\n")).toContain("[1 image: clipboard, 80×48]")
  await at.leave()
})

test("the whole screen and the transcript draw it too, and a screen that was wiped is given it again", async () => {
  const at = await shown({ env: KITTY })
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate && at.screen().includes(CELL))
  expect(given(at)).toEqual([GIVEN, GIVEN])
  await at.type("and now\r")
  await at.until("Again.")
  expect(given(at)).toHaveLength(2)
  await at.type(CTRL_L)
  await at.when(() => given(at).length === 3)
  await at.type(F3)
  expect(await at.until("esc back")).toContain(CELL)
  expect(given(at)).toHaveLength(3)
  await at.leave()
})

test("a picture is never higher than a third of the screen, whatever becomes of it", async () => {
  const tall = { ...PASTED, data: pngOf(80, 800) }
  const at = await shown({ env: KITTY, rows: 40, system: { paste: async () => tall } })
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  const heights: number[] = []
  for (const [columns, rows] of [
    [80, 24],
    [60, 30],
    [80, 40],
  ] as const) {
    await at.resize(columns, rows)
    heights.push(
      at
        .screen()
        .split("\n")
        .filter((row) => row.includes(CELL)).length,
    )
  }
  expect(heights).toEqual([8, 10, 13])
  await at.leave()
})

test("other settings draw and name images at once", async () => {
  let change = (_: "auto" | "off"): void => undefined
  const at = await shown({
    env: KITTY,
    tui: { images: "off" },
    onSettings(handler) {
      change = (images) => handler({ ...DEFAULT_SETTINGS, images })
    },
  })
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  expect(at.screen()).not.toContain(CELL)
  change("auto")
  await at.when(() => at.screen().includes(CELL))
  change("off")
  await at.when(() => !at.screen().includes(CELL))
  await at.leave()
})

test("an image that a tool gave the model is drawn below its call", async () => {
  const image = { type: "image", mediaType: "image/png", data: DATA, name: "shot.png" } as const
  const tools = testTools({ look: { run: () => ({ forModel: [image] }) } })
  const at = await sit(scriptedModel(call("look", {}), say("Grey.")), { env: KITTY, ports: { tools } })
  await at.type("look\r")
  await at.until("Grey.")
  expect(at.screen()).toContain(`  ┊ ${CELL}`)
  expect(given(at)).toEqual([GIVEN])
  await at.leave()
})
