import { afterEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { shell } from "../src/index.ts"

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const PLAIN = "[core]\n\trepositoryformatversion = 0\n\thooksPath = .husky\n[user]\n\tname = A\n"

/** A folder with these files, and what looking at it risks. */
async function risksOf(line: string, files: Readonly<Record<string, string>>, folder = ""): Promise<readonly string[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-repository-")))
  made.push(root)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text.replaceAll("$ROOT", root))
  }
  mkdirSync(join(root, folder), { recursive: true })
  const cwd = join(root, folder)
  const { commands } = await shell().understand(line.replaceAll("$ROOT", root), { cwd, roots: [root] })
  return commands.flatMap(({ risks }) => risks)
}

test("looking at a plain repository only reads", async () => {
  expect(await risksOf("git status --short", { ".git/config": PLAIN })).toEqual(["read"])
  expect(await risksOf("git log --oneline", {})).toEqual(["read"])
  expect(await risksOf("git diff", { ".git/config": '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n' })).toEqual([
    "read",
  ])
  expect(await risksOf("git status", { ".git/config": "[core]\n\tfsmonitor = true\n" })).toEqual(["read"])
})

const HOSTILE: readonly string[] = [
  "[core]\n\tfsmonitor = touch pwned\n",
  "[CORE] FSMonitor=./x\n",
  '[core]\n\tfsmonitor = "a\\\n b"\n',
  "[diff]\n\texternal = ./x\n",
  '[diff "d"]\n\ttextconv = ./x\n',
  '[diff "d"]\n\tcommand = ./x\n',
  '[filter "f"]\n\tclean = ./x\n',
  '[filter "lfs"]\n\tprocess = git-lfs filter-process; touch pwned\n',
  "[include]\n\tpath = ../evil\n",
  '[includeIf "gitdir:/"]\n\tpath = /evil\n',
  "what git would not read\n",
]

test("settings that make git run something when it looks are not only reading", async () => {
  for (const config of HOSTILE) {
    expect([config, await risksOf("git status", { ".git/config": config })]).toEqual([config, ["execute"]])
  }
})

test("wherever the settings lie: above, named by a file, common to working trees, in a bare folder, elsewhere", async () => {
  const [evil = ""] = HOSTILE
  expect(await risksOf("git diff", { ".git/config": evil }, "a/b")).toEqual(["execute"])
  expect(await risksOf("git diff", { ".git": "gitdir: real\n", "real/config": evil })).toEqual(["execute"])
  expect(
    await risksOf("git diff", {
      ".git": "gitdir: c/worktrees/w\n",
      "c/config": evil,
      "c/worktrees/w/commondir": "../..\n",
    }),
  ).toEqual(["execute"])
  expect(await risksOf("git diff", { ".git/config": PLAIN, ".git/config.worktree": evil })).toEqual(["execute"])
  expect(await risksOf("git log", { HEAD: "ref: x\n", "objects/x": "", "refs/x": "", config: evil })).toEqual([
    "execute",
  ])
  expect(await risksOf("git -C sub log", { "sub/.git/config": evil })).toEqual(["execute"])
  expect(await risksOf("cd sub && git log", { "sub/.git/config": evil })).toContain("execute")
  expect(await risksOf("env git status", { ".git/config": evil })).toContain("execute")
})
