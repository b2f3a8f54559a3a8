import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import type { Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const bash = (...commands: string[]) => ({ calls: commands.map((command) => ({ name: "bash", args: { command } })) })

function put(scene: Scene, path: string, text: string): void {
  mkdirSync(dirname(join(scene.home, path)), { recursive: true })
  writeFileSync(join(scene.home, path), text)
}

describeBinary("permissions of the binary", () => {
  test(
    "a past session tells what a rule would have spared, and what it would have let through",
    async () => {
      const calls = bash("npm test", "npm test -- --grep a", "git reset --hard", "ls", "npm publish")
      using talk = talking(calls, { text: "Done." })
      const { scene } = talk
      await scene.run(["-p", "--mode", "ask", "work"])
      const simulated = async (...rule: string[]) =>
        JSON.parse((await scene.run(["permissions", "simulate", ...rule, "--json"])).out)
      const npm = await simulated("allow", "npm test *")
      expect(npm).toMatchObject({ sessions: 1, calls: 5, unplanned: 0, promptsBefore: 4, promptsAfter: 2 })
      expect(npm.changed.map(({ title, danger }: { title: string; danger?: string }) => [title, danger])).toEqual([
        ["npm test", undefined],
        ["npm test -- --grep a", undefined],
      ])
      const all = await simulated("allow", "bash")
      expect(all.promptsAfter).toBe(0)
      expect(
        all.changed
          .filter(({ danger }: { danger?: string }) => danger !== undefined)
          .map(({ title }: { title: string }) => title),
      ).toEqual(["git reset --hard", "npm publish"])
      expect(await simulated("deny", "npm *")).toMatchObject({ promptsBefore: 4, promptsAfter: 1 })
    },
    HANG_MS,
  )

  test(
    "a past call is judged in its own folder, by that folder's rules and its session's mode",
    async () => {
      using talk = talking(bash("npm test"), { text: "Done." })
      const { scene } = talk
      const other = join(scene.root, "other")
      mkdirSync(other)
      await scene.run(["permissions", "add", "deny", "npm test", "--scope", "project"])
      await scene.run(["-p", "--mode", "full", "work"], { cwd: other })
      const { out } = await scene.run(["permissions", "simulate", "deny", "npm test", "--all", "--json"])
      expect(JSON.parse(out).changed).toMatchObject([{ title: "npm test", before: "allow", after: "deny" }])
    },
    HANG_MS,
  )

  test(
    "a rule kept in one terminal holds in the next turn of another; one that denies stands above full mode",
    async () => {
      using talk = talking(bash("touch made"), { text: "Done." }, bash("touch made"), { text: "Done." })
      const { scene } = talk
      expect((await scene.run(["permissions", "add", "deny", "touch *", "--reason", "hands off"])).code).toBe(0)
      const refused = await scene.run(["-p", "--mode", "full", "--no-sandbox", "touch it"])
      expect(refused.err).toContain("hands off")
      expect(scene.files(scene.cwd)).toEqual([])
      expect((await scene.run(["permissions", "remove", "1"])).code).toBe(0)
      await scene.run(["-p", "--mode", "full", "--no-sandbox", "touch it"])
      expect(scene.files(scene.cwd)).toEqual([scene.path("made")])
    },
    HANG_MS,
  )

  test(
    "Codex's rules of the person hold, and are left unread with --ignore-rules",
    async () => {
      using talk = talking(bash("touch made"), { text: "Done." }, bash("touch made"), { text: "Done." })
      const { scene } = talk
      put(
        scene,
        ".codex/rules/default.rules",
        'prefix_rule(pattern=["touch"], decision="forbidden", justification="ask a person")',
      )
      const exec = ["exec", "--skip-git-repo-check", "-s", "danger-full-access"]
      await scene.run([...exec, "touch it"])
      expect(scene.files(scene.cwd)).toEqual([])
      await scene.run([...exec, "--ignore-rules", "touch it"])
      expect(scene.files(scene.cwd)).toEqual([scene.path("made")])
    },
    HANG_MS,
  )
})
