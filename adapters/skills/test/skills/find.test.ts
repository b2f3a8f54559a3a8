import { expect, test } from "bun:test"
import { NAMED, skillScene } from "./scene.ts"

test("skills are found in all folders of skein and other agents, and the nearest hides the same name", async () => {
  using at = skillScene()
  const folders = [
    ...[".skein", ".agents", ".claude", ".codex"].map((name) => `project/${name}/skills`),
    ...["home/.config/skein/skills", "home/.agents/skills", "home/.claude/skills", "home/.codex/skills", "extra"],
  ]
  for (const [n, folder] of folders.entries()) {
    at.skill(`${folder}/own-${n}`, NAMED(`own-${n}`))
    at.skill(`${folder}/shared`, `name: shared\ndescription: from ${folder}`)
  }
  const given = at.skills({ pathsFor: () => [at.path("extra")] })
  const all = await given.list({ cwd: at.path("project") })

  expect(all.map(({ name }) => name).toSorted()).toEqual(
    ["make-skill", ...folders.map((_, n) => `own-${n}`), "shared"].toSorted(),
  )
  expect(all.find(({ name }) => name === "shared")?.description).toBe("from project/.skein/skills")
  expect((await given.all({ cwd: at.path("project") })).filter(({ state }) => state === "hidden")).toHaveLength(8)
})

test("a folder of the project between its root and where one works is looked into first", async () => {
  using at = skillScene()
  at.skill("project/.claude/skills/deploy", "name: deploy\ndescription: outer")
  at.skill("project/app/.claude/skills/deploy", "name: deploy\ndescription: inner")
  const list = async (cwd: string) => (await at.skills().open("deploy", { cwd: at.path(cwd) })).description
  expect([await list("project/app"), await list("project")]).toEqual(["inner", "outer"])
})

test("CODEX_HOME is gone by, and a plugin's skills carry its name", async () => {
  using at = skillScene()
  at.skill("codex/skills/one", NAMED("one"))
  at.skill("plugin/skills/two", NAMED("two"))
  const plugin = {
    ...{ name: "tools", root: at.path("plugin"), dataFolder: "", skills: [at.path("plugin/skills")], commands: [] },
    ...{ agents: [], outputStyles: [], hooks: [], mcpServers: [], extensions: [] },
  }
  const options = { env: { CODEX_HOME: at.path("codex") }, plugins: { enabled: async () => [plugin] } }
  expect(await at.names(options)).toEqual(["one", "tools:two"])
  const opened = await at.skills(options).open("two", { cwd: at.path("project") })
  expect([opened.name, opened.plugin, opened.scope]).toEqual(["tools:two", "tools", "plugin"])
})

test("what a skill holds is its own: no skill is found in one, and none deeper than six folders", async () => {
  using at = skillScene()
  at.skill("home/.agents/skills/outer", NAMED("outer"))
  at.skill("home/.agents/skills/outer/examples/inner", NAMED("inner"))
  at.skill("home/.agents/skills/a/b/c/deep", NAMED("deep"))
  at.skill("home/.agents/skills/a/b/c/d/e/f/g/deeper", NAMED("deeper"))
  expect(await at.names()).toEqual(["outer", "deep"])
})

test("a link out of the project is not followed, one of the person's own is", async () => {
  using at = skillScene()
  at.skill("elsewhere/x", NAMED("x"))
  at.link("project/.claude/skills/x", at.path("elsewhere/x"))
  expect(await at.names()).toEqual([])
  at.link("home/.claude/skills/x", at.path("elsewhere/x"))
  expect(await at.names()).toEqual(["x"])
  // A circle ends, and the text of a skill is a file of its own.
  at.link("home/.claude/skills/circle", at.path("home/.claude/skills"))
  at.link("home/.claude/skills/passwd/SKILL.md", "/etc/passwd")
  at.skill("elsewhere/y", NAMED("borrowed"))
  at.link("home/.claude/skills/borrowed/SKILL.md", at.path("elsewhere/y/SKILL.md"))
  expect(await at.names()).toEqual(["x"])
})

test("a project's skills are there only while they are trusted, and then hide the person's", async () => {
  using at = skillScene()
  at.skill("project/.claude/skills/deploy", "name: deploy\ndescription: theirs")
  at.skill("home/.claude/skills/deploy", "name: deploy\ndescription: mine")
  const described = async (options: Parameters<typeof at.skills>[0]) =>
    (await at.skills(options).open("deploy", { cwd: at.path("project") })).description
  expect(await described({ trusted: async () => new Set() })).toBe("mine")
  expect(await described({})).toBe("theirs")
  expect(await described({ isLoadingProjectFiles: () => false })).toBe("mine")
})

test("a skill that is not there is told with what was meant, and one that is not trusted with why", async () => {
  using at = skillScene()
  at.skill("project/.claude/skills/deploy", NAMED("deploy"))
  const open = (name: string, options?: Parameters<typeof at.skills>[0]) =>
    at.skills(options).open(name, { cwd: at.path("project") })
  await expect(open("deplyo")).rejects.toThrow(/There is no skill deplyo\. Did you mean deploy\?/)
  await expect(open("deploy", { trusted: async () => new Set() })).rejects.toThrow(/cannot be used: nobody said/)
  await expect(open("\u001b[31mred")).rejects.toThrow(/There is no skill \\/)
})
