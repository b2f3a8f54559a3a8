import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const elvish = Bun.which("elvish")
if (elvish === null) console.warn("Skipped: completion in a real elvish, because there is none.")

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-completion-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function script(shell: string): string {
  const main = join(import.meta.dir, "../src/main.ts")
  const { stdout, exitCode } = Bun.spawnSync([process.execPath, main, "completion", shell], {
    env: { PATH: process.env.PATH, HOME: folder, SKEIN_HOME: folder },
  })
  expect(exitCode).toBe(0)
  return stdout.toString()
}

test.skipIf(elvish === null)("a real elvish is told the verbs, the words in one, and the flags of either", () => {
  const text = script("elvish")
  // Only where somebody types is there an editor that the last line could be said to.
  const lines = text.trimEnd().split("\n")
  expect(lines.at(-1)).toBe("set edit:completion:arg-completer[skein] = $skein-complete~")
  const said = (...words: string[]) => {
    const call = `skein-complete ${["skein", ...words].map((word) => `'${word}'`).join(" ")}`
    const file = join(folder, "complete.elv")
    writeFileSync(file, `${lines.slice(0, -1).join("\n")}\n${call}\n`)
    const { stdout, stderr } = Bun.spawnSync([elvish ?? "", file], { env: { PATH: "/usr/bin:/bin", HOME: folder } })
    expect(stderr.toString()).toBe("")
    return stdout
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^▶ /, ""))
  }

  expect(said("")).toContain("exec")
  expect(said("exec", "--json", "")).toContain("--output-schema")
  expect(said("features", "")).toEqual(expect.arrayContaining(["enable", "disable"]))
  expect(said("session", "search", "")).toContain("--help")
  expect(said("what", "is", "this", "")).toContain("exec")
})

test("PowerShell's script is a table of the same words, each quoted", () => {
  const text = script("powershell")

  expect(text).toStartWith("Register-ArgumentCompleter -Native -CommandName skein -ScriptBlock {")
  expect(text).toMatch(/^ {4}'features' = @\('list', 'enable', 'disable', /m)
  expect(text.split("{").length).toBe(text.split("}").length)
})
