import { afterEach, expect, test } from "bun:test"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { scriptsIn } from "./find.ts"

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

function folderOf(files: Readonly<Record<string, string>>) {
  const path = mkdtempSync(join(tmpdir(), "scripts-"))
  made.push(path)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return { path, isOfProject: false, isHidden: false }
}

test("executable files and TypeScript are scripts; folders, other files and what leads nowhere are none", () => {
  const folder = folderOf({ run: "#!/bin/sh", "a.ts": "", "notes.md": "", ".hidden": "" })
  for (const name of ["run", ".hidden"]) chmodSync(join(folder.path, name), 0o755)
  mkdirSync(join(folder.path, "lib"))
  symlinkSync("nowhere", join(folder.path, "gone"))
  expect(scriptsIn(folder).map(({ base, isOfRuntime }) => [base, isOfRuntime])).toEqual([
    ["a", true],
    ["run", false],
  ])
  expect(scriptsIn({ ...folder, path: join(folder.path, "nope") })).toEqual([])
})

test("what describes a script lies beside it, and a script whose description is another is another", () => {
  const folder = folderOf({ "a.ts": "", "a.tool.toml": 'description = "x"', "b.ts": "", "b.ts.tool.json": "{}" })
  const [a, b] = scriptsIn(folder)
  expect([a?.sidecar?.text, b?.sidecar?.text]).toEqual(['description = "x"', "{}"])
  writeFileSync(join(folder.path, "a.tool.toml"), 'description = "y"')
  const [again] = scriptsIn(folder)
  expect([again?.sha256 === a?.sha256, again?.identity === a?.identity]).toEqual([true, false])
})
