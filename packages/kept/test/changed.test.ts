import { afterAll, expect, test } from "bun:test"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TakeLock } from "@skein/core/ports"
import { changeObject, LockRefused, readObject, replaceFile, whileLocked } from "../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "skein-kept-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
const fresh = (): string => join(root, `${++count}`, "kept.json")
const free: TakeLock = () => ({ kind: "locked", release: () => undefined })
const held: TakeLock = () => ({ kind: "held" })

test("what stays held is given up on with the time that it was waited for, and nothing is done", async () => {
  const file = fresh()
  const done: string[] = []
  const refused = await whileLocked(file, held, () => done.push("done"), 20).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(LockRefused)
  expect(refused).toMatchObject({ kind: "held", message: "another skein has been changing it for 0.02 s" })
  expect(done).toEqual([])
})

test("a file system without locks is told as that", async () => {
  const none: TakeLock = () => ({ kind: "unsupported", reason: "no locks here" })
  const refused = await whileLocked(fresh(), none, () => undefined).catch((error: unknown) => error)
  expect(refused).toMatchObject({ kind: "unsupported", message: "it cannot be locked: no locks here" })
})

test("who holds it for a while is waited for", async () => {
  let tries = 0
  const late: TakeLock = (fd) => (++tries < 3 ? held(fd) : free(fd))
  expect(await whileLocked(fresh(), late, () => "done")).toBe("done")
  expect(tries).toBe(3)
})

test("what was thrown inside is thrown on, and the lock can be taken again", async () => {
  const file = fresh()
  const failing = whileLocked(file, free, () => Promise.reject(new Error("inside")))
  expect(await failing.catch((error: Error) => error.message)).toBe("inside")
  expect(await whileLocked(file, free, () => 2)).toBe(2)
})

test("a lock's name that is a link is never opened: what it leads to stays", async () => {
  const file = fresh()
  mkdirSync(join(file, ".."), { recursive: true })
  symlinkSync(join(root, "elsewhere"), `${file}.lock`)
  expect(await whileLocked(file, free, () => "done").catch(() => "refused")).toBe("refused")
  expect(readdirSync(root)).not.toContain("elsewhere")
})

test("a replaced file is for its owner alone, and nothing stays beside it", () => {
  const file = fresh()
  replaceFile(file, "old")
  replaceFile(file, "new")
  expect(readFileSync(file, "utf8")).toBe("new")
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(file, ".."))).toEqual(["kept.json"])
})

test("a link in the file's place is replaced, not followed", () => {
  const [file, other] = [fresh(), fresh()]
  replaceFile(other, "another's")
  mkdirSync(join(file, ".."), { recursive: true })
  symlinkSync(other, file)
  replaceFile(file, "mine")
  expect([readFileSync(file, "utf8"), readFileSync(other, "utf8")]).toEqual(["mine", "another's"])
})

test("what cannot be put in its place leaves what was there, and nothing beside it", () => {
  const file = fresh()
  mkdirSync(join(file, "full"), { recursive: true })
  expect(() => replaceFile(file, "new")).toThrow()
  expect(readdirSync(join(file, ".."))).toEqual(["kept.json"])
})

test("changes of an object one after the other are all in it", async () => {
  const file = fresh()
  const add = (name: string) =>
    changeObject(
      file,
      async () => free,
      (before) => ({ ...before, [name]: true }),
    )
  for (const name of ["a", "b", "c"]) await add(name)
  expect(readObject(file)).toEqual({ a: true, b: true, c: true })
})

test.each([
  ["nothing", undefined],
  ["garbage", "{ not json"],
  ["a list", "[1]"],
])("%s is no object, and a change begins anew", async (_, text) => {
  const file = fresh()
  mkdirSync(join(file, ".."), { recursive: true })
  if (text !== undefined) writeFileSync(file, text)
  expect(readObject(file)).toBeUndefined()
  await changeObject(
    file,
    async () => free,
    (before) => ({ ...before, is: "new" }),
  )
  expect(readObject(file)).toEqual({ is: "new" })
})
