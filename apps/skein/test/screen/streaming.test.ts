import { expect, test } from "bun:test"
import { type Recording, stretchesOf } from "@skein/term/driven"
import { type Emulator, emulator } from "@skein/term/emulator"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { numbered, numbersIn, slowly } from "../ground/streaming.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = IS_SOAK ? 600_000 : 60_000
const LINES = IS_SOAK ? 10_000 : 500
/** Bytes that a changed cell may cost, and a frame that changes little. */
const BYTES_PER_CELL = 8
const BYTES_PER_FRAME = 300

describeBinary("a long answer on the screen", () => {
  test(
    "every line reaches the scrollback once and in order, nothing is wiped, and no frame costs more than it changes",
    async () => {
      using talk = talking(slowly({ text: `${numbered(LINES)}\nThat is all.` }, 400, 2_000))
      const driven = seated(talk.scene, { isXterm: true })
      await driven.waitFor("claude")
      driven.type("count")
      driven.press("enter")
      await driven.waitFor("That is all.", HANG_MS / 2)
      await driven.waitStable(300)
      const seen = [...driven.scrollback(), ...driven.lines()]
      expect(numbersIn(seen)).toEqual(Array.from({ length: LINES }, (_, at) => at))
      expect(await left(driven)).toBe(0)
      expect(flawsIn(driven)).toEqual([])
      expect(costlyFrames(driven.recording)).toEqual([])
    },
    HANG_MS,
  )
})

function costlyFrames(recording: Recording) {
  const screen = emulator({ size: recording.size })
  return stretchesOf(recording).flatMap(({ isFrame, bytes }, at) => {
    const before = cellsOf(screen)
    const kept = screen.scrollback().length
    screen.write(bytes)
    const onScreen = cellsOf(screen).filter((cell, index) => cell !== before[index]).length
    const changed = onScreen + screen.scrollback().slice(kept).join("\n").length
    const isCostly = isFrame && bytes.length > BYTES_PER_FRAME + changed * BYTES_PER_CELL
    return isCostly ? [{ frame: at, bytes: bytes.length, changed }] : []
  })
}

function cellsOf(screen: Emulator): string[] {
  return screen.cells().flatMap((row) => row.map(({ text }) => text))
}
