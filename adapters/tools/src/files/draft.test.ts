import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDraft, openNamedDraft } from "./draft.ts"
import { type PinnedFolder, pinFolder } from "./pinned.ts"

let folder: PinnedFolder
beforeEach(() => {
  folder = pinFolder(realpathSync(mkdtempSync(join(tmpdir(), "skein-draft-"))))
})
afterEach(() => {
  folder.close()
  rmSync(folder.path, { recursive: true, force: true })
})

const names = () => readdirSync(folder.path).toSorted()
const content = (name: string) => readFileSync(join(folder.path, name), "utf8")

describe.each([
  ["a draft", openDraft],
  ["a draft with a temporary name", openNamedDraft],
])("%s", (_, open) => {
  test("becomes a new file, and only that is left", async () => {
    const draft = await open(folder, 0o600)
    await draft.handle.write("new")
    draft.become("a")
    await draft.close()
    expect([names(), content("a")]).toEqual([["a"], "new"])
  })

  test("does not become what is there", async () => {
    writeFileSync(join(folder.path, "a"), "old")
    const draft = await open(folder, 0o600)
    expect(() => draft.become("a")).toThrow("EEXIST")
    await draft.close()
    expect([names(), content("a")]).toEqual([["a"], "old"])
  })

  test("supplants what is there", async () => {
    writeFileSync(join(folder.path, "a"), "old")
    const draft = await open(folder, 0o600)
    await draft.handle.write("new")
    draft.supplant("a")
    await draft.close()
    expect([names(), content("a")]).toEqual([["a"], "new"])
  })

  test("that becomes nothing leaves nothing", async () => {
    const draft = await open(folder, 0o600)
    await draft.handle.write("new")
    await draft.close()
    expect(names()).toEqual([])
  })
})
