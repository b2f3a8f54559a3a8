import { expect, test } from "bun:test"
import { place } from "./place.ts"

test("imports stand behind the file that names them, in order and once", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/AGENTS.md", "See\n@docs/a.md\n- @./docs/b.md\n@docs/a.md\ntalk to @someone or\n@someone\n")
  at.file("repo/docs/a.md", "@more/c.md")
  at.file("repo/docs/more/c.md", "c")
  at.file("repo/docs/b.md", "b")
  at.file("repo/app/AGENTS.md", "app")
  expect(at.read("repo/app")).toEqual([
    "repo/AGENTS.md",
    "repo/docs/a.md",
    "repo/docs/more/c.md",
    "repo/docs/b.md",
    "repo/app/AGENTS.md",
  ])
  expect(at.refused("repo/app")).toEqual([])
  expect(at.report("repo/app").sections[2]?.why).toBe(`imported by ${at.path("repo/AGENTS.md")}`)
})

test("a line in a code fence imports nothing, whatever the fence is made of", () => {
  using at = place()
  at.file("repo/AGENTS.md", "```md\n@a.md\n~~~\n@a.md\n```\n~~~~\n@a.md\n~~~\n@a.md\n~~~~\n    text @a.md\n@b.md\n")
  at.file("repo/a.md", "a")
  at.file("repo/b.md", "b")
  expect(at.read("repo")).toEqual(["repo/AGENTS.md", "repo/b.md"])
})

test("files that import each other are read once each", () => {
  using at = place()
  at.file("repo/AGENTS.md", "@a.md")
  at.file("repo/a.md", "@b.md\n@a.md")
  at.file("repo/b.md", "@AGENTS.md")
  expect(at.read("repo")).toEqual(["repo/AGENTS.md", "repo/a.md", "repo/b.md"])
})

test("imports go five deep and no deeper", () => {
  using at = place()
  at.file("repo/AGENTS.md", "@1.md")
  for (let depth = 1; depth <= 7; depth++) at.file(`repo/${depth}.md`, `@${depth + 1}.md`)
  expect(at.read("repo")).toEqual(["repo/AGENTS.md", ...[1, 2, 3, 4, 5].map((depth) => `repo/${depth}.md`)])
  expect(at.refused("repo")).toEqual(["repo/6.md: imports go no deeper than 5 (repo/5.md)"])
})

test("an import that leaves the repository, is absolute or lies in the home is not read", () => {
  using at = place()
  at.folder("repo/.git")
  at.file("outside.md", "outside")
  at.file("repo-evil/x.md", "a neighbour whose name begins alike")
  at.file("repo/AGENTS.md", `@../outside.md\n@../repo-evil/x.md\n@${at.path("outside.md")}\n@~/x.md\n@inner.md`)
  at.link("repo/inner.md", "../outside.md")
  expect(at.read("repo")).toEqual(["repo/AGENTS.md"])
  expect(at.refused("repo").map((line) => line.replace(/^.*?: /, ""))).toEqual([
    "it leads out of repo",
    "it leads out of repo",
    "only paths relative to the file are imported (repo/AGENTS.md)",
    "only paths relative to the file are imported (repo/AGENTS.md)",
    "it leads out of repo",
  ])
})

test("a repository cannot import a hidden file that is no document", () => {
  using at = place()
  at.file("repo/.env", "KEY=canary")
  at.file("repo/.git/config", "url = canary")
  at.file("repo/.team/rules.md", "rules")
  at.file("repo/AGENTS.md", "@.env\n@.GIT/config\n@.git/config\n@.team/rules.md")
  expect(at.read("repo")).toEqual(["repo/AGENTS.md", "repo/.team/rules.md"])
  expect(JSON.stringify(at.report("repo").sections)).not.toContain("canary")
})

test("an import that is missing is said, a name after an @ is not one", () => {
  using at = place()
  at.file("repo/AGENTS.md", "@docs/gone.md\n@reviewers\n")
  expect(at.refused("repo")).toEqual(["repo/docs/gone.md: there is no such file (imported by repo/AGENTS.md)"])
})
