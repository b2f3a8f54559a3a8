import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ShellReading, SimpleCommand } from "@skein/core/ports"
import { localFiles } from "./files/local.ts"
import { linksFollowed } from "./links-followed.ts"

const COMMAND: SimpleCommand = {
  ...{ argv: ["cat"], text: "cat", risks: ["read"], reason: "", reads: [], writes: [], hosts: [], assigns: [] },
  ...{ cwd: undefined, powerful: [] },
}

test("a file that is reached by a link is named by where it lies too, and no other path changes", async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-links-")))
  try {
    const root = join(base, "project")
    mkdirSync(join(base, "outside"))
    mkdirSync(root)
    writeFileSync(join(base, "outside/a"), "")
    writeFileSync(join(root, "own"), "")
    symlinkSync("../outside/a", join(root, "link"))
    symlinkSync("../outside", join(root, "folder"))
    symlinkSync("circle", join(root, "circle"))
    const reads = ["link", "folder/a", "own", "none", "circle", "own/none"].map((name) => join(root, name))
    const given: ShellReading = {
      commands: [{ ...COMMAND, reads: [...reads, "/etc/hosts", "src/*.ts"], writes: [join(root, "folder/new")] }],
    }
    const { commands } = await linksFollowed(given, [root], localFiles())

    expect(commands[0]?.reads).toEqual([...reads, "/etc/hosts", "src/*.ts", join(base, "outside/a")])
    expect(commands[0]?.writes).toEqual([join(root, "folder/new"), join(base, "outside/new")])
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
})
