import { expect, test } from "bun:test"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import type { Scene } from "./ground/scene.ts"
import { working } from "./ground/working.ts"

const HANG_MS = 60_000

const work = (agent: string, prompt: string, more: object = {}) => ({
  name: "task",
  args: { agent, description: `do ${prompt}`, prompt, ...more },
})
const write = (path: string, content: string) => ({ name: "write", args: { path, content } })
const edit = (path: string, oldText: string, newText: string) => ({ name: "edit", args: { path, oldText, newText } })
const call = (name: string, args: object) => ({ calls: [{ name, args }] })

async function inRepository(scene: Scene, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await Bun.write(scene.path(path), text)
  const who = ["-c", "user.name=a", "-c", "user.email=a@b"]
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    [...who, "commit", "-qm", "first"],
  ])
    Bun.spawnSync(["git", ...args], { cwd: scene.cwd, env: scene.env })
}

const treesOf = (scene: Scene) => {
  const folder = `${scene.data}-worktrees`
  return existsSync(folder) ? readdirSync(folder) : []
}

describeBinary("work that is handed to agents", () => {
  test(
    "a person's own agent is told to the model, and works as its file says",
    async () => {
      using at = working({
        "who is there": [{ calls: [work("Mender", "Mend it.")] }, { text: "Done." }],
        "Mend it.": [{ text: "Mended." }],
      })
      const { scene } = at
      const head = "name: Mender\ndescription: Mends what is broken\ntools: Read, Bash"
      await Bun.write(join(scene.home, ".config/skein/agents/mender.md"), `---\n${head}\n---\nMend with care.\n`)
      await scene.run(["-p", "who is there"])
      expect(at.asked("who is there")?.system).toContain("- Mender: Mends what is broken")
      expect(at.asked("Mend it.")?.system).toContain("Mend with care.")
      expect(at.asked("Mend it.")?.tools.map(({ name }) => name)).toEqual(["read", "bash"])
      expect(at.results("who is there")[0]).toContain("Mended.")
    },
    HANG_MS,
  )

  test(
    "an agent has its own instructions, tools and context, and its last message comes back",
    async () => {
      using at = working({
        "who knows": [{ calls: [work("finder", "Find the parser.")] }, { text: "It is in src." }],
        "Find the parser.": [call("glob", { pattern: "**/*.ts" }), { text: "src/parser.ts:1" }],
      })
      await Bun.write(at.scene.path("src/parser.ts"), "export {}\n")
      const ran = await at.scene.run(["-p", "who knows"])
      expect([ran.code, ran.out]).toEqual([0, "It is in src.\n"])
      expect(at.results("who knows")[0]).toMatch(/^src\/parser\.ts:1\n\(session ses_[\w-]+, [\d.]+ s, 2 steps/)
      const child = at.asked("Find the parser.")
      expect(child?.system).toContain("Find the places that are asked for.")
      expect(child?.tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["read", "grep"]))
      expect(child?.tools.map(({ name }) => name)).not.toContain("write")
      expect(child?.said).toHaveLength(1)
    },
    HANG_MS,
  )

  test(
    "an agent that only looks changes nothing, whatever it tries; one that there is not is told with who there is",
    async () => {
      using at = working({
        "try it": [{ calls: [work("researcher", "Look."), work("nobody", "x")] }, { text: "Done." }],
        "Look.": [
          { calls: [write("a.txt", "x\n"), { name: "bash", args: { command: "echo x > b.txt" } }] },
          { text: "Looked." },
        ],
      })
      await at.scene.run(["-p", "--mode", "full", "try it"])
      expect(at.results("try it")[0]).toContain("Looked.")
      expect(at.results("try it")[1]).toContain('There is no agent "nobody". There are:')
      expect(readdirSync(at.scene.cwd)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "the first of several that fails stops the others at once, and each is told with its status",
    async () => {
      const tasks = ["Bad.", "Slow."].map((prompt) => ({ agent: "general", description: prompt, prompt }))
      using at = working({
        "all of it": [call("parallel_tasks", { tasks, failFast: true }), { text: "Over." }],
        "Bad.": [
          (asked) =>
            asked.refuse(
              400,
              JSON.stringify({ type: "error", error: { type: "invalid_request_error", message: "no" } }),
            ),
        ],
        "Slow.": [call("bash", { command: "sleep 50" }), { text: "Late." }],
      })
      const ran = await at.scene.run(["-p", "all of it"])
      expect([ran.out, ran.ms < 30_000]).toEqual(["Over.\n", true])
      const [said = ""] = at.results("all of it")
      expect(said).toContain("0 of 2 completed.")
      expect(said).toMatch(/## 1\. Bad\. \(general\): failed/)
      expect(said).toMatch(/## 2\. Slow\. \(general\): cancelled/)
    },
    HANG_MS,
  )

  test(
    "stages and steps are given what came before",
    async () => {
      const one = (prompt: string) => ({ agent: "general", description: prompt.slice(0, 6), prompt })
      using at = working({
        staged: [call("orchestrate", { stages: [[one("First.")], [one("Second.")]] }), { text: "Done." }],
        piped: [call("pipeline", { steps: [one("First."), one("Third: {previous_result}")] }), { text: "Done." }],
        "First.": [{ text: "forty-two" }],
        "Second.": [{ text: "seen" }],
        "Third: ": [{ text: "seen" }],
      })
      await at.scene.run(["-p", "staged"])
      expect(at.asked("Second.")?.said[0]).toContain("# Results of the stage before")
      expect(at.asked("Second.")?.said[0]).toContain("forty-two")
      await at.scene.run(["-p", "piped"])
      expect(at.asked("Third: ")?.said[0]).toBe("Third: forty-two")
    },
    HANG_MS,
  )

  test(
    "what an agent does in a worktree is merged by a call that undo takes back, and what conflicts is told and kept",
    async () => {
      const apart = { isolation: "worktree" }
      using at = working({
        "merge it": [{ calls: [work("coder", "Change a.", { ...apart, merge: true })] }, { text: "Merged." }],
        "keep it": [{ calls: [work("coder", "Change b.", apart)] }, { text: "Kept." }],
        "Change a.": [{ calls: [edit("a.txt", "a", "theirs")] }, { text: "Changed." }],
        "Change b.": [{ calls: [edit("b.txt", "b", "theirs")] }, { text: "Changed." }],
      })
      const { scene } = at
      await inRepository(scene, { "a.txt": "a\n", "b.txt": "b\n" })
      await scene.run(["-p", "--mode", "auto", "merge it"])
      expect(at.results("merge it")[0]).toContain("Merged ")
      expect(scene.read("a.txt")).toBe("theirs\n")
      expect((await scene.run(["undo", "--yes"])).code).toBe(0)
      expect(scene.read("a.txt")).toBe("a\n")

      await scene.run(["-p", "--mode", "auto", "keep it"])
      expect(scene.read("b.txt")).toBe("b\n")
      const [, id = ""] = /worktree (\w{6}) \(branch skein\/coder-\w{6}\)/.exec(at.results("keep it")[0] ?? "") ?? []
      expect((await scene.run(["worktree", "list"])).out).toContain(`${id}  coder  left behind`)
      expect((await scene.run(["worktree", "diff", id])).out).toContain("-b\n+theirs")
      await Bun.write(scene.path("b.txt"), "mine\n")
      const refused = await scene.run(["worktree", "merge", id, "--yes"])
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringContaining("conflict b.txt: line 1 changed on both sides"),
      ])
      await Bun.write(scene.path("b.txt"), "b\n")
      const merged = await scene.run(["worktree", "merge", id, "--yes"])
      expect([merged.code, scene.read("b.txt")]).toEqual([0, "theirs\n"])
      expect((await scene.run(["undo", "--yes"])).code).toBe(0)
      expect(scene.read("b.txt")).toBe("b\n")
      expect((await scene.run(["cleanup", "--dry-run"])).out).toContain("would remove")
      expect(treesOf(scene)).toContain(id)
      await scene.run(["cleanup"])
      expect(treesOf(scene)).toEqual([])
      expect(existsSync(join(scene.cwd, ".git/worktrees"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "four agents on overlapping files: what does not touch is merged, the conflict is told with its lines, and nothing is lost",
    async () => {
      const lines = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`)
      const changes = {
        "One.": [2, "one"],
        "Two.": [18, "two"],
        "Three.": [2, "three"],
        "Four.": [10, "four"],
      } as const
      const tasks = Object.keys(changes).map((prompt) => ({ agent: "coder", description: prompt, prompt }))
      const script = Object.entries(changes).map(([prompt, [line, word]]) => [
        prompt,
        [{ calls: [edit("a.txt", `line ${line}\n`, `${word}\n`)] }, { text: "Changed." }],
      ])
      using at = working({
        "four at once": [
          { calls: [{ name: "parallel_tasks", args: { tasks, isolation: "worktree", merge: true } }] },
          { text: "Done." },
        ],
        ...Object.fromEntries(script),
      })
      const { scene } = at
      await inRepository(scene, { "a.txt": `${lines.join("\n")}\n` })
      const ran = await scene.run(["-p", "--mode", "auto", "four at once"])
      expect(ran.out).toBe("Done.\n")
      const [said = ""] = at.results("four at once")
      expect(said.match(/^Merged \w{6}:$/gm)).toHaveLength(3)
      expect(said.match(/a\.txt: line \d+ changed on both sides/g)).toEqual(["a.txt: line 2 changed on both sides"])
      const kept = /Changed in its worktree (\w{6}) [^#]*Nothing was merged/.exec(said)?.[1] ?? ""
      const file = scene.read("a.txt")
      for (const word of ["two", "four"]) expect(file).toContain(`${word}\n`)
      // Whoever of the two came first is here; the other is whole on its branch.
      expect((await scene.run(["worktree", "diff", kept])).out).toMatch(file.includes("one\n") ? /\+three/ : /\+one/)
    },
    HANG_MS,
  )

  test(
    "commands of an agent in a worktree see a repository, write in it and not in the tree that it was made of",
    async () => {
      const lines =
        "git status --short; echo new > made.txt; echo evil > $OLD/a.txt; echo evil > $OLD/.git/hooks/x; git log --oneline"
      using at = working(
        {
          "go apart": [{ calls: [work("general", "Run it.", { isolation: "worktree" })] }, { text: "Done." }],
          "Run it.": [
            (asked) => {
              const [, old = ""] = /a copy of (\S+) of your own/.exec(asked.conversation.said[0] ?? "") ?? []
              return asked.say({ calls: [{ name: "bash", args: { command: lines.replaceAll("$OLD", old) } }] })
            },
            { text: "Ran." },
          ],
        },
        "/var/tmp",
      )
      const { scene } = at
      await inRepository(scene, { "a.txt": "a\n" })
      await Bun.write(scene.path("b.txt"), "not committed\n")
      await scene.run(["-p", "--mode", "full", "go apart"])
      const [ran = ""] = at.results("Run it.")
      expect(ran).toContain("What was not committed")
      expect([scene.read("a.txt"), existsSync(scene.path(".git/hooks/x"))]).toEqual(["a\n", false])
      expect(at.results("go apart")[0]).toContain("A made.txt (+1 −0)\nNot merged")
    },
    HANG_MS,
  )
})
