import { expect, test } from "bun:test"
import { call, type MemoryCheckpoints, memoryCheckpoints, say, scriptedModel, testTools } from "@skein/testkit"
import { type Sitting, sit } from "./sitting.ts"

const PATH = "/srv/shop/a.txt"
const F4 = "\u001bOS"
const BEFORE = "one\n"
const AFTER = "ONE\n"

/** Diffs as a store gives them, of the one file: all of it is one hunk. */
function withDiffs(files: MemoryCheckpoints): MemoryCheckpoints {
  return {
    ...files,
    diff: async () => {
      const now = files.at(PATH) ?? ""
      if (now === BEFORE) return []
      const rows = (text: string, sign: string) => text.replaceAll(/^(?=.)/gm, sign)
      const head = `@@ -1,1 +1,${now.split("\n").length - 1} @@\n`
      const diff = `--- a/a.txt\n+++ b/a.txt\n${head}${rows(BEFORE, "-")}${rows(now, "+")}`
      return [{ path: PATH, diff, sha256: Bun.CryptoHasher.hash("sha256", now, "hex") }]
    },
  }
}

/** A turn of skein has written the file. */
async function written(): Promise<{ readonly at: Sitting; readonly files: MemoryCheckpoints }> {
  const files = memoryCheckpoints({ [PATH]: BEFORE })
  const run = () => {
    files.put(PATH, AFTER)
    return "written"
  }
  const effects = [{ kind: "write", paths: [PATH], isInside: true }] as const
  const tools = testTools({ write: { effects: [...effects], run } })
  const model = scriptedModel(call("write", {}), say("Written."))
  const at = await sit(model, { ports: { tools, checkpoints: withDiffs(files) } })
  await at.type("write it\r")
  await at.until("Done")
  return { at, files }
}

test("a hunk that was taken back is gone from the review, and said", async () => {
  const { at, files } = await written()
  await at.type(F4)
  await at.until("hunk 1 of 1")
  await at.type("u")
  await at.until("Nothing was changed.")
  expect(files.at(PATH)).toBe(BEFORE)
  await at.type("q")
  await at.until("took back a hunk of a.txt; /redo brings it back")
  await at.leave()
})

test("lines of somebody else are taken back on a yes alone", async () => {
  const { at, files } = await written()
  files.put(PATH, `${AFTER}mine\n`)
  await at.type(F4)
  await at.until("mine")
  await at.type("u")
  await at.until("Somebody else changed this file too")
  await at.type("n")
  expect(await at.until("Nothing was taken back.")).not.toContain("kept")
  expect(files.at(PATH)).toBe(`${AFTER}mine\n`)
  await at.type("u")
  await at.until("Take it back?")
  await at.type("y")
  await at.until("Nothing was changed.")
  expect(files.at(PATH)).toBe(BEFORE)
  await at.type("q")
  await at.leave()
})

test("a refusal stands in the review, and nothing is marked as taken back", async () => {
  const { at, files } = await written()
  await at.type(F4)
  await at.until("hunk 1 of 1")
  files.put(PATH, `${AFTER}mine\n`)
  await at.type("u")
  expect(await at.until("Cannot take that back")).toContain("mine")
  expect(files.at(PATH)).toBe(`${AFTER}mine\n`)
  await at.type("q")
  expect(await at.until("Written.")).not.toContain("took back")
  await at.leave()
})

test("a review that was left is not opened again by what becomes of its hunk", async () => {
  const { at, files } = await written()
  await at.type(F4)
  await at.until("hunk 1 of 1")
  await at.type("uq")
  await at.until("took back a hunk of a.txt")
  expect(files.at(PATH)).toBe(BEFORE)
  expect(at.screen()).not.toContain("review ")
  await at.leave()
})
