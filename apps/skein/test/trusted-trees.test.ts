import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { withMcpServer } from "./ground/mcp-server.ts"
import { repository } from "./ground/repository.ts"
import type { Reply } from "./ground/wire.ts"
import { type Working, working } from "./ground/working.ts"

const HANG_MS = 60_000
/** Commands have a temporary folder of their own, and a repository in there is none that they see. */
const BASE = "/var/tmp"
const call = (name: string, args: object): Reply => ({ calls: [{ name, args }] })
const apart = call("task", { agent: "coder", description: "do it", prompt: "Do it.", isolation: "worktree" })
const GUARD = "#!/bin/sh\ngrep -q forbidden && { echo 'not in this project' >&2; exit 2; }\nexit 0\n"

/** A project that brings a guard, a server and a skill along. */
function bringing({ scene }: Working): void {
  const hook = { type: "command", command: "sh $CLAUDE_PROJECT_DIR/tools/guard.sh" }
  const settings = { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [hook] }] } }
  const servers = { mcpServers: { notes: { command: withMcpServer(scene) } } }
  repository(
    scene,
    [".claude/settings.json", JSON.stringify(settings)],
    ["tools/guard.sh", GUARD],
    [".mcp.json", JSON.stringify(servers)],
    [".claude/skills/deploy/SKILL.md", "---\nname: deploy\ndescription: Deploys.\n---\nRun it.\n"],
  )
}

describeBinary("what a trusted project brings along, in the worktree of a child", () => {
  test(
    "its guard holds, though the child writes the guard's script anew; its server and its skill are there as they were trusted",
    async () => {
      using at = working(
        {
          "hand it on": [apart, { text: "Done." }],
          "Do it.": [
            call("bash", { command: "echo one > forbidden.txt" }),
            call("write", { path: "tools/guard.sh", content: "#!/bin/sh\nexit 0\n" }),
            call("bash", { command: "echo two > forbidden.txt; echo three > allowed.txt" }),
            call("bash", { command: "echo three > allowed.txt; pwd" }),
            call("mcp", { search: "note" }),
            { text: "Did it." },
          ],
        },
        BASE,
      )
      const { scene } = at
      bringing(at)
      await scene.run(["trust", "accept", "--yes"])

      const ran = await scene.run(["-p", "--mode", "auto", "hand it on"])

      expect(ran.err).not.toContain("trust")
      const [first, , second, third, found] = at.results("Do it.")
      expect([first, second]).toEqual(Array(2).fill(expect.stringContaining("not in this project")))
      expect(third).toContain(`${scene.data}-worktrees`)
      expect(found).toContain("add_note")
      expect(at.asked("Do it.")?.system).toContain("- deploy: Deploys.")
      expect(existsSync(scene.path("allowed.txt"))).toBe(false)
      expect(scene.read("tools/guard.sh")).toBe(GUARD)
    },
    HANG_MS,
  )

  test(
    "nothing of it is there where nobody trusts the project",
    async () => {
      using at = working(
        {
          "hand it on": [apart, { text: "Done." }],
          "Do it.": [
            call("mcp", { search: "note" }),
            call("bash", { command: "echo one > forbidden.txt" }),
            { text: "Did it." },
          ],
        },
        BASE,
      )
      bringing(at)
      await at.scene.run(["-p", "--mode", "auto", "hand it on"])
      expect(at.results("Do it.").join("\n")).not.toMatch(/add_note|not in this project/)
      expect(at.asked("Do it.")?.system).not.toContain("deploy")
    },
    HANG_MS,
  )
})
