import { afterEach, expect, test } from "bun:test"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
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
  '[filter "lfs"]\n\tprocess = "git-lfs filter-process; touch pwned"\n',
  "[include]\n\tpath = ../evil\n",
  '[includeIf "gitdir:/"]\n\tpath = /evil\n',
  "what git would not read\n",
]

test("settings that make git run something when it looks are not only reading", async () => {
  for (const config of HOSTILE) {
    expect([config, await risksOf("git status", { ".git/config": config })]).toEqual([config, ["execute"]])
  }
})

const FETCHING =
  '[extensions]\n\tpartialClone = o\n[remote "o"]\n\tpromisor = true\n\turl = https://example.org/a.git\n'

test("what a partial clone lacks is only looked at where fetching it runs nothing else", async () => {
  expect(await risksOf("git show HEAD", { ".git/config": FETCHING })).toEqual(["read"])
  for (const more of [
    '[remote "o"]\n\tuploadpack = touch pwned;\n',
    '[remote "o"]\n\turl = ext::sh -c touch% pwned\n',
    '[remote "o"]\n\turl = /somewhere\n',
    "[core]\n\tsshCommand = ./x\n",
    "[protocol]\n\tallow = always\n",
  ]) {
    expect([more, await risksOf("git show HEAD", { ".git/config": FETCHING + more })]).toEqual([more, ["execute"]])
  }
})

test("a hook that runs when git looks is not only reading, wherever hooks lie", async () => {
  expect(await risksOf("git status", { ".git/config": PLAIN, ".git/hooks/pre-commit": "x" })).toEqual(["read"])
  expect(await risksOf("git status", { ".git/config": PLAIN, ".git/hooks/post-index-change": "x" })).toEqual([
    "execute",
  ])
  expect(await risksOf("git diff", { ".git/config": PLAIN, ".husky/post-index-change": "x" })).toEqual(["execute"])
})

test("a merge that is only tried runs the settings' own way of merging", async () => {
  const config = '[merge "m"]\n\tdriver = touch pwned\n'
  expect(await risksOf("git merge-tree a b", { ".git/config": config })).toEqual(["execute"])
  expect(await risksOf("git status", { ".git/config": config })).toEqual(["read"])
})

test("submodules are looked into with their own settings, which git knows from the index alone", async () => {
  for (const version of ["2", "4"]) {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-repository-")))
    made.push(root)
    const run = (line: string) => spawnSync("sh", ["-ec", line], { cwd: root, stdio: "ignore" }).status
    const commit = "git -c user.name=a -c user.email=a@b commit -qm 1"
    expect(
      run(
        `git init -q .; mkdir -p deep/sub; cd deep/sub; git init -q .; echo 1 > f; git add f; ${commit}; cd ../..; echo 1 > a; git add a deep/sub; git update-index --index-version ${version}`,
      ),
    ).toBe(0)
    const risks = async () =>
      (await shell().understand("git status", { cwd: root, roots: [root] })).commands.flatMap((one) => one.risks)
    expect(await risks()).toEqual(["read"])
    run("git -C deep/sub config core.fsmonitor 'touch pwned;'")
    expect(await risks()).toEqual(["execute"])
    run("git -C deep/sub config --unset core.fsmonitor")
    writeFileSync(join(root, ".git/index"), "what git would not read")
    expect(await risks()).toEqual(["execute"])
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

test("what a link in the folder leads to is read as well", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-repository-")))
  made.push(root)
  symlinkSync("/etc/hostname", join(root, "notes"))
  const { commands } = await shell().understand("cat notes", { cwd: root, roots: [root] })
  expect(commands[0]?.reads).toEqual([join(root, "notes"), realpathSync("/etc/hostname")])
})

test("a removal of more than an undo can give back is told", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-repository-")))
  made.push(root)
  for (const folder of ["src", "data/deep", "target", "vendor"]) mkdirSync(join(root, folder), { recursive: true })
  for (const file of ["big", "data/deep/big", "target/big"]) writeFileSync(join(root, file), new Uint8Array(10_000_001))
  for (const at of [1, 2, 3, 4]) writeFileSync(join(root, `vendor/${at}`), new Uint8Array(9_000_000))
  writeFileSync(join(root, "src/small"), "x")
  const beyond = async (line: string) => {
    const { commands } = await shell().understand(line, { cwd: root, roots: [root] })
    return commands.some(({ isBeyondUndo }) => isBeyondUndo === true)
  }
  for (const line of ["rm big", "rm src/small big", "rm -rf data", "truncate -s 0 big", "rm -r vendor"])
    expect([line, await beyond(line)]).toEqual([line, true])
  for (const line of ["rm -rf src", "rm src/small", "rm -rf target", "rm missing", "cat big"])
    expect([line, await beyond(line)]).toEqual([line, false])
})
