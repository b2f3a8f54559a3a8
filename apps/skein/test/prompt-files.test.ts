import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000

function put(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

const LOOK = `---
description: Looks at the folder
allowed-tools: Bash(make-it *), Bash(echo *)
---
Look: !\`echo seen\` and !\`touch escaped\` and !\`ls ~/.ssh\` $ARGUMENTS, @notes.txt, @../outside.txt`

describeBinary("a command in a file", () => {
  test(
    "of a folder that nobody trusts begins nothing, and it is said what to do",
    async () => {
      using talk = talking({ text: "Hello." })
      const { scene } = talk
      put(scene.cwd, ".claude/commands/look.md", LOOK)
      const said = await scene.run(["-p", "/look here"])
      expect(talk.lastSaid()).toBe("/look here")
      expect(said.err).toContain(
        "(command 1), and it is not trusted: nothing of it runs. See skein trust items; trust it with",
      )
    },
    HANG_MS,
  )

  test(
    "begins a turn with its text, in which it looks at what may be looked at and changes nothing",
    async () => {
      using talk = talking({ text: "Seen." })
      const { scene } = talk
      put(scene.cwd, ".claude/commands/look.md", LOOK)
      put(scene.cwd, "notes.txt", "the notes\n")
      put(scene.cwd, "../outside.txt", "outside\n")
      const said = await scene.run(["-p", "--trust", "/look at !`touch me`"])
      expect([said.code, said.out]).toEqual([0, "Seen.\n"])
      const text = talk.lastSaid() ?? ""
      expect(text).toContain("Look: seen and touch: cannot touch 'escaped': Read-only file system")
      expect(text).toContain("[Not run: `ls ~/.ssh`, because keys or passwords are kept there")
      expect(text).toContain('at !`touch me`, @notes.txt\n\n<file path="notes.txt">\nthe notes\n</file>')
      expect(text).toContain("@../outside.txt [not shown here: it reads outside the workspace")
      expect([existsSync(scene.path("escaped")), existsSync(scene.path("me"))]).toEqual([false, false])
    },
    HANG_MS,
  )

  test(
    "is the person's own in every folder, listed by help, and spares the questions of the tools that it names",
    async () => {
      const call = { calls: [{ name: "bash", args: { command: "./build.sh" } }] }
      using talk = talking(call, { text: "Not made." }, call, { text: "Made." })
      const { scene } = talk
      put(scene.cwd, "build.sh", "#!/bin/sh\necho made > made.txt\n")
      chmodSync(scene.path("build.sh"), 0o755)
      put(scene.home, ".claude/commands/plain.md", "Make it")
      put(scene.home, ".claude/commands/make.md", "---\nallowed-tools: Bash(./build.sh)\n---\nMake it")
      const help = await scene.run(["-p", "/help"])
      expect(help.out).toContain("/make")
      const lines = await scene.run(["-p", "--output-format", "stream-json", "--verbose", "/goal"])
      const [init = "{}"] = lines.out.split("\n")
      expect(JSON.parse(init).slash_commands).toContain("make")
      await scene.run(["-p", "--mode", "ask", "/plain"])
      expect(existsSync(scene.path("made.txt"))).toBe(false)
      await scene.run(["-p", "--mode", "ask", "/make"])
      expect(existsSync(scene.path("made.txt"))).toBe(true)
    },
    HANG_MS,
  )
})
