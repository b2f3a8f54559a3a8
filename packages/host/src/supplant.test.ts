import { afterEach, beforeEach, expect, test } from "bun:test"
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Exchange, loadExchange } from "./exchange.ts"
import { loadLease } from "./lease.ts"
import { supplanting } from "./supplant.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-supplant-"))
  save("name", "old")
  save("draft", "ours")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const save = (name: string, text: string) => {
  writeFileSync(at("saving"), text)
  renameSync(at("saving"), at(name))
}
const isOld = (path: string) => readFileSync(path, "utf8") === "old"
const state = () =>
  readdirSync(folder)
    .toSorted()
    .map((name) => `${name}: ${readFileSync(at(name), "utf8")}`)

/** What others do just before the first exchange, the second, and so on. */
async function supplanted(...meanwhile: readonly (() => void)[]) {
  const real = await loadExchange()
  if (real === undefined) throw new Error("Names cannot be exchanged here")
  const left = [...meanwhile]
  const exchange: Exchange = (a, b) => {
    left.shift()?.()
    return real(a, b)
  }
  return supplanting(exchange)(at("draft"), at("name"), isOld)
}

test("what is expected is replaced, and only the new is left", async () => {
  expect(await supplanted()).toEqual({ kind: "done" })
  expect(state()).toEqual(["name: ours"])
})

test("what was saved by a rename at the last moment stays", async () => {
  expect(await supplanted(() => save("name", "edit"))).toEqual({ kind: "changed" })
  expect(state()).toEqual(["name: edit"])
})

test("what was written in place at the last moment stays", async () => {
  expect(await supplanted(() => writeFileSync(at("name"), "edit"))).toEqual({ kind: "changed" })
  expect(state()).toEqual(["name: edit"])
})

test("a link that was put there at the last moment stays", async () => {
  const swap = () => {
    unlinkSync(at("name"))
    symlinkSync("elsewhere", at("name"))
  }
  const put = supplanted(swap)
  await expect(put).rejects.toThrow("ENOENT") // what looks at it may fail
  expect(readdirSync(folder)).toEqual(["name"])
})

test("a file that was deleted at the last moment stays deleted", async () => {
  expect(await supplanted(() => unlinkSync(at("name")))).toEqual({ kind: "changed" })
  expect(state()).toEqual([])
})

test.each([
  ["by a rename", () => save("name", "edit 2")],
  ["in place", () => writeFileSync(at("name"), "edit 2")],
])("what was saved %s while the first is put back stays, and the first is kept", async (_, again) => {
  const put = await supplanted(() => save("name", "edit 1"), again)
  expect(put.kind).toBe("changed")
  const kept = put.kind === "changed" ? put.keptAs : undefined
  expect(state()).toEqual([`${kept}: edit 1`, "name: edit 2"])
})

test("three saves in a row: the newest stays, none goes with our draft", async () => {
  const put = await supplanted(...["edit 1", "edit 2", "edit 3"].map((text) => () => save("name", text)))
  expect(put.kind).toBe("changed")
  expect(state().at(-1)).toBe("name: edit 3")
  expect(state()).toHaveLength(2)
})

test("what was put back is there again, though ours was deleted meanwhile", async () => {
  const put = await supplanted(
    () => save("name", "edit"),
    () => unlinkSync(at("name")),
  )
  expect([put, state()]).toEqual([{ kind: "changed" }, ["name: edit"]])
})

test("where names cannot be exchanged nothing is done", () => {
  expect(supplanting(() => false)(at("draft"), at("name"), isOld)).toEqual({ kind: "cannot" })
  expect(state()).toEqual(["draft: ours", "name: old"])
})

test("an editor that has the file open for writing is waited for, and one that keeps it open is not", async () => {
  const takeLease = await loadLease()
  const fd = openSync(at("name"), "r+")
  if (takeLease?.(at("name")) !== "busy") return closeSync(fd) // a file system without leases
  const exchange = await loadExchange()
  if (exchange === undefined) throw new Error("Names cannot be exchanged here")
  expect(supplanting(exchange, takeLease)(at("draft"), at("name"), isOld)).toEqual({ kind: "done" })
  closeSync(fd)

  save("name", "old")
  save("draft", "ours")
  let asked = 0
  const writing = openSync(at("name"), "r+")
  const put = supplanting(exchange, (path) => {
    if (++asked === 3) {
      writeSync(writing, "edit", 0)
      closeSync(writing)
    }
    return takeLease(path)
  })(at("draft"), at("name"), isOld)
  expect([put, asked, state()]).toEqual([{ kind: "changed" }, 3, ["name: edit"]])
})

test("a write that begins while the old is looked at is seen", async () => {
  const exchange = await loadExchange()
  if (exchange === undefined) throw new Error("Names cannot be exchanged here")
  const broken = { isUnbroken: () => false, release: () => undefined }
  expect(supplanting(exchange, () => broken)(at("draft"), at("name"), isOld)).toEqual({ kind: "changed" })
  expect(state()).toEqual(["name: old"])
})
