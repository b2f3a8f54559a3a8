import { afterEach, describe, expect, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import type { Worktree, WorktreesPort } from "@skein/core/ports"
import { type Repository, repository } from "./repository.ts"

let open: Repository | undefined
afterEach(() => open?.[Symbol.dispose]())

function scene(files: Readonly<Record<string, string>> = { "a.txt": LINES, "b.txt": "b\n" }) {
  open?.[Symbol.dispose]()
  open = repository(files)
  return open
}

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at + 1}\n`).join("")
const signal = new AbortController().signal
const replaced = (from: string, to: string) => LINES.replace(`${from}\n`, `${to}\n`)

const asked = (port: WorktreesPort, cwd: string, agent = "coder") =>
  port.open({ cwd, agent, description: `work of ${agent}`, signal })

function put({ path }: Worktree, name: string, text: string) {
  mkdirSync(dirname(join(path, name)), { recursive: true })
  writeFileSync(join(path, name), text)
}

const text = ({ path }: Worktree, name: string) => readFileSync(join(path, name), "utf8")

describe("a worktree", () => {
  test("holds what is not committed, which is not among its own changes, and changes nothing in the tree it was made of", async () => {
    const { root, put: write, git, started } = scene({ "a.txt": LINES, "b.txt": "b\n", "gone.txt": "x\n" })
    write("a.txt", replaced("line 2", "mine"))
    write("new.txt", "not known to git\n")
    rmSync(join(root, "gone.txt"))
    git("add", "a.txt")
    write("a.txt", replaced("line 3", "later"))
    const before = [git("status", "--porcelain=v2"), git("diff"), git("diff", "--cached")]
    const port = started()
    const worktree = await asked(port, root)
    expect([text(worktree, "a.txt"), text(worktree, "new.txt")]).toEqual([
      replaced("line 3", "later"),
      "not known to git\n",
    ])
    expect(existsSync(join(worktree.path, "gone.txt"))).toBe(false)
    expect((await port.difference(worktree)).files).toEqual([])
    expect(worktree.branch).toBe(`skein/coder-${worktree.id}`)
    expect([git("status", "--porcelain=v2"), git("diff"), git("diff", "--cached")]).toEqual(before)
  })

  test("answers to the folder it was asked for in", async () => {
    const { root, started } = scene({ "packages/core/a.ts": "a\n" })
    const worktree = await asked(started(), join(root, "packages/core"))
    expect(worktree.cwd).toBe(join(worktree.path, "packages/core"))
  })

  test("gets ignored files that are named, and no others; a repository's own list goes first", async () => {
    const files = { ".gitignore": ".env*\nlocal/\nbig\n", "a.txt": "a\n" }
    const { root, put: write, started } = scene(files)
    for (const path of [".env", "app/.env.test", "local/settings", "big"]) write(path, `${path}\n`)
    const port = started()
    const first = await asked(port, root)
    expect(
      ["app/.env.test", ".env", "local/settings", "big"].filter((path) => existsSync(join(first.path, path))),
    ).toEqual(["app/.env.test", ".env"])
    write(".worktreeinclude", "local/\na.txt\n")
    const second = await asked(port, root)
    expect([".env", "local/settings"].filter((path) => existsSync(join(second.path, path)))).toEqual(["local/settings"])
    expect((await port.difference(second)).files).toEqual([])
  })

  test("is made of a repository without a commit, and refused without a repository or where git may not be started", async () => {
    const { root, put: write, started } = scene({})
    write("a.txt", "a\n")
    expect(text(await asked(started(), root), "a.txt")).toBe("a\n")
    await expect(asked(started(), "/")).rejects.toThrow("git init")
    await expect(asked(started({ refusal: "It is not trusted." }), root)).rejects.toThrow("It is not trusted.")
  })

  test("that cannot be made leaves nothing behind", async () => {
    const { root, folder, put: write, git, started } = scene({ "a.txt": "a\n", ".gitignore": "ignored/\n" })
    write("ignored/b.txt", "b\n")
    await expect(asked(started(), join(root, "ignored"))).rejects.toThrow("is ignored by git")
    expect(readdirSync(folder)).toEqual([])
    expect([git("branch", "--list", "skein/*"), git("worktree", "list").trim().split("\n").length]).toEqual(["", 1])
  })

  test("runs no hook, and nothing that a child wrote into it", async () => {
    const { root, started } = scene()
    const witness = join(root, "..", "witness")
    const hook = join(root, ".git/hooks/post-checkout")
    writeFileSync(hook, `#!/bin/sh\ntouch ${witness}\n`)
    chmodSync(hook, 0o755)
    const port = started()
    const worktree = await asked(port, root)
    // A repository of its own, and another .git for the worktree itself, both with a program to run.
    const evil = `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch ${witness}"\n\tsshCommand = "touch ${witness}"\n`
    for (const path of ["inner/.git", "other"]) {
      put(worktree, `${path}/config`, evil)
      put(worktree, `${path}/HEAD`, "ref: refs/heads/main\n")
      for (const name of ["refs", "objects"]) mkdirSync(join(worktree.path, path, name))
    }
    writeFileSync(join(worktree.path, ".git"), `gitdir: ${join(worktree.path, "other")}\n`)
    put(worktree, "b.txt", "changed\n")
    expect((await port.difference(worktree)).diff).toContain("+changed")
    await (await port.planMerge(worktree, "refuse")).apply()
    await port.remove(await port.find(worktree.id))
    expect(existsSync(witness)).toBe(false)
  })
})

