import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import type { Driven } from "@skein/term/driven"
import { keepPicture } from "../../src/verbs/terminal-app/picture.ts"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { slowly } from "../ground/streaming.ts"
import { talking } from "../ground/talking.ts"

/** Once through takes a person half an hour; a scripted model and no pauses make seconds of it. */
const TIMES = IS_SOAK ? 20 : 1
const HANG_MS = TIMES * 60_000
/** A folder for pictures of every stage, to be looked at. */
const PICTURES = process.env.SKEIN_PICTURES

const WRITE = { name: "write", args: { path: "src/clock.ts", content: "export const now = () => 0\n" } }
const STORY = slowly({ text: `${"It goes on and on. ".repeat(40)}And that is it.` }, 20, 200)

describeBinary("a session of half an hour", () => {
  test(
    "of prompts, approvals, steering, another model, two tabs and undo shows at each moment what goes on",
    async () => {
      for (let time = 0; time < TIMES; time++) await session()
    },
    HANG_MS,
  )
})

async function session(): Promise<void> {
  using talk = talking(
    ...[{ text: "I will write the clock.", calls: [WRITE] }, { text: "The clock is written." }],
    ...[STORY, { text: "Steered." }, { text: "By the other model." }, { text: "In the other tab." }],
  )
  const driven = seated(talk.scene, { columns: 100, rows: 30 })
  const file = talk.scene.path("src/clock.ts")
  const saw = stages(driven)
  await driven.waitFor("claude")
  await saw("welcome", "? keys")

  await said(driven, "write a clock")
  await saw("approval", "◌", "write", "once", "no")
  expect(existsSync(file)).toBe(false)
  await Bun.sleep(700)
  driven.press("y")
  await saw("written", "✓ write", "The clock is written.", "Done", "/undo")
  expect(existsSync(file)).toBe(true)

  await said(driven, "tell me more")
  await saw("working", "It goes on", "enter steer", "esc stop")
  await said(driven, "be quick")
  await saw("steering", "be quick")
  await saw("steered", "Steered.", "Done")
  expect(talk.server.conversations.at(-1)?.said.at(-1)).toBe("be quick")

  await said(driven, "/models")
  await saw("models", "type to filter", "enter choose")
  driven.type("haiku")
  await driven.waitFor("models  haiku")
  driven.press("enter")
  await saw("chosen", "The model is")
  await said(driven, "and you?")
  await saw("other-model", "By the other model.", "haiku")

  driven.press("f9")
  await saw("new-tab", "2 new")
  await said(driven, "hello from here")
  await saw("second-tab", "In the other tab.", "1 write a clock")
  driven.press("f7")
  await saw("first-tab", "By the other model.", "2 hello from here")

  expect(await left(driven)).toBe(0)
  expect(driven.text()).toContain("Go on with: skein resume")
  expect(flawsIn(driven)).toEqual([])
}

/** Waits until all of these are on the screen at once. */
function stages(driven: Driven) {
  return async (name: string, ...wanted: readonly string[]) => {
    await driven.until((text) => wanted.every((each) => text.includes(each)), `${name}: ${wanted.join(", ")}`)
    if (PICTURES !== undefined) {
      keepPicture(PICTURES, name, { cells: driven.cells(), size: driven.size, caret: driven.caret() })
    }
  }
}

/** As a person types: the line is seen before Enter is pressed. */
async function said(driven: Driven, line: string): Promise<void> {
  driven.type(line)
  await driven.waitFor(`› ${line}`)
  await driven.waitStable(60)
  driven.press("enter")
}
