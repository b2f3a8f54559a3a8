import { afterEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { revisionOf } from "./revision.ts"

const SHA = "1234567890123456789012345678901234567890"
const OTHER = "a".repeat(40)
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function repository(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-revision-")))
  folders.push(root)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

test("a folder of a repository is at a branch and a commit, loose or packed, or at a commit alone", () => {
  const loose = repository({ ".git/HEAD": "ref: refs/heads/a/b\n", ".git/refs/heads/a/b": `${SHA}\n`, "src/x": "" })
  expect(revisionOf(join(loose, "src"))).toEqual({ branch: "a/b", sha: SHA })
  const packed = `# pack-refs with: peeled\n${OTHER} refs/heads/main2\n${SHA} refs/heads/main\n`
  expect(revisionOf(repository({ ".git/HEAD": "ref: refs/heads/main", ".git/packed-refs": packed }))).toEqual({
    branch: "main",
    sha: SHA,
  })
  expect(revisionOf(repository({ ".git/HEAD": SHA }))).toEqual({ sha: SHA })
  expect(revisionOf(repository({ ".git/HEAD": "ref: refs/heads/main" }))).toEqual({ branch: "main" })
})

test("a worktree's branch is looked up in the repository it is of", () => {
  const main = repository({
    ".git/refs/heads/work": SHA,
    ".git/worktrees/w/HEAD": "ref: refs/heads/work",
    ".git/worktrees/w/commondir": "../..",
  })
  const worktree = repository({ ".git": `gitdir: ${main}/.git/worktrees/w\n` })
  expect(revisionOf(worktree)).toEqual({ branch: "work", sha: SHA })
})

test("what git's files do not plainly say is not said, and no file elsewhere is read for it", () => {
  const outside = repository({ x: SHA })
  const climbing = repository({ ".git/HEAD": `ref: refs/heads/../../../../${outside}/x` })
  expect([revisionOf(climbing), revisionOf(repository({ ".git/HEAD": "<html>" })), revisionOf(outside)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