describe("merging", () => {
  test("four agents on overlapping files lose nothing: what touches is reported with its lines, and nothing changes until a merge", async () => {
    const at = scene()
    const port = at.started()
    const four = await Promise.all(["one", "two", "three", "four"].map((agent) => asked(port, at.root, agent)))
    const [one, two, three, fourth] = four
    if (!one || !two || !three || !fourth) throw new Error("four")
    put(one, "a.txt", replaced("line 2", "of one"))
    put(two, "a.txt", replaced("line 18", "of two"))
    put(three, "a.txt", replaced("line 2", "of three"))
    put(three, "c.txt", "new of three\n")
    rmSync(join(fourth.path, "b.txt"))
    put(fourth, "a.txt", replaced("line 10", "of four"))
    for (const worktree of four) expect((await port.difference(worktree)).files.length).toBeGreaterThan(0)
    expect(at.git("status", "--porcelain")).toBe("")

    for (const worktree of [one, two, fourth]) {
      const plan = await port.planMerge(worktree, "refuse")
      expect(plan.conflicts).toEqual([])
      await plan.apply()
    }
    const all = replaced("line 2", "of one").replace("line 18", "of two").replace("line 10", "of four")
    expect([at.read("a.txt"), at.read("b.txt")]).toEqual([all, undefined])

    const refused = await port.planMerge(three, "refuse")
    expect(refused.conflicts).toEqual([{ path: "a.txt", why: "line 2 changed on both sides" }])
    expect(refused.files).toEqual([])
    const partly = await port.planMerge(three, "skip")
    await partly.apply()
    expect([at.read("a.txt"), at.read("c.txt")]).toEqual([all, "new of three\n"])
    const marked = await port.planMerge(three, "mark")
    await marked.apply()
    expect(at.read("a.txt")).toContain(
      "<<<<<<< here\nof one\n||||||| when the worktree was made\nline 2\n=======\nof three\n>>>>>>>",
    )
  })

  test("refuses when a file here changed after it was worked out, and has changed nothing then", async () => {
    const at = scene()
    const port = at.started()
    const worktree = await asked(port, at.root)
    put(worktree, "a.txt", replaced("line 1", "theirs"))
    put(worktree, "b.txt", "theirs\n")
    const plan = await port.planMerge(worktree, "refuse")
    at.put("b.txt", "mine\n")
    await expect(plan.apply()).rejects.toThrow("b.txt has changed since")
    expect([at.read("a.txt"), at.read("b.txt")]).toEqual([LINES, "mine\n"])
  })

  test("keeps modes and links, and leaves out what leads out of the repository", async () => {
    const at = scene({ "run.sh": "echo\n", "kept.txt": "x\n" })
    const port = at.started()
    const worktree = await asked(port, at.root)
    chmodSync(join(worktree.path, "run.sh"), 0o755)
    symlinkSync("kept.txt", join(worktree.path, "inside"))
    symlinkSync("../../etc/passwd", join(worktree.path, "outside"))
    const plan = await port.planMerge(worktree, "skip")
    expect(plan.conflicts).toEqual([
      { path: "outside", why: "in the worktree, it is a link that leads out of the repository" },
    ])
    await plan.apply()
    expect(lstatSync(join(at.root, "run.sh")).mode & 0o111).not.toBe(0)
    expect(lstatSync(join(at.root, "inside")).isSymbolicLink()).toBe(true)
    expect(existsSync(join(at.root, "outside"))).toBe(false)
  })

  test("goes through no link of the tree that is merged into", async () => {
    const at = scene({ "src/a.ts": "a\n" })
    const port = at.started()
    const worktree = await asked(port, at.root)
    put(worktree, "src/b.ts", "b\n")
    const elsewhere = join(at.root, "..", "elsewhere")
    mkdirSync(elsewhere)
    rmSync(join(at.root, "src"), { recursive: true })
    symlinkSync(elsewhere, join(at.root, "src"))
    expect((await port.planMerge(worktree, "skip")).conflicts).toEqual([
      { path: "src/b.ts", why: "here, src is a link" },
    ])
  })

  test("two sides that deleted and changed a file, or changed what is no text, are a conflict", async () => {
    const at = scene({ "a.bin": "a\0b", "b.txt": "b\n" })
    const port = at.started()
    const worktree = await asked(port, at.root)
    put(worktree, "a.bin", "a\0theirs")
    rmSync(join(worktree.path, "b.txt"))
    at.put("a.bin", "a\0mine")
    at.put("b.txt", "mine\n")
    expect((await port.planMerge(worktree, "mark")).conflicts).toEqual([
      { path: "a.bin", why: "it was changed on both sides, and it is no text" },
      { path: "b.txt", why: "it was deleted in the worktree and changed here" },
    ])
  })
})

