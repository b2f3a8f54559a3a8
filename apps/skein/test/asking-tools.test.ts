import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
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

  test(
    "write the tests and make the edits that were asked for, by calls of their own that are judged",
    async () => {
      const better = { path: "a.ts", oldText: "let n", newText: "const n" }
      using talk = talking(
        one("testgen", { file: "a.ts", framework: "bun:test", output_file: "a.test.ts" }),
        { text: JSON.stringify({ code: "test('is one', () => {})", notes: "None." }) },
        one("refactor", { files: ["a.ts"], dryRun: false }),
        { text: JSON.stringify({ suggestions: [{ title: "Constant", why: "It stays.", edits: [better] }] }) },
        { text: "Done." },
      )
      const { scene } = talk
      const { put } = repository(scene, ["a.ts", "let n = 1\n"])
      put("a.ts", "let n = 1\n")
      const { code } = await scene.run(["-p", "better it", "--mode", "accept-edits"])
      expect([code, scene.read("a.test.ts"), scene.read("a.ts")]).toEqual([
        0,
        "test('is one', () => {})\n",
        "const n = 1\n",
      ])
    },
    HANG_MS,
  )

  test(
    "change nothing where what they would write is refused, and say so",
    async () => {
      using talk = talking(
        one("testgen", { file: "a.ts", framework: "bun:test", output_file: "a.test.ts" }),
        { text: JSON.stringify({ code: "test('is one', () => {})", notes: "None." }) },
        { text: "Done." },
      )
      const { scene } = talk
      const { put } = repository(scene, ["a.ts", "let n = 1\n"])
      put("a.ts", "let n = 1\n")
      await scene.run(["-p", "better it", "--mode", "plan"])
      expect(existsSync(join(scene.cwd, "a.test.ts"))).toBe(false)
      expect(lastAsked(talk)).toContain("They were not written to a.test.ts")
    },
    HANG_MS,
  )
})
