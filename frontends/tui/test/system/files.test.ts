import { expect, test } from "bun:test"
import { symlinkSync } from "node:fs"
import { dirname, join } from "node:path"
import { FILES_MAX } from "../../src/system/files/bounds.ts"
import { workspaceFiles } from "../../src/system/files/list.ts"
import { walked } from "../../src/system/files/walk.ts"
import { folder, realMachine } from "./folder.ts"
import { repository } from "./ground.ts"

const TREE = {
  ".gitignore": "*.log\n/dist/\n!keep.log\n# no rule\nbuild/\ndocs/*.tmp\n",
  ".env.example": "",
  "a.log": "",
  "keep.log": "",
  "dist/out.js": "",
  "src/dist/in.ts": "",
  "src/build/x.o": "",
  "docs/a.tmp": "",
  "docs/deep/b.tmp": "",
  "src/own/.gitignore": "*.gen\n!/kept.gen\n",
  "src/own/a.gen": "",
  "src/own/kept.gen": "",
}
const SEEN = [
  ...[".env.example", ".gitignore", "docs/", "docs/deep/", "docs/deep/b.tmp", "keep.log", "src/", "src/dist/"],
  ...["src/dist/in.ts", "src/own/", "src/own/.gitignore", "src/own/kept.gen"],
]

const found = Bun.which("rg") ?? undefined
const gitOnly = () => dirname(Bun.which("git") ?? "/usr/bin/git")

test.if(found !== undefined)("ripgrep lists what no rule ignores, each folder once and with a slash", async () => {
  using repo = repository(TREE)
  repo.write(".git/x", "")
  repo.write(".ripgreprc", "--no-ignore\n")
  const machine = realMachine(repo.path, { path: "/nowhere", env: { RIPGREP_CONFIG_PATH: `${repo.path}/.ripgreprc` } })
  const files = await workspaceFiles(repo.path, { included: [], ripgrep: async () => found }, machine)
  expect(files.toSorted()).toEqual([...SEEN, ".ripgreprc"].toSorted())
})

test("git lists the same, and of a folder in a repository what is below it", async () => {
  using repo = repository(TREE)
  using bin = folder()
  symlinkSync(join(gitOnly(), "git"), join(bin.path, "git"))
  const machine = realMachine(repo.path, { path: bin.path })
  const listing = { included: [] }
  expect((await workspaceFiles(repo.path, listing, machine)).toSorted()).toEqual(SEEN.toSorted())
  expect((await workspaceFiles(join(repo.path, "src/own"), listing, machine)).toSorted()).toEqual([
    ".gitignore",
    "kept.gen",
  ])
})

test("git lists without running what a repository says", async () => {
  using repo = repository(TREE)
  using bin = folder()
  symlinkSync(join(gitOnly(), "git"), join(bin.path, "git"))
  repo.git("config", "core.fsmonitor", `touch ${repo.path}/pwned;`)
  const files = await workspaceFiles(repo.path, { included: [] }, realMachine(repo.path, { path: bin.path }))
  expect(files).not.toContain("pwned")
  expect(await Bun.file(join(repo.path, "pwned")).exists()).toBe(false)
})

test("with neither, the folders are walked by their own rules, nearest first", async () => {
  using home = folder({ ...TREE, "node_modules/a/b.js": "" })
  symlinkSync(home.path, join(home.path, "loop"))
  const files = await workspaceFiles(home.path, { included: [] }, realMachine(home.path, { path: "/nowhere" }))
  expect(files.toSorted()).toEqual([...SEEN, "loop"].toSorted())
  expect(await walked(join(home.path, "gone"))).toEqual([])
})

test("paths, folders and globs that the person named are offered though they are ignored, and none outside", async () => {
  using home = folder({ "outside.txt": "" })
  for (const [name, text] of Object.entries(TREE)) home.write(join("project", name), text)
  const machine = realMachine(home.path, { path: "/nowhere" })
  const included = ["dist", "src/build/*.o", "a.log", "../outside.txt", "/etc/passwd", "no/such", "keep.log"]
  const files = await workspaceFiles(join(home.path, "project"), { included }, machine)
  const more = ["dist/", "dist/out.js", "src/build/", "src/build/x.o", "a.log"]
  expect(files.toSorted()).toEqual([...SEEN, ...more].toSorted())
})

test("a name that cannot be told in a line is not offered", async () => {
  using home = folder({ "a\nb": "", "c\u001b[2J": "", "d\u202e": "", "e f ä": "" })
  const files = await workspaceFiles(home.path, { included: [] }, realMachine(home.path, { path: "/nowhere" }))
  expect(files).toEqual(["e f ä"])
})

test("of very many files as many are listed as are of use, and half a path is none", async () => {
  using bin = folder()
  bin.write("rg", `#!/bin/sh\nyes 'some/path' | tr '\\n' '\\0' | head -c 1000003\n`, 0o755)
  const paths = `${bin.path}:${process.env.PATH}`
  const files = await workspaceFiles(bin.path, { included: [] }, realMachine(bin.path, { path: paths }))
  expect(files).toEqual(["some/", "some/path"])
  bin.write("rg", `#!/bin/sh\nseq 1 ${FILES_MAX + 500} | tr '\\n' '\\0'\n`, 0o755)
  const many = await workspaceFiles(bin.path, { included: [] }, realMachine(bin.path, { path: paths }))
  expect(many.length).toBe(FILES_MAX)
})

test("a ripgrep of its own that cannot be had is told of, and the files are listed all the same", async () => {
  using home = folder({ "a.txt": "" })
  const machine = realMachine(home.path, { path: "/nowhere" })
  const ripgrep = async () => Promise.reject(Object.assign(new Error("No space."), { code: "ENOSPC" }))
  expect(await workspaceFiles(home.path, { included: [], ripgrep }, machine)).toEqual(["a.txt"])
  expect(machine.told).toEqual(["Files are listed without skein's own ripgrep: No space."])
})
