import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 40_000

describeBinary("several calls in one", () => {
  test(
    "each is done and judged by itself, and the model reads what each gave, in order",
    async () => {
      const calls = [
        { tool: "write", input: { path: "a", content: "one\n" } },
        { tool: "read", input: { path: "a" } },
        { tool: "write", input: { path: "/etc/skein-must-not", content: "" } },
        { tool: "batch", input: { calls: [{ tool: "read", input: { path: "a" } }] } },
        { tool: "nothing", input: {} },
      ]
      using talk = talking({ calls: [{ name: "batch", args: { calls } }] }, { text: "Done." })
      const { scene, server } = talk
      expect((await scene.run(["-p", "do it"])).out).toBe("Done.\n")
      expect(scene.read("a")).toBe("one\n")
      const sent = server.requests.at(-1)?.text ?? ""
      for (const part of [
        "1. write (success)",
        "2. read (success)",
        "3. write (error)",
        "nobody is there to ask",
        "4. batch (error)",
        "A batch makes no batch",
        "5. nothing (error)",
        "There is no tool",
      ])
        expect(sent).toContain(part)
    },
    HANG_MS,
  )

  test(
    "more calls than ten are refused in words that say so",
    async () => {
      const calls = Array.from({ length: 11 }, () => ({ tool: "read", input: { path: "a" } }))
      using talk = talking({ calls: [{ name: "batch", args: { calls } }] }, { text: "I see." })
      await talk.scene.run(["-p", "do it"])
      expect(talk.server.requests.at(-1)?.text).toContain("<=10 items")
    },
    HANG_MS,
  )
})
