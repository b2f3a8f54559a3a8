import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 40_000
const WRITE = { name: "write", args: { path: "hello.txt", content: "hello\n" } }

describeBinary("a slash command without a terminal", () => {
  test(
    "is answered without a model, in a session that is gone on with",
    async () => {
      using talk = talking({ text: "Hello there." })
      const { scene } = talk
      await scene.run(["-p", "hi"])
      const cost = await scene.run(["-p", "--continue", "/cost"])
      expect([cost.code, cost.err]).toEqual([0, ""])
      expect(cost.out).toMatch(/^cost +\$0\.\d{4}\ninput +[\d,]+ tokens, \d+% from the cache\noutput +\d+ tokens\n/)
      const lines = await scene.run([
        "-p",
        "--continue",
        "/goal ship it",
        "--output-format",
        "stream-json",
        "--verbose",
      ])
      const told = lines.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect(told.map(({ type }) => type)).toEqual(["system", "assistant", "result"])
      expect(told.at(-1)).toMatchObject({ is_error: false, result: "The goal: ship it", num_turns: 0 })
      expect((await scene.run(["-p", "--continue", "/goal"])).out).toBe("ship it\n")
      expect(await scene.run(["-p", "--continue", "/mode nope"])).toMatchObject({ code: 1, out: "" })
      expect(talk.lastSaid()).toBe("hi")
    },
    HANG_MS,
  )

  test(
    "that goes back says what it would do, and does it when told so",
    async () => {
      using talk = talking({ calls: [WRITE] }, { text: "Written." })
      const { scene } = talk
      await scene.run(["-p", "write it"])
      const said = await scene.run(["-p", "--continue", "/undo"])
      expect(said.out).toMatch(/delete +hello\.txt\n\nNothing was done yet\. To do it: \/undo yes\n$/)
      expect(existsSync(scene.path("hello.txt"))).toBe(true)
      const done = await scene.run(["-p", "--continue", "/undo yes"])
      expect([done.code, done.out, done.err]).toEqual([0, "1 turn taken back. /redo brings it again.\n", ""])
      expect(existsSync(scene.path("hello.txt"))).toBe(false)
    },
    HANG_MS,
  )
})
