import { expect, test } from "bun:test"
import { chmodSync, existsSync, statSync, symlinkSync } from "node:fs"
import { withoutHunk } from "../../src/checkpoints/revert.ts"
import { refusalOf } from "../scene.ts"
import { undoing, workspace } from "./workspace.ts"

const sha256 = (text: string) => Bun.CryptoHasher.hash("sha256", text, "hex")
const NOW = "a\nNEW\nc\nADDED\n"

test("a hunk is put back with the file's mode, and can be taken back again", async () => {
  await using own = workspace()
  own.put("f", NOW)
  chmodSync(own.at("f"), 0o755)

  const hunk = { line: 2, oldText: "b\n", newText: "NEW\n" }
  const change = await own.port.revertHunk({ path: own.at("f"), sha256: sha256(NOW), hunk })

  expect([own.read("f"), statSync(own.at("f")).mode & 0o777]).toEqual(["a\nb\nc\nADDED\n", 0o755])
  await own.port.restore(undoing([change]), "refuse")
  expect(own.read("f")).toBe(NOW)
})

test("with its last hunk a new file goes, and comes back when that is taken back; one that was there stays, empty", async () => {
  await using own = workspace()
  for (const name of ["new", "old", "part"]) own.put(name, NOW)
  const taken = (name: string, more: { isNew: boolean; newText?: string }) =>
    own.port.revertHunk({
      ...{ path: own.at(name), sha256: sha256(NOW), isNew: more.isNew },
      hunk: { line: 1, oldText: "", newText: more.newText ?? NOW },
    })

  const change = await taken("new", { isNew: true })
  await taken("old", { isNew: false })
  await taken("part", { isNew: true, newText: "a\n" })

  expect(change.after).toBeNull()
  expect(existsSync(own.at("new"))).toBe(false)
  expect([own.read("old"), own.read("part")]).toEqual(["", "NEW\nc\nADDED\n"])
  await own.port.restore(undoing([change]), "refuse")
  expect(own.read("new")).toBe(NOW)
})

test("what is not as it was shown, is no file or does not hold the hunk there, is not touched", async () => {
  await using own = workspace()
  own.put("f", NOW)
  symlinkSync("f", own.at("link"))
  const hunk = { line: 2, oldText: "b\n", newText: "NEW\n" }
  const asked = { path: own.at("f"), sha256: sha256(NOW), hunk }
  const refused = (more: Partial<typeof asked>) => refusalOf(own.port.revertHunk({ ...asked, ...more }))

  expect(await refused({ sha256: sha256("else") })).toContain("it was changed since it was shown")
  expect(await refused({ path: own.at("none") })).toContain("checkpoint.conflict")
  expect(await refused({ path: own.at("link") })).toContain("checkpoint.conflict")
  expect(await refused({ hunk: { ...hunk, line: 3 } })).toContain("does not stand at line 3")
  expect(own.read("f")).toBe(NOW)
})

test("a hunk is whole lines: added ones go, removed ones come, at the end of a file too", () => {
  const bytes = Buffer.from(NOW)
  const without = (line: number, oldText: string, newText: string, now: Uint8Array = bytes) =>
    withoutHunk(now, { line, oldText, newText })?.toString()

  expect(without(4, "", "ADDED\n")).toBe("a\nNEW\nc\n")
  expect(without(5, "gone\n", "")).toBe(`${NOW}gone\n`)
  expect(without(1, "gone\n", "")).toBe(`gone\n${NOW}`)
  expect(without(2, "b", "NEW")).toBeUndefined()
  expect(without(7, "x", "")).toBeUndefined()
  expect(without(2, "b\r\n", "x\r\n", Buffer.from("a\r\nx\r\n"))).toBe("a\r\nb\r\n")
  expect(without(2, "b", "x", Buffer.from("a\nx"))).toBe("a\nb")
})