describe("cleaning up", () => {
  test("removes what a dead skein left unchanged or merged; what it had changed stays until it is asked for, then on its branch", async () => {
    const at = scene()
    const first = at.started()
    const [unchanged, changed, merged] = [
      await asked(first, at.root, "unchanged"),
      await asked(first, at.root, "changed"),
      await asked(first, at.root, "merged"),
    ]
    put(changed, "b.txt", "precious\n")
    put(merged, "c.txt", "merged\n")
    await (await first.planMerge(merged, "refuse")).apply()
    expect(await at.started({ isAlive: true }).cleanUp({ isDryRun: false, isThorough: true })).toEqual([])

    const second = at.started()
    const own = await asked(second, at.root, "own")
    expect((await second.list()).map(({ agent }) => agent)).toEqual(["changed", "own"])
    expect([unchanged, merged].map(({ path }) => existsSync(path))).toEqual([false, false])
    const tried = await second.cleanUp({ isDryRun: true, isThorough: true })
    expect(tried.map(({ worktree, deed }) => `${worktree.agent}: ${deed}`)).toEqual([
      `changed: its changes are committed; the branch ${changed.branch} stays`,
    ])
    expect(existsSync(changed.path)).toBe(true)
    await second.cleanUp({ isDryRun: false, isThorough: true })
    expect([existsSync(changed.path), existsSync(own.path)]).toEqual([false, true])
    expect(at.git("show", `${changed.branch}:b.txt`)).toBe("precious\n")
    expect(at.git("branch", "--list", "skein/*", "--format=%(refname:short)").trim().split("\n")).toEqual([
      changed.branch,
      own.branch,
    ])
    expect(at.git("worktree", "list").trim().split("\n")).toHaveLength(2)
  })

  test("one whose repository is gone is left to who names it: nothing could keep what was done in it", async () => {
    const at = scene()
    const worktree = await asked(at.started(), at.root)
    put(worktree, "b.txt", "precious\n")
    rmSync(at.root, { recursive: true })
    const later = at.started()
    expect(await later.cleanUp({ isDryRun: false, isThorough: true })).toEqual([])
    expect(existsSync(worktree.path)).toBe(true)
    expect((await later.remove(await later.find(worktree.id))).deed).toBe("its repository is gone")
    expect(existsSync(worktree.path)).toBe(false)
  })

  test("a worktree is found by the beginning of its id or by its branch, and a wrong name says what there is", async () => {
    const at = scene()
    const port = at.started()
    const worktree = await asked(port, at.root)
    expect((await port.find(worktree.branch)).id).toBe(worktree.id)
    expect((await port.find("wt")).id).toBe(worktree.id)
    await expect(port.find("nope")).rejects.toThrow(`There are ${worktree.id}`)
  })
})
