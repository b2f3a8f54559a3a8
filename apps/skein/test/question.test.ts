import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 40_000
const QUESTION = {
  ...{ header: "Colour", question: "Which colour?" },
  options: [{ label: "Red" }, { label: "Blue", description: "cold" }],
}
const asks = { calls: [{ name: "question", args: { questions: [QUESTION] } }] }
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("what a model asks a person", () => {
  test(
    "is answered from a file where nobody sits, by header, by question or for all; what does not fit is told",
    async () => {
      using talk = talking(asks, { text: "Painted." })
      const { scene } = talk
      await Bun.write(scene.path("a.json"), JSON.stringify({ Colour: "blue" }))
      await Bun.write(scene.path("b.json"), JSON.stringify({ "*": 7 }))
      expect((await scene.run(["-p", "--answers", "a.json", "paint it"])).out).toBe("Painted.\n")
      expect(lastAsked(talk)).toContain("Which colour?\\n→ Blue")
    },
    HANG_MS,
  )

  test(
    "is refused to the model with what to do where nobody and no file answers, and a bad file is refused at the start",
    async () => {
      using talk = talking(asks, { text: "Red then." }, asks, { text: "Red again." })
      const { scene } = talk
      expect((await scene.run(["-p", "paint it"])).out).toBe("Red then.\n")
      expect(lastAsked(talk)).toContain("Nobody is here to be asked. Choose what fits best yourself")
      await Bun.write(scene.path("b.json"), JSON.stringify({ Size: "1" }))
      await scene.run(["exec", "--skip-git-repo-check", "--answers", "b.json", "paint it"])
      expect(lastAsked(talk)).toContain('prepared answers say nothing about \\"Colour\\"')
      await Bun.write(scene.path("c.json"), "[1]")
      const { code, err } = await scene.run(["-p", "--answers", "c.json", "paint it"])
      expect([code, err]).toEqual([2, expect.stringContaining("c.json must hold one object of JSON")])
    },
    HANG_MS,
  )
})
