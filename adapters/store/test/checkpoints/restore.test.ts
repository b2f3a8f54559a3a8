import { expect, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import type { OnConflict, RestoreStep } from "@skein/core/ports"
import type { FileVersion } from "@skein/protocol"
import { apply } from "../../src/checkpoints/apply.ts"
import { Batch } from "../../src/checkpoints/batch.ts"
import { Blobs } from "../../src/checkpoints/blobs.ts"
import { BOUNDS } from "../../src/checkpoints/bounds.ts"
import { chosen, planned } from "../../src/checkpoints/plan.ts"
import { refusalOf } from "../scene.ts"
import { bash, DIRTY_REPOSITORY, reversed, stateOf, undoing, workspace } from "./workspace.ts"

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}\n`)
const withLine = (at: number, text: string, lines = LINES) => lines.with(at, `${text}\n`).join("")

test("a merge takes back what skein did and keeps what the person did, in the same file", async () => {
  await using own = workspace()
  own.put("a.txt", LINES.join(""))
  const { changes } = await own.watching(() => own.put("a.txt", withLine(3, "by skein")))
  own.put("a.txt", withLine(15, "by the person", LINES.with(3, "by skein\n")))

  const merged = await own.port.restore(undoing(changes), "merge")
  expect([own.read("a.txt"), merged.conflicts]).toEqual([withLine(15, "by the person"), []])
  await own.port.restore(undoing(merged.changes), "refuse")
  expect(own.read("a.txt")).toBe(withLine(15, "by the person", LINES.with(3, "by skein\n")))
})

test("what cannot be merged is left, and named", async () => {
  await using own = workspace()
  own.put("same-line", LINES.join(""))
  own.put("binary", new Uint8Array([0, 1, 2]))
  own.put("deleted", "x")
  const { changes } = await own.watching(() => {
    own.put("same-line", withLine(3, "by skein"))
    own.put("binary", new Uint8Array([0, 1, 3]))
    own.put("deleted", "y")
    own.put("made", "z")
  })
  own.put("same-line", withLine(3, "by the person"))
  own.put("binary", new Uint8Array([0, 9, 3]))
  rmSync(own.at("deleted"))
  own.put("made", "z and more")
  const before = stateOf(own.root)

  const { changes: done, conflicts } = await own.port.restore(undoing(changes), "merge")
  expect(done).toEqual([])
  expect(conflicts.map(({ path, reason }) => [path.slice(own.root.length + 1), reason])).toEqual([
    ["binary", "it was changed since, and the two changes cannot be put together"],
    ["deleted", "it was deleted since"],
    ["made", "it was changed since"],
    ["same-line", "it was changed since, and the two changes cannot be put together"],
  ])
  expect(stateOf(own.root)).toEqual(before)
})

test("a conflict of kind or mode says so", async () => {
  await using own = workspace()
  for (const name of ["kind", "mode"]) own.put(name, "old")
  const { changes } = await own.watching(() => {
    for (const name of ["kind", "mode"]) own.put(name, "new")
  })
  rmSync(own.at("kind"))
  symlinkSync("elsewhere", own.at("kind"))
  chmodSync(own.at("mode"), 0o600)

  const message = await refusalOf(own.port.restore(undoing(changes), "refuse"))
  expect(message).toBe(
    `checkpoint.conflict: Cannot restore: 2 paths are not as skein left it, and nothing was touched.
  ${own.at("kind")}: it was a file and is a link now
  ${own.at("mode")}: its permissions were changed since
