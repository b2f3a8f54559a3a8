import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { append } from "./ground/model.ts"
import { converse } from "./ground/own-front-end.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const ROOT = resolve(import.meta.dir, "../../..")

test(
  "a second front-end of forty lines leads the core in its own process: streams, is asked, and has the turn's end",
  async () => {
    using talk = talking({ text: "Let me. ", calls: [append("one")] }, { calls: [append("two")] }, { text: "Done." })
    const { scene } = talk
    const asked: string[] = []
    let said = ""
    await converse({ env: scene.env, cwd: scene.cwd, home: scene.home, version: "1", flags: { mode: "ask" } }, "go", {
      say(text) {
        said += text
      },
      async mayRun(title) {
        asked.push(title)
        return asked.length === 1
      },
    })

    expect(said).toBe("Let me. Done.\n(completed)\n")
    expect(asked.length).toBe(2)
    expect(scene.read("ran.txt")).toBe("one\n")
  },
  HANG_MS,
)

test("what docs/embedding.md shows is that front-end, word for word", () => {
  const shown = readFileSync(join(ROOT, "docs/embedding.md"), "utf8")

  expect(shown).toContain(readFileSync(join(import.meta.dir, "ground/own-front-end.ts"), "utf8"))
})
