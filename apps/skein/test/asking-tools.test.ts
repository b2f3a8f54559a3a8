import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { repository } from "./ground/repository.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 40_000
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""
const one = (name: string, args: unknown) => ({ calls: [{ name, args }] })

describeBinary("tools that ask another model", () => {
  test(
    "review real changes, write tests and look for causes in real files, and say what cannot be done",
    async () => {
      const finding = { file: "a.ts", line: 2, severity: "warning", message: "Divides by n.", fix: null }
      using talk = talking(
        one("code_review", { target: "uncommitted" }),
        { text: JSON.stringify({ findings: [finding] }) },
        one("bug_localize", { error: "RangeError\n    at a.ts:2:1" }),
        { text: JSON.stringify({ causes: [{ file: "a.ts", line: 2, why: "n is 0.", confidence: 1 }] }) },
        one("testgen", { file: "a.ts", framework: "bun:test" }),
        { text: JSON.stringify({ code: "test('halves', …)", notes: "None." }) },
        one("refactor", { files: ["a.ts"] }),
        { text: JSON.stringify({ suggestions: [] }) },
        one("code_review", { target: "commit:nowhere" }),
        { text: "Done." },
      )
      const { scene } = talk
      const { put } = repository(scene, ["a.ts", "1\n"])
      put("a.ts", "1\n2 / n\n")
      const { code, out } = await scene.run(["-p", "look at it"])
      expect([code, out]).toEqual([0, "Done.\n"])
      const told = lastAsked(talk)
      for (const words of [
        "a.ts:2 warning: Divides by n.",
        "a.ts:2 (100 %) n is 0.",
        "bun test",
        "Nothing to suggest.",
      ]) {
        expect(told).toContain(words)
      }
      expect(told).toContain("git did not succeed")
      const review = talk.server.requests[1]?.text ?? ""
      expect([review.includes("+2 / n"), review.includes("input_schema")]).toEqual([true, false])
    },
    HANG_MS,
  )
})
