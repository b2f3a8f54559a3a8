import { expect, test } from "bun:test"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { dice } from "../ground/dice.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { numbered, numbersIn, slowly } from "../ground/streaming.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 600_000
const RESIZES = 1_000
const BETWEEN_MS = 25
const LINES = RESIZES * 4
const TWICE_MAX = 5

describeBinary("a terminal that is resized while an answer comes", () => {
  // Long: a line that is lost is lost once in hundreds of resizes.
  test.if(IS_SOAK)(
    "shows every finished line in order, and but for few of them once",
    async () => {
      const seconds = (RESIZES * BETWEEN_MS) / 1000
      const reply = { text: `${numbered(LINES)}\n漢字 and the end.` }
      using talk = talking(slowly(reply, 50, Math.ceil((LINES * 130) / (seconds * 50))))
      const driven = seated(talk.scene, { isXterm: true })
      await driven.waitFor("claude")
      driven.type("count")
      await driven.waitFor("count")
      driven.press("enter")
      const roll = dice(7)
      for (let times = 0; times < RESIZES; times++) {
        driven.resize({ columns: 20 + roll(120), rows: times % 10 === 9 ? 1 : 2 + roll(48) })
        await Bun.sleep(BETWEEN_MS)
      }
      driven.resize({ columns: 80, rows: 24 })
      const shown = () => [...driven.scrollback(), ...driven.lines()]
      for (const endMs = performance.now() + HANG_MS / 2; performance.now() < endMs; await Bun.sleep(100)) {
        if (shown().some((line) => line.includes("and the end."))) break
      }
      await driven.waitStable(300)
      const all = shown()
      const numbers = numbersIn(all)
      expect(firsts(numbers)).toEqual(Array.from({ length: LINES }, (_, at) => at))
      // A line that was live when the screen became a single row is in the scrollback, and may be finished at that moment.
      expect(numbers.length - LINES).toBeLessThanOrEqual(TWICE_MAX)
      expect(all.filter((line) => line.includes("› count"))).toHaveLength(1)
      expect(await left(driven)).toBe(0)
      expect(flawsIn(driven)).toEqual([])
    },
    HANG_MS,
  )
})

/** Without those that stand again further down. */
function firsts(numbers: readonly number[]): readonly number[] {
  let last = -1
  return numbers.filter((number) => {
    const isNew = number > last
    if (isNew) last = number
    return isNew
  })
}
