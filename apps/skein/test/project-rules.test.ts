import { expect, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000

const RULES = `
[[rule]]
content = 'console\\.log'
decision = "deny"
message = "Use the logger."

[[rule]]
paths = ["notes/**"]
decision = "warn"
message = "Notes are public."
`

describeBinary("a rule of the project", () => {
  test(
    "holds in a folder that nobody trusts, in every mode, and the model is told why",
    async () => {
      const write = (path: string, content: string) => ({ calls: [{ name: "write", args: { path, content } }] })
      using talk = talking(write("a.js", "console.log(1)"), write("notes/b.md", "hello"), { text: "Done." })
      const { scene } = talk
      mkdirSync(scene.path(".skein"))
      writeFileSync(scene.path(".skein/rules.toml"), RULES)
      const said = await scene.run(["-p", "--mode", "full", "go"])
      expect([existsSync(scene.path("a.js")), existsSync(scene.path("notes/b.md"))]).toEqual([false, true])
      const told = JSON.stringify(talk.server.conversations.at(-1))
      expect(told).toContain("Use the logger.")
      expect(told).toContain("A rule of this project says of this call: Notes are public.")
      expect(said.out).toBe("Done.\n")

      const listed = await scene.run(["policy", "rules"])
      expect(listed.out).toContain("deny  *(write **) that writes /console\\.log/")
      const explained = await scene.run([
        "permissions",
        "explain",
        "--mode",
        "full",
        "--tool",
        "write",
        '{"path":"a.js","content":"console.log"}',
      ])
      expect(explained.out).toContain("Use the logger.")
    },
    HANG_MS,
  )
})
