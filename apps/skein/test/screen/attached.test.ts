import { expect, test } from "bun:test"
import { describeBinary } from "../ground/binary.ts"
import { seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000

describeBinary("what goes on, from the screen", () => {
  test(
    "a program in a terminal is attached to, typed into and left; a call is put behind and stopped",
    async () => {
      using talk = talking(
        {
          calls: [
            {
              name: "process",
              args: { action: "start", command: "read -p 'name? ' x; echo hello $x; sleep 9999", terminal: true },
            },
          ],
        },
        { text: "It asks." },
        { calls: [{ name: "bash", args: { command: "echo begun; sleep 9999" } }] },
        { text: "Meanwhile." },
      )
      const driven = seated(talk.scene, { rows: 24 })
      const say = async (line: string) => {
        driven.type(line)
        await driven.waitFor(`› ${line}`)
        driven.press("enter")
      }
      try {
        await driven.waitFor("? keys")
        await say("start it")
        await driven.waitFor("It asks.")
        driven.press("f6")
        await driven.waitFor("1 in the background")
        driven.press("enter")
        await driven.waitFor("ctrl+] leaves it running")
        await driven.waitFor("name?")
        driven.type("you")
        driven.press("enter")
        await driven.waitFor("hello you")
        driven.press("ctrl+]")
        await driven.waitFor("1 in the background")
        driven.press("q")
        await say("build")
        await driven.waitFor("begun")
        driven.press("f6")
        await driven.waitFor("2 running")
        driven.press("b")
        await driven.waitFor("2 in the background")
        driven.press("q")
        await driven.waitFor("Meanwhile.")
        expect(talk.server.requests.at(-1)?.text).toContain("It goes on in the background as p2")
        driven.press("f6")
        await driven.waitFor("2 in the background")
        driven.press("X")
        await driven.waitFor("Stop all 2")
        driven.press("y")
        await driven.waitFor("Nothing runs.")
        driven.press("q")
        await driven.waitFor("p2 was ended by")
        expect(driven.lines().join("\n")).toContain("p1 was ended by SIG")
      } finally {
        await driven.close()
      }
    },
    HANG_MS,
  )
})
