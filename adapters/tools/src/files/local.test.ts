import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { filesPortContract } from "@skein/testkit"
import { localFiles } from "./local.ts"

filesPortContract("localFiles", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-files-")))
  const inFolder = (path: string) => {
    mkdirSync(dirname(path), { recursive: true })
    return path
  }
  return {
    files: localFiles(),
    root,
    put: (path, content) => writeFileSync(inFolder(path), content),
    link: (path, target) => symlinkSync(target, inFolder(path)),
    special: (path) => execFileSync("mkfifo", [path]),
    cleanUp: () => rmSync(root, { recursive: true, force: true }),
  }
})