Skip them, merge, or overwrite.`,
  )
})

test("a folder that holds what skein did not make is left with it", async () => {
  await using own = workspace()
  const { changes } = await own.bash("mkdir -p made/inner && echo 1 > made/inner/f")
  own.put("made/mine.txt", "the person's")

  const { conflicts } = await own.port.restore(undoing(changes), "refuse")
  expect(conflicts).toEqual([{ path: own.at("made"), reason: "it holds what skein did not make: mine.txt" }])
  expect(Object.keys(stateOf(own.root))).toEqual(["", "made", "made/mine.txt"])
})

test("a file in a folder its owner may not write in comes back, and the folder stays closed", async () => {
  await using own = workspace()
  own.put("closed/f", "old")
  chmodSync(own.at("closed"), 0o555)
  const { changes } = await own.bash("chmod 755 closed; rm closed/f; chmod 555 closed")
  await own.port.restore(undoing(changes), "refuse")

  expect([own.read("closed/f"), statSync(own.at("closed")).mode & 0o777]).toEqual(["old", 0o555])
})

test("what had no place in the store is kept before it is taken away, so that redo has it", async () => {
  await using own = workspace({ bounds: { fileBytesMax: 1_000 } })
  const { changes } = await own.watching(() => own.put("large", "x".repeat(5_000)))
  expect(changes).toMatchObject([{ before: null, after: { bytes: 5_000, isKept: false } }])

  const undone = await own.port.restore(undoing(changes), "refuse")
  expect(existsSync(own.at("large"))).toBe(false)
  await own.port.restore(undoing(undone.changes), "refuse")
  expect(own.read("large")).toBe("x".repeat(5_000))
})

test("a large file that was moved is moved back, though its bytes were not kept", async () => {
  await using own = workspace({ bounds: { fileBytesMax: 1_000 } })
  own.put("large", "x".repeat(5_000))
  const { changes } = await own.bash("mv large elsewhere")

  await own.port.restore(undoing(changes), "refuse")
  expect([own.read("large"), readdirSync(own.root)]).toEqual(["x".repeat(5_000), ["large"]])
})

test("a large file that is gone is a conflict that says why, and the rest can come back without it", async () => {
  await using own = workspace({ bounds: { fileBytesMax: 1_000 } })
  own.put("large", "x".repeat(5_000))
  own.put("small", "y")
  const { changes, notCovered } = await own.bash("rm large small")
  expect(notCovered).toEqual(["Files over 1 kB are watched, but their content is not kept: large."])

  for (const choice of ["refuse", "overwrite"] as const) {
    const result = own.port.restore(undoing(changes), choice)
    if (choice === "refuse") expect(await refusalOf(result)).toContain("it had 5 kB, over what is kept")
    else expect((await result).conflicts).toMatchObject([{ path: own.at("large") }])
  }
  expect(readdirSync(own.root)).toEqual(["small"])
})

test("only the paths in the steps are touched: not a time stamp of anything else moves", async () => {
  await using own = workspace()
  await bash(own.root, DIRTY_REPOSITORY)
  const { changes } = await own.bash("echo changed > src/a.txt; rm docs/d.md")
  const touched = new Set(["", "src", "docs", ...changes.map(({ path }) => path.slice(own.root.length + 1))])
  const times = () =>
    Object.keys(stateOf(own.root)).flatMap((name) =>
      touched.has(name) ? [] : [[name, lstatSync(own.at(name)).ctimeMs]],
    )
  const before = times()
  await own.port.restore(undoing(changes), "refuse")

  expect(times()).toEqual(before)
})

test("what git status writes into its index is no change and no conflict", async () => {
  await using own = workspace()
  await bash(own.root, DIRTY_REPOSITORY)
  const call = await own.bash("git add untracked.txt && echo more >> src/b.txt")
  expect(call.changes.map(({ path }) => path)).toContain(own.at(".git/index"))
  const before = statSync(own.at(".git/index")).ino
  await bash(own.root, "touch -d 2020-01-01 src/* && git status")
  expect(statSync(own.at(".git/index")).ino).not.toBe(before)
  const index = statSync(own.at(".git/index")).ino
  const status = await own.bash("touch -d 2021-01-01 src/a.txt && git status")

  expect(statSync(own.at(".git/index")).ino).not.toBe(index)
  expect(status.changes).toEqual([])
  expect((await own.port.restore(undoing(call.changes), "refuse")).conflicts).toEqual([])
  await own.port.restore(reversed(undoing(call.changes)), "refuse")
  await bash(own.root, "git rm -q --cached staged.txt")
  expect(await refusalOf(own.port.restore(undoing(call.changes), "refuse"))).toContain(".git/index")
})

test("a folder that came is told where nothing in it is, and as a folder", async () => {
  await using own = workspace()
  const { changes } = await own.watching(async () => {
    own.put("deep/er/new.txt", "new\n")
    mkdirSync(own.at("empty"))
  })
  const diffs = await own.port.diff(undoing(changes))
  const told = diffs.map(({ path, isFolder = false }) => [path.slice(own.root.length + 1), isFolder])
  expect(told.toSorted()).toEqual([
    ["deep/er/new.txt", false],
    ["empty", true],
  ])
})

test("diffs go from what was to what is there; what is no text is said in a sentence", async () => {
  await using own = workspace()
  own.put("a.txt", "one\ntwo\nthree\n")
  own.put("b.bin", new Uint8Array([0, 1, 2]))
  const { changes } = await own.watching(async () => {
    own.put("a.txt", "one\n2\nthree\n")
    own.put("b.bin", new Uint8Array([0, 1]))
    own.put("new.txt", "new\n")
    chmodSync(own.at("a.txt"), 0o600)
    symlinkSync("a.txt", own.at("link"))
  })
  const diffs = await own.port.diff(undoing(changes))

  expect(diffs.map(({ diff }) => diff.replaceAll(own.root, "/w")).join("")).toBe(`old mode 644
