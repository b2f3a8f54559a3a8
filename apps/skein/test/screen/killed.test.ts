import { expect, setDefaultTimeout, test } from "bun:test"
import { describeBinary } from "../ground/binary.ts"
import { left, seated } from "../ground/screen.ts"
import { type Talking, talking } from "../ground/talking.ts"

// A hang guard: each of them takes two seconds.
setDefaultTimeout(60_000)

const SLEEP = { name: "bash", args: { command: "echo begun; sleep 50" } }
const ARGS = ["--mode", "auto"]
const CUT = "○ Cut off: skein was stopped or the machine went down, without a word."

interface Moment {
  readonly name: string
  readonly begin: () => Talking
  readonly seen: string
}

const MOMENTS: readonly Moment[] = [
  { name: "nothing had come yet", begin: () => talking(({ answer }) => answer.gone), seen: "enter steer" },
  {
    name: "an answer came",
    begin: () =>
      talking(async ({ answer, bytes }) => {
        await answer.head(200)
        await answer.piece(bytes({ text: "A long story. ".repeat(9) }).subarray(0, 900))
        await answer.gone
      }),
    seen: "A long story.",
  },
  { name: "a command ran", begin: () => talking({ text: "I run it.", calls: [SLEEP] }), seen: "┊ begun" },
]

describeBinary("a session that was killed", () => {
  test.each(MOMENTS)("while $name says so in one line, once, when it is gone on with", async ({ begin, seen }) => {
    using talk = begin()
    const driven = seated(talk.scene, { args: ARGS })
    await driven.waitFor("? keys")
    driven.type("make it work")
    await driven.waitFor("make it work")
    driven.press("enter")
    await driven.waitFor(seen)
    process.kill(driven.pid, "SIGKILL")
    await driven.close()
    for (let times = 0; times < 2; times++) {
      const again = seated(talk.scene, { args: ["--continue", ...ARGS] })
      await again.waitFor("Cut off")
      await again.waitStable()
      const all = [...again.scrollback(), ...again.lines()].map((line) => line.trim())
      const from = all.indexOf("› make it work")
      expect({ from: from >= 0, cut: all.filter((line) => line === CUT) }).toEqual({ from: true, cut: [CUT] })
      expect(all.indexOf(CUT)).toBeGreaterThan(from)
      await left(again)
    }
  })
})
