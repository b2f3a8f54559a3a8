import { expect, test } from "bun:test"
import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { branchLine } from "../../src/system/git/branch.ts"
import { fakeMachine, only } from "./fakes.ts"
import { folder, realMachine } from "./folder.ts"
import { repository } from "./ground.ts"

test("the branch is told with how many files are not as they were committed, from any folder of the repository", async () => {
  using repo = repository({ "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.log\n", "deep/er/c": "" })
  const machine = realMachine(repo.path)
  expect(await branchLine(repo.path, machine)).toBe("main")
  repo.write("a.txt", "changed\n")
  rmSync(join(repo.path, "b.txt"))
  repo.write("new/one", "")
  repo.write("new/two", "")
  repo.write("x.log", "")
  expect(await branchLine(join(repo.path, "deep/er"), machine)).toBe("main ±3")
  repo.git("add", "-A")
  repo.git("commit", "-qm", "second")
  expect(await branchLine(repo.path, machine)).toBe("main")
})

test("a worktree, a submodule and a commit without a branch are told as what they are", async () => {
  using library = repository()
  using repo = repository()
  const machine = realMachine(repo.path)
  repo.git("worktree", "add", "-q", "tree", "-b", "feature/x")
  repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.path, "sub")
  repo.write("tree/a.txt", "changed\n")
  expect(await branchLine(join(repo.path, "tree"), machine)).toBe("feature/x ±1")
  expect(await branchLine(join(repo.path, "sub"), machine)).toBe("main")
  repo.git("commit", "-qam", "sub")
  repo.git("checkout", "-q", "--detach")
  const commit = repo.git("rev-parse", "HEAD")
  expect(await branchLine(repo.path, machine)).toBe(`${commit.slice(0, 7)} ±1`)
})

test("nothing of a repository runs: no monitor, filter, hook, text conversion, transport, nor anything of a submodule", async () => {
  using library = repository()
  using repo = repository({ "a.txt": "a\n", ".gitattributes": "* filter=evil diff=evil\n" })
  repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.path, "sub")
  const evil = `touch ${repo.path}/pwned-`
  const settings: Record<string, string> = {
    "core.fsmonitor": `${evil}monitor;`,
    "filter.evil.clean": `${evil}clean; cat`,
    "filter.evil.process": `${evil}process`,
    "diff.evil.textconv": `${evil}textconv`,
    "diff.external": `${evil}external`,
    "core.sshCommand": `${evil}ssh`,
    "core.hooksPath": "hooks",
    "core.pager": `${evil}pager`,
    "core.editor": `${evil}editor`,
    "alias.status": `!${evil}alias`,
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::sh -c ${evil}ext`,
    "protocol.ext.allow": "always",
  }
  for (const [name, value] of Object.entries(settings)) {
    repo.git("config", name, value)
    if (!name.startsWith("ext") && !name.startsWith("remote"))
      repo.git("config", "-f", ".git/modules/sub/config", name, value)
  }
  repo.write("hooks/post-index-change", `#!/bin/sh\n${evil}hook\n`, 0o755)
  repo.write(".git/hooks/post-index-change", `#!/bin/sh\n${evil}hook\n`, 0o755)
  repo.write("a.txt", "changed\n")
  repo.write("sub/a.txt", "changed\n")
  const led = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "core.fsmonitor", GIT_CONFIG_VALUE_0: `${evil}variable;` }
  const machine = realMachine(repo.path, { env: { ...led, GIT_DIR: "/nowhere", GIT_OBJECT_DIRECTORY: "/nowhere" } })
  expect(await branchLine(repo.path, machine)).toMatch(/^main ±\d$/)
  expect(await branchLine(join(repo.path, "sub"), machine)).toBe("main ±1")
  expect(readdirSync(repo.path).filter((name) => name.startsWith("pwned"))).toEqual([])
})

test("files are compared as the repository's own settings say, where they can mean nothing else", async () => {
  using repo = repository()
  const machine = realMachine(repo.path)
  repo.git("update-index", "--chmod=+x", "a.txt")
  repo.git("commit", "-qm", "mode")
  expect(await branchLine(repo.path, machine)).toBe("main ±1")
  repo.git("config", "core.fileMode", "false")
  expect(await branchLine(repo.path, machine)).toBe("main")
})

test("what the person ignores everywhere counts as ignored, and git is asked nothing else of theirs", async () => {
  using home = folder({ ignored: "*.swp\n" })
  using repo = repository()
  repo.write("a.swp", "")
  home.write(".gitconfig", "[core]\n\texcludesFile = ~/ignored\n")
  expect(await branchLine(repo.path, realMachine(home.path))).toBe("main")
  using other = folder()
  expect(await branchLine(repo.path, realMachine(other.path))).toBe("main ±1")
})

test("without git the branch is told alone, and what is no repository has none", async () => {
  using repo = repository()
  using plain = folder()
  const machine = fakeMachine(only({}))
  expect(await branchLine(repo.path, machine)).toBe("main")
  expect(await branchLine(plain.path, machine)).toBeUndefined()
  expect(await branchLine(repo.path, { ...realMachine(repo.path), temporary: "/nowhere" })).toBe("main")
  repo.write(".git/HEAD", "ref: refs/heads/\u001b]0;x\u0007\n")
  expect(await branchLine(repo.path, machine)).toBe("\\e]0;x\\u{7}")
  for (const head of ["", "rubbish", "ref: refs/heads/.invalid", "../../etc/passwd"]) {
    repo.write(".git/HEAD", head)
    expect(await branchLine(repo.path, machine), head).toBeUndefined()
  }
})

test("looking leaves nothing behind, in the repository and beside it", async () => {
  using repo = repository()
  using place = folder()
  repo.write("a.txt", "changed\n")
  const kept = () => [
    repo.git("ls-files", "--debug"),
    readdirSync(join(repo.path, ".git")).sort(),
    readdirSync(place.path),
  ]
  const before = kept()
  expect(await branchLine(repo.path, realMachine(repo.path, { env: { XDG_RUNTIME_DIR: place.path } }))).toBe("main ±1")
  expect(kept()).toEqual(before)
})
