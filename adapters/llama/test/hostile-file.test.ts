import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tinyModel } from "@skein/testkit/gguf"
import { ggufHead } from "../src/library/gguf.ts"
import { library } from "../src/library/library.ts"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skein-hostile-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const HUGE = 2n ** 64n - 1n
const STRING = 8
const LIST = 9

test.each([
  ["more facts than there are bytes", head(HUGE), /has 18446744073709552000 values/],
  ["millions of facts", head(10_001n), /has 10001 values; 10000 are read/],
  ["a name without end", [...head(1n), ...uint64(HUGE)], /a name that is too long/],
  ["a text without end", [...head(1n), ...text("a"), ...uint32(STRING), ...uint64(HUGE)], /is cut off/],
  [
    "a list without end",
    [...head(1n), ...text("a"), ...uint32(LIST), ...uint32(STRING), ...uint64(HUGE)],
    /is cut off/,
  ],
  [
    "a list of a size that overflows",
    [...head(1n), ...text("a"), ...uint32(LIST), ...uint32(10), ...uint64(2n ** 61n)],
    /is cut off/,
  ],
  ["lists in lists", [...head(1n), ...text("a"), ...uint32(LIST), ...lists(50)], /lists in lists in lists/],
  ["a type that nobody knows", [...head(1n), ...text("a"), ...uint32(4_000_000_000)], /unknown type/],
  ["no architecture", head(0n), /does not say which architecture/],
  ["an architecture that clears the screen", fact("general.architecture", "\u001b[2J"), /is no name/],
  ["an architecture as long as a book", fact("general.architecture", "a".repeat(100_000)), /is no name/],
])("a file with %s is refused by what is wrong with it, and costs little", async (_, bytes, says) => {
  const file = join(dir, "hostile.gguf")
  writeFileSync(file, Uint8Array.from(bytes))
  // Room for what the head says that it has: a hole takes none of the disk.
  truncateSync(file, 80 * 1024 * 1024)
  await expect(ggufHead(file)).rejects.toThrow(says)
})

test("a template as long as a library is passed over, and the model is used without it", async () => {
  const file = join(dir, "long.gguf")
  writeFileSync(file, tinyModel({ chatTemplate: "x".repeat(300_000) }))
  expect(await ggufHead(file)).toMatchObject({ architecture: "llama", chatTemplate: undefined })
})

test.skipIf(process.platform === "win32")("a pipe is no model, and is not waited for", async () => {
  const pipe = join(dir, "pipe.gguf")
  Bun.spawnSync(["mkfifo", pipe])
  await expect(library(join(dir, "models"), () => 0).add(pipe)).rejects.toThrow(/it is no regular file/)
})

test("what a crash left of a model's card hides no other model, and can be removed", async () => {
  const models = library(join(dir, "models"), () => 0)
  const file = join(dir, "whole.gguf")
  writeFileSync(file, tinyModel())
  await models.add(file)
  writeFileSync(join(models.folder, "torn.json"), "")
  writeFileSync(join(models.folder, "other.json"), '{"file": 7}')
  expect((await models.list()).map(({ name }) => name)).toEqual(["whole"])
  expect(await models.remove("torn")).toBe(true)
  expect(await models.remove("torn")).toBe(false)
  expect(await models.remove("../models/other")).toBe(false)
})

test("a file that is no longer the one that was added is not asked", async () => {
  const models = library(join(dir, "models"), () => 0)
  const file = join(dir, "whole.gguf")
  writeFileSync(file, tinyModel())
  await models.add(file)
  writeFileSync(file, "more", { flag: "a" })
  expect(await models.find("whole")).toMatchObject({ problem: expect.stringContaining("not the file that was added") })
})

test("a model does not take the name of another one", async () => {
  const models = library(join(dir, "models"), () => 0)
  const [first, second] = ["a", "b"].map((name) => join(dir, name, "model.gguf"))
  for (const file of [first, second]) {
    mkdirSync(join(file ?? "", ".."))
    writeFileSync(file ?? "", tinyModel())
  }
  await models.add(first ?? "")
  await models.add(first ?? "")
  await expect(models.add(second ?? "")).rejects.toThrow(/There is a model called model already/)
  expect((await models.list()).map(({ file }) => file)).toEqual([first ?? ""])
})

function head(facts: bigint): number[] {
  return [...Buffer.from("GGUF"), ...uint32(3), ...uint64(0n), ...uint64(facts)]
}

function fact(name: string, value: string): number[] {
  return [...head(1n), ...text(name), ...uint32(STRING), ...text(value)]
}

function lists(depth: number): number[] {
  return Array.from({ length: depth }, () => [...uint32(LIST), ...uint64(1n)]).flat()
}

function text(value: string): number[] {
  return [...uint64(BigInt(value.length)), ...Buffer.from(value)]
}

function uint32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)]
}

function uint64(value: bigint): number[] {
  return [...new Uint8Array(BigUint64Array.of(value).buffer)]
}
