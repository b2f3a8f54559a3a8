import { expect, test } from "bun:test"
import { place } from "./place.ts"

test("touching a file brings the files of the folders between it and the working folder, nearest last", async () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/AGENTS.md", "root")
  at.file("repo/a/AGENTS.md", "a\n@../shared.md")
  at.file("repo/shared.md", "shared")
  at.file("repo/a/b/CLAUDE.md", "b")
  at.file("repo/z/AGENTS.md", "z")
  expect(await at.touched("repo", ["repo/a/b/new.ts"])).toEqual([
    "repo/a/AGENTS.md",
    "repo/shared.md",
    "repo/a/b/CLAUDE.md",
  ])
  expect(await at.touched("repo", ["repo/top.ts"])).toEqual([])
  expect(await at.touched("repo", ["repo/a/b", "repo/z/x.ts"])).toEqual([
    "repo/a/AGENTS.md",
    "repo/shared.md",
    "repo/z/AGENTS.md",
    "repo/a/b/CLAUDE.md",
  ])
})

test("a path outside every open folder brings nothing, one in another open folder also that folder's own file", async () => {
  using at = place()
  at.folder("repo")
  at.file("other/AGENTS.md", "other")
  at.file("other/lib/AGENTS.md", "lib")
  expect(await at.touched("repo", ["other/lib/x.ts"])).toEqual([])
  expect(await at.touched("repo", ["other/lib/x.ts"], ["other"])).toEqual(["other/AGENTS.md", "other/lib/AGENTS.md"])
})

test("what other people wrote for other projects does not come up", async () => {
  using at = place()
  at.folder("repo/.git")
  at.file("repo/node_modules/dep/AGENTS.md", "a dependency's")
  at.file("repo/clone/.git/HEAD", "ref: refs/heads/main")
  at.file("repo/clone/AGENTS.md", "a clone's")
  at.file("repo/clone/src/AGENTS.md", "a clone's")
  at.file("repo/submodule/.git", "gitdir: ../.git/modules/submodule")
  at.file("repo/submodule/AGENTS.md", "a submodule's")
  at.file("outside/AGENTS.md", "outside")
  at.link("repo/linked", "../outside")
  const touched = ["repo/node_modules/dep/x.js", "repo/clone/src/x.ts", "repo/submodule/x.ts", "repo/linked/x.ts"]
  expect(await at.touched("repo", touched)).toEqual(["repo/submodule/AGENTS.md"])
})

test("in a folder that holds several repositories each one's file comes up", async () => {
  using at = place()
  at.folder("code/one/.git")
  at.file("code/one/AGENTS.md", "one")
  expect(await at.touched("code", ["code/one/x.ts"])).toEqual(["code/one/AGENTS.md"])
})

test("a nested file gives the same bytes whatever else is touched, so that it is told once", async () => {
  using at = place()
  at.file("repo/a/AGENTS.md", "a line\n".repeat(3_000))
  for (let index = 0; index < 6; index++) at.file(`repo/a/${index}/AGENTS.md`, "another\n".repeat(3_000))
  const context = { cwd: at.path("repo"), roots: [at.path("repo")] }
  const [alone] = await at.sources().touched([at.path("repo/a/x")], context)
  expect(alone?.bytes).toBeLessThanOrEqual(8_000)
  expect(alone?.bytesOmitted).toBeGreaterThan(12_000)
  const many = await at.sources().touched(
    [0, 1, 2, 3, 4, 5].map((index) => at.path(`repo/a/${index}/x`)),
    context,
  )
  expect(many.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(32_000)
  const [few] = await at.sources().touched([at.path("repo/a/0/x")], context)
  expect(few?.sha256).toBe(alone?.sha256)
})

test("nothing comes up when project files are to stay unread", async () => {
  using at = place()
  at.file("repo/a/AGENTS.md", "a")
  const unread = at.sources({ isLoadingProjectFiles: () => false })
  expect(await unread.touched([at.path("repo/a/x")], { cwd: at.path("repo"), roots: [at.path("repo")] })).toEqual([])
})
