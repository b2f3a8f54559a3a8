import { afterAll, expect, test } from "bun:test"
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gitSettings } from "@skein/core/ports"
import { shell } from "../src/index.ts"
import { effectOf } from "./corpus.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-git-itself-")))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Nothing of the person's own settings. */
const ENV = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: root,
  GIT_CONFIG_NOSYSTEM: "1",
  EDITOR: "touch",
  GIT_EDITOR: "touch",
}
const run = (line: string) => spawnSync("bash", ["-c", line], { cwd: root, env: ENV, encoding: "utf8" })
const effect = async (line: string) =>
  effectOf(await shell().understand(line, { cwd: root, roots: [root], home: root }))

/** Values that begin with a dash are values behind `--`, and git takes shortened options. */
const CONFIG: readonly string[] = [
  "git config core.hooksPath list",
  "git config core.hooksPath get",
  "git config --show-scope core.fsmonitor ./evil",
  "git config --show-origin core.fsmonitor ./evil",
  "git config --name-only core.fsmonitor ./evil",
  "git config core.fsmonitor -- '-;touch pwned'",
  "git config core.fsmonitor --end-of-options '-;touch pwned'",
  "git config --unset-a user.name",
  "git config --remove-sec user",
  "git config --bool core.bare false",
  "git config user.name B",
]

test("what changes git's settings when git itself runs it is never taken for a look", async () => {
  const changing: string[] = []
  for (const line of CONFIG) {
    run("rm -rf .git; git init -q .; git config user.name A")
    const before = readFileSync(join(root, ".git/config"), "utf8")
    run(line)
    const isChanged = readFileSync(join(root, ".git/config"), "utf8") !== before
    if (isChanged) changing.push(line)
    if (isChanged) expect([line, await effect(line)]).not.toEqual([line, "read"])
  }
  // Not every git knows every one of these.
  expect(changing.length).toBeGreaterThan(5)
})

test("settings are read as git itself reads them, whatever stands in comments and quotes", () => {
  const config = join(root, "config")
  for (const text of [
    "[core]\n\tautocrlf = false # x \\\n\tfsmonitor = touch pwned\n",
    "[core]\n\tautocrlf = false ; \\\n\tfsmonitor = touch pwned\n",
    "[core] # x \\\n\tfsmonitor = touch pwned\n",
    '[core]\n\tpager = "a # \\\n\tb" # c \\\n\tfsmonitor = x\n',
    "[core]\n\tpager = a \\\n\t# b \\\n\tfsmonitor = x\n",
    '[core]\n\tpager = "a\\"#" \\\n\tfsmonitor = x\n',
    "[core]\n\tpager = a\\\\\n\tfsmonitor = x\n",
    "# a \\\n[core]\n\tfsmonitor = x\n",
  ]) {
    writeFileSync(config, text)
    const listed = run("git config --file config --null --list").stdout
    // Which kind of space stands between words differs from git to git.
    const plain = (one: string) => one.replaceAll(/[ \t]+/g, " ").trimEnd()
    const known = listed.split("\0").flatMap((one) => (one === "" ? [] : [plain(one)]))
    expect([text, gitSettings(text)?.map(([key, value]) => plain(`${key}\n${value}`))]).toEqual([text, known])
  }
})

test("a hook that settings place relative to another working tree runs when git looks, and is no look", async () => {
  run("rm -rf .git sub pwned; git init -q .; mkdir -p sub/h; echo 1 > sub/a; git config core.worktree $PWD/sub")
  run("git add -A; git config core.hooksPath h; printf '#!/bin/sh\\ntouch '$PWD'/pwned\\n' > sub/h/post-index-change")
  run("chmod +x sub/h/post-index-change; touch -d 2001-01-01 sub/a; git status")
  expect(existsSync(join(root, "pwned"))).toBe(true)
  expect(await effect("git status")).toBe("execute")
})
