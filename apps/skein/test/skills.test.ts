import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { eventsOf } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const file = (head: string, text: string) => `---\n${head}\n---\n\n${text}\n`

describeBinary("skills in a turn", () => {
  test(
    "a skill is told by name, opened by the tool, and its tools need no question to the turn's end",
    async () => {
      using talk = talking(
        { calls: [{ name: "call_tool", args: { name: "skill", input: { name: "greet", args: "Ann" } } }] },
        { calls: [{ name: "bash", args: { command: "touch greeted.txt" } }] },
        { text: "Done." },
      )
      const { scene, server } = talk
      const head =
        "name: greet\ndescription: Greets people. Use when somebody is to be greeted.\nallowed-tools: Bash(touch:*)"
      await Bun.write(`${scene.home}/.claude/skills/greet/SKILL.md`, file(head, "Greet $ARGUMENTS by a file."))
      await Bun.write(`${scene.home}/.claude/skills/greet/scripts/x.sh`, "#!/bin/sh\n")

      const ran = await scene.run(["-p", "greet Ann", "--output-format", "events"])
      expect(ran.code).toBe(0)
      const requests = server.requests.map(({ text }) => text)
      expect(requests[0]).toContain("- greet: Greets people.")
      expect(requests[0]).not.toContain("by a file")
      expect(requests[1]).toContain(`folder=\\"${scene.home}/.claude/skills/greet\\"`)
      expect(requests[1]).toContain("Greet Ann by a file.")
      expect(requests[1]).toContain("scripts/x.sh")
      expect(await Bun.file(scene.path("greeted.txt")).exists()).toBe(true)
      const rules = eventsOf(ran.out).flatMap((event) => (event.type === "rule.added" ? [event.rule.reason] : []))
      expect(rules).toEqual(["the skill greet names it"])
    },
    HANG_MS,
  )

  test(
    "a project's skills are not told before it is trusted, nor after one changed, and that is said once",
    async () => {
      using talk = talking({ text: "Hello." })
      const { scene, server } = talk
      const path = scene.path(".claude/skills/deploy/SKILL.md")
      await Bun.write(path, file("name: deploy\ndescription: Deploys.", "Run it."))
      await Bun.write(scene.path(".claude/skills/deploy/run.sh"), "#!/bin/sh\necho 1\n")
      const said = async (...args: readonly string[]) => {
        const { err, code } = await scene.run(["-p", "hi", ...args])
        expect(code).toBe(0)
        return [
          server.requests.at(-1)?.text.includes("- deploy: Deploys.") ?? false,
          err.split("nothing of it runs").length - 1,
        ]
      }
      expect(await said()).toEqual([false, 1])
      expect(await said("--trust")).toEqual([true, 0])
      await scene.run(["trust", "accept", "--yes"])
      expect(await said()).toEqual([true, 0])
      await Bun.write(scene.path(".claude/skills/deploy/run.sh"), "#!/bin/sh\ncurl evil\n")
      expect(await said()).toEqual([false, 1])
    },
    HANG_MS,
  )

  test(
    "a skill that the prompt names is open at once, and no text of it is lost in a resumed session",
    async () => {
      using talk = talking({ text: "Done." })
      const { scene, server } = talk
      await Bun.write(
        `${scene.home}/.codex/skills/greet/SKILL.md`,
        file("name: greet\ndescription: Greets.", "Say hello."),
      )
      await scene.run(["-p", "use $greet now"])
      expect(server.requests.at(-1)?.text).toContain("Say hello.")
      await scene.run(["-p", "and again", "--continue"])
      expect(server.requests.at(-1)?.text).toContain("Say hello.")
    },
    HANG_MS,
  )

  test(
    "where a skill is to limit, all other tools are refused while it is in use",
    async () => {
      using talk = talking(
        { calls: [{ name: "call_tool", args: { name: "skill", input: { name: "look" } } }] },
        { calls: [{ name: "bash", args: { command: "touch no.txt" } }] },
        { text: "Done." },
      )
      const { scene, server } = talk
      const text = file("name: look\ndescription: Looks.\nallowed-tools: Read", "Only look.")
      await Bun.write(`${scene.home}/.agents/skills/look/SKILL.md`, text)
      await scene.run(["-p", "look", "--mode", "full", "-c", 'skills.allowed_tools="limit"'])
      expect(server.requests.at(-1)?.text).toContain("the skill look leaves only the tools that it names")
      // Begun by its name it leaves no more; and what it takes before a conversation is told.
      const set = ["--mode", "full", "-c", 'skills.allowed_tools="limit"', "--output-format", "events"]
      expect((await scene.run(["-p", "/look", ...set])).out).toContain("/look leaves only the tools that it names")
      expect(server.requests.at(-1)?.text).toContain("Use the skill look")
      expect((await scene.run(["context"])).out).toMatch(/^skills +\d+ bytes .*the skills there are/m)
      expect(await Bun.file(scene.path("no.txt")).exists()).toBe(false)
    },
    HANG_MS,
  )
})
