import { expect, test } from "bun:test"
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

test("a file is read whole and refused beyond the bound, below, at and above the size that is read at once", async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-files-")))
  try {
    for (const size of [0, 1, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1]) {
      const path = join(root, `f${size}`)
      const content = Buffer.alloc(size, "abc\n")
      writeFileSync(path, content)
      const { bytes, sha256 } = await localFiles().read(path, { bytesMax: Math.max(size, 1) })
      expect([bytes.length, sha256]).toEqual([size, Bun.CryptoHasher.hash("sha256", content, "hex")])
      if (size > 1) await expect(localFiles().read(path, { bytesMax: size - 1 })).rejects.toThrow("can be read at once")
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
