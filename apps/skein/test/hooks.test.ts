import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { handOver, startedBy, WHO, type Who } from "./ground/attack.ts"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

// A hang guard: each takes a second or two.
setDefaultTimeout(60_000)

/** A file of hooks below the home (`~/…`) or the project. */
function put(scene: Scene, name: string, content: unknown): string {
  const path = name.startsWith("~/") ? join(scene.home, name.slice(2)) : scene.path(name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o755 })
  return path
}

const one = (command: string, more: object = {}) => [{ ...more, hooks: [{ type: "command", command }] }]

for (const who of WHO) {
  describeBinary(`hooks of a project, as ${who}`, () => {
    const said = async (scene: Scene, who: Who, args: readonly string[]) => {
      const child = Bun.spawn([...startedBy(who), ...args], {
        ...{ cwd: scene.cwd, env: scene.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
      })
      const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
      return { out, err, code }
    }
    const spread =
      "echo in > inside.txt; echo out > ../outside.txt; (echo > /dev/tcp/1.1.1.1/80) 2>/dev/null && echo reached; echo done"

    test("nothing runs unless the person trusts exactly that; then it runs held, and a changed script asks again", async () => {
      const scene = new Scene()
      try {
        put(scene, ".claude/settings.json", { hooks: { SessionStart: one("$CLAUDE_PROJECT_DIR/tools/start.sh") } })
        put(scene, "tools/start.sh", `#!/bin/bash\n${spread}\n`)
        if (who === "nobody") handOver(scene.root)
        const test = ["hooks", "test", "SessionStart"]

        const before = await said(scene, who, test)
        expect(before.out).toContain("Nothing is set to run at this point")
        expect(before.err).toContain(
          "could make programs run (hook 2), and it is not trusted: nothing of it runs. See skein trust",
        )
        expect(existsSync(scene.path("inside.txt"))).toBe(false)

        expect((await said(scene, who, ["trust", "items"])).out).toContain("tools/start.sh")
        await said(scene, who, ["trust", "accept", "--yes"])
        const after = await said(scene, who, test)
        expect(after.out).toMatch(/^changed .*\n\ncontext {3}done$/m)
        expect(existsSync(scene.path("inside.txt"))).toBe(true)
        expect(existsSync(join(scene.root, "outside.txt"))).toBe(false)

        writeFileSync(scene.path("tools/start.sh"), "#!/bin/bash\necho other\n")
        expect((await said(scene, who, test)).out).toContain("Nothing is set to run")
        expect((await said(scene, who, [...test, "--trust"])).out).toContain("context   other")
        const listed = await said(scene, who, ["hooks", "list"])
        expect(listed.out).toMatch(/^untrusted SessionStart {2}\*\n {10}\$CLAUDE_PROJECT_DIR\/tools\/start\.sh$/m)
      } finally {
        scene.remove()
      }
    })
  })
}

describeBinary("skein hooks", () => {
  test("says what is set and what is wrong, as lines and as JSON, and refuses points that there are not", async () => {
    const scene = new Scene()
    try {
      put(scene, "~/.claude/settings.json", { hooks: { PreToolUse: one("exit 0"), Stop: "x" } })

      const listed = JSON.parse((await scene.run(["hooks", "list", "--json"])).out)
      expect(listed.hooks).toMatchObject([{ event: "PreToolUse", what: "exit 0", from: "person", state: "runs" }])
      expect(listed.flaws).toEqual([`${scene.home}/.claude/settings.json#hooks.Stop: Expected a list.`])
      const wrong = await scene.run(["hooks", "test", "BeforeTool"])
      expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("One of SessionStart, SessionEnd")])
      const ran = await scene.run(["hooks", "test", "pretooluse", "--json"])
      expect([ran.code, JSON.parse(ran.out).ran]).toMatchObject([0, [{ hook: "exit 0", outcome: "passed" }]])
      await Bun.write(join(scene.home, ".config/skein/config.toml"), "[hooks]\nenabled = false\n")
      expect((await scene.run(["hooks"])).err).toContain("Hooks are off")
    } finally {
      scene.remove()
    }
  })
})