new mode 600
--- /w/a.txt
+++ /w/a.txt
@@ -1,3 +1,3 @@
 one
-two
+2
 three
/w/b.bin: a file of 3 bytes became a file of 2 bytes.
/w/link: nothing became a link to a.txt.
--- /dev/null
+++ /w/new.txt
@@ -0,0 +1,1 @@
+new
`)
})

test("a hard link that is restored does not take its other name along", async () => {
  await using own = workspace()
  own.put("a", "old")
  const outside = join(own.base, "outside")
  linkSync(own.at("a"), outside)
  const { changes } = await own.watching(() => writeFileSync(own.at("a"), "new"))
  await own.port.restore(undoing(changes), "refuse")

  expect(own.read("a")).toBe("old")
})

test("what cannot be kept first is not taken away, but by choice", async () => {
  await using own = workspace()
  const { changes } = await own.bash("echo made > made")
  await own.port.idle()
  rmSync(own.dataDir, { recursive: true })
  writeFileSync(own.dataDir, "no folder")
  const restored = (choice: OnConflict) => own.port.restore(undoing(changes), choice)

  expect(await refusalOf(restored("refuse"))).toContain("cannot be kept first, and would be lost")
  expect((await restored("skip")).conflicts).toHaveLength(1)
  expect(own.read("made")).toBe("made\n")
  expect((await restored("overwrite")).conflicts).toEqual([])
  expect(existsSync(own.at("made"))).toBe(false)
})

test("what came between the look and the change is not lost", async () => {
  await using own = workspace()
  for (const name of ["changed", "removed"]) own.put(name, "as it was seen")
  const blobs = new Blobs(join(own.dataDir, "checkpoints"), BOUNDS, Date.now)
  const batch = new Batch(blobs)
  const target = { kind: "file", bytes: 3, mode: 0o644, ...batch.keep(Buffer.from("old")) } as const
  batch.commit()
  const step = (name: string, to: FileVersion | null): RestoreStep => ({
    path: own.at(name),
    expected: null,
    target: to,
  })
  const plan = await planned([step("changed", target), step("made", target), step("removed", null)], { blobs })
  const changes = chosen(plan, "overwrite").filter((each) => each.kind === "change")
  for (const name of ["changed", "made", "removed"]) own.put(name, "by the person")
  const { changes: done, conflicts } = await apply(changes, blobs)

  expect([done, conflicts.length]).toEqual([[], 3])
  for (const name of ["changed", "made", "removed"]) expect(own.read(name)).toBe("by the person")
  expect(readdirSync(own.root)).toHaveLength(3)
})
