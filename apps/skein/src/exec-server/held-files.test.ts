import { afterAll, beforeEach, expect, test } from "bun:test"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { machineFiles } from "../app-server/files.ts"
import { heldFiles } from "./held-files.ts"

const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-held-")))
const [root, outside] = [join(base, "root"), join(base, "outside")]
const held = heldFiles(machineFiles, "workspace-write", [root])
const bytes = new TextEncoder().encode("mine")

beforeEach(() => {
  for (const folder of [root, outside]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

test("a file below a root is written, also in folders that are not there yet", async () => {
  await held.makeFolder(join(root, "a", "b"), true)
  await held.write(join(root, "a", "b", "c"), bytes)
  expect(readFileSync(join(root, "a", "b", "c"), "utf8")).toBe("mine")
})

test("no link leads out of a root, not one that leads nowhere yet either", async () => {
  symlinkSync(join(outside, "new"), join(root, "nowhere"))
  symlinkSync(outside, join(root, "folder"))
  symlinkSync(join(outside, "missing"), join(root, "missing"))
  await expect(held.write(join(root, "nowhere"), bytes)).rejects.toThrow("leads nowhere")
  await expect(held.copy(join(root, "folder"), join(root, "nowhere"), true)).rejects.toThrow("leads nowhere")
  await expect(held.makeFolder(join(root, "missing", "x"), true)).rejects.toThrow("leads nowhere")
  await expect(held.write(join(root, "folder", "x"), bytes)).rejects.toThrow("does not let")
  await expect(held.write(join(root, "gone", "..", "..", "outside", "x"), bytes)).rejects.toThrow("does not let")
  await expect(held.remove(join(outside, "x"), { isRecursive: true, isForced: true })).rejects.toThrow("does not let")
  expect([existsSync(join(outside, "new")), existsSync(join(outside, "x"))]).toEqual([false, false])
})

test("a folder that is copied goes through no link of the place it comes to", async () => {
  const from = join(base, "outside", "from")
  mkdirSync(join(from, "sub"), { recursive: true })
  writeFileSync(join(from, "file"), "new")
  writeFileSync(join(from, "sub", "x"), "new")
  writeFileSync(join(outside, "kept"), "old")
  mkdirSync(join(root, "to"))
  mkdirSync(join(outside, "sub"))
  symlinkSync(join(outside, "kept"), join(root, "to", "file"))
  symlinkSync(join(outside, "sub"), join(root, "to", "sub"))
  await held.copy(from, join(root, "to"), true).catch(() => undefined)
  expect(readFileSync(join(outside, "kept"), "utf8")).toBe("old")
  expect(existsSync(join(outside, "sub", "x"))).toBe(false)
})
