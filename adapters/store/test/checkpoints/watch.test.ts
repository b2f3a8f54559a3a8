import { expect, test } from "bun:test"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { bash, reversed, stateOf, undoing, workspace } from "./workspace.ts"

test("bytes are kept for their owner alone, each once, and two sessions share them", async () => {
  await using own = workspace()
  for (let n = 0; n < 10; n++) own.put(`f${n}`, "the same bytes")
  await own.bash("rm f0")
  const other = own.open()
  const signal = new AbortController().signal
  const watch = await other.watch({ sessionId: "ses_b", roots: [own.root], signal })
  await watch.settle()
  await other.idle()

  const files = Object.entries(stateOf(join(own.dataDir, "checkpoints")))
  const blobs = files.filter(([name, state]) => name.startsWith("blobs/") && state.startsWith("file"))
  expect(blobs).toHaveLength(1)
  const modes = new Set(files.map(([, state]) => state.split(" ").slice(0, 2).join(" ")))
  expect([...modes].sort()).toEqual(["file 600", "folder 700"])
})

test("many files at once go into packs, and come back from them in another process", async () => {
  await using own = workspace({ bounds: { packBlobsMax: 40 } })
  for (let n = 0; n < 100; n++) own.put(`d${n % 7}/f${n}`, `bytes of ${n}`)
  const start = stateOf(own.root)
  const { changes } = await own.bash("rm -rf d*")
  expect(readdirSync(join(own.dataDir, "checkpoints", "packs"))).toHaveLength(2)
  await own.open().restore(undoing(changes), "refuse")

  expect(stateOf(own.root)).toEqual(start)
})

test("a blob that is not what it was is never put back", async () => {
  await using own = workspace()
  own.put("a", "the bytes")
  const { changes } = await own.bash("rm a")
  const [sha256 = ""] = changes.map(({ before }) => (before?.kind === "file" ? before.sha256 : ""))
  writeFileSync(join(own.dataDir, "checkpoints", "blobs", sha256.slice(0, 2), sha256), "damaged")

  const { conflicts } = await own.port.restore(undoing(changes), "refuse")
  expect(conflicts).toEqual([{ path: own.at("a"), reason: "its bytes are damaged in the checkpoint store, or gone" }])
  expect(existsSync(own.at("a"))).toBe(false)
})

test("the next process reads only what differs, and a damaged manifest changes nothing", async () => {
  await using own = workspace()
  for (let n = 0; n < 50; n++) own.put(`f${n}`, `${n}`)
  await Bun.sleep(80) // time stamps that are no longer racy
  await own.bash("true")
  await own.port.idle()
  const folder = join(own.dataDir, "checkpoints", "manifests")
  const [name = ""] = readdirSync(folder)
  const bytes = readFileSync(join(folder, name))
  for (const damaged of [
    bytes,
    bytes.subarray(0, 100),
    Buffer.concat([bytes.subarray(0, 300), bytes.subarray(301)]),
    Buffer.from(""),
  ]) {
    writeFileSync(join(folder, name), damaged)
    const port = own.open()
    const watch = await port.watch({ sessionId: "ses_a", roots: [own.root], signal: new AbortController().signal })
    own.put("f7", `changed ${damaged.length}`)
    expect((await watch.settle()).changes.map(({ path }) => path)).toEqual([own.at("f7")])
    await port.idle()
  }
})

test("other bytes of the same size at the same time are seen", async () => {
  await using own = workspace()
  const time = new Date(1_700_000_000_000)
  for (let round = 0; round < 20; round++) {
    own.put("racy", `old ${round % 10}`)
    utimesSync(own.at("racy"), time, time)
    const { changes } = await own.watching(() => {
      own.put("racy", `new ${round % 10}`)
      utimesSync(own.at("racy"), time, time)
    })
    expect(changes).toHaveLength(1)
    await own.port.restore(undoing(changes), "refuse")
    expect(own.read("racy")).toBe(`old ${round % 10}`)
  }
})

test("old times put back on a file hide no change", async () => {
  await using own = workspace()
  own.put("a", "one")
  own.put("reference", "")
  await Bun.sleep(80) // so that nothing is read again for being young
  const { changes } = await own.bash("touch -r a reference; printf two > a; touch -r reference a")
  expect(changes.map(({ path }) => path)).toContain(own.at("a"))
})

test("a clock that stands still hides no change: what was looked at too soon is read again", async () => {
  await using own = workspace()
  own.put("a", "one")
  const before = statSync(own.at("a"))
  const { changes } = await own.watching(async () => {
    // As a file system with whole seconds would show it: nothing of the file differs but its bytes.
    own.put("a", "two")
    utimesSync(own.at("a"), before.atime, before.mtime)
  })
  expect(changes).toHaveLength(1)
})

test("a call that names what it writes is watched there, whatever the folder is called", async () => {
  await using own = workspace()
  own.put("node_modules/x/index.js", "old")
  const inside = await own.watching(() => own.put("node_modules/x/index.js", "new"), ["node_modules/x/index.js"])
  await own.port.restore(undoing(inside.changes), "refuse")
  expect(own.read("node_modules/x/index.js")).toBe("old")

  const made = await own.watching(() => own.put("new/deep/file", "x"), ["new/deep/file"])
  expect(made.changes.map(({ path }) => path)).toEqual(["new", "new/deep", "new/deep/file"].map(own.at))
  await own.port.restore(undoing(made.changes), "refuse")
  expect(existsSync(own.at("new"))).toBe(false)
})

test("dependency folders are left out and named; one that may be source is watched while it is small", async () => {
  await using own = workspace({ bounds: { outputEntriesMax: 20 } })
  own.put("node_modules/x/index.js", "x")
  own.put("rust/target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55")
  own.put("build/source.txt", "x")
  for (let n = 0; n < 21; n++) own.put(`dist/${n}`, "")
  const { changes, notCovered } = await own.bash(
    "echo y > build/source.txt; echo y > dist/1; echo y > node_modules/x/index.js; echo y > rust/target/x",
  )

  expect(changes.map(({ path }) => path)).toEqual([own.at("build/source.txt")])
  expect(notCovered).toEqual(["Dependency and build folders are not watched: dist, node_modules, rust/target."])
})

test("a dependency folder that was moved is not taken for something new, which undo would delete", async () => {
  await using own = workspace()
  own.put("node_modules/x/index.js", "x")
  const { changes } = await own.bash("mv node_modules elsewhere")
  await own.port.restore(undoing(changes), "refuse")

  expect(own.read("elsewhere/x/index.js")).toBe("x")
})

test("a folder that grows over what is watched does not look deleted", async () => {
  await using own = workspace({ bounds: { outputEntriesMax: 20 } })
  own.put("dist/a", "a")
  const { changes } = await own.bash("for n in $(seq 30); do : > dist/$n; done")
  expect(changes).toEqual([])
  const { changes: removed } = await own.bash("rm dist/1*")
  expect(removed).toEqual([])
})

test("a folder that shrinks to what is watched does not look new, which undo would delete", async () => {
  await using own = workspace({ bounds: { outputEntriesMax: 20 } })
  for (let n = 0; n < 25; n++) own.put(`dist/${n}`, "")
  expect((await own.bash("rm dist/1*")).changes).toEqual([])
})

test("the home folder, what holds it and huge trees are not scanned; named paths are still watched there", async () => {
  await using own = workspace({ bounds: { entriesMax: 20 } })
  for (let n = 0; n < 30; n++) own.put(`f${n}`, "x")
  const signal = new AbortController().signal
  for (const [root, reason] of [
    [own.home, "it holds your home folder"],
    [own.base, "it holds your home folder"],
    ["/", "it holds your home folder"],
    [own.root, "it has more than 20 files"],
  ] as const) {
    const started = performance.now()
    const watch = await own.port.watch({ sessionId: "ses_a", roots: [root], signal })
    const { changes, notCovered } = await watch.settle()
    expect([changes, notCovered.length, notCovered[0]]).toEqual([[], 1, expect.stringContaining(reason)])
    expect(performance.now() - started).toBeLessThan(2_000)
  }
  const { changes } = await own.watching(() => own.put("f3", "y"), ["f3"])
  await own.port.restore(undoing(changes), "refuse")
  expect(own.read("f3")).toBe("x")
})

test("a time budget ends the look at a tree", async () => {
  await using own = workspace({ bounds: { scanMs: 0 } })
  own.put("a", "x")
  expect((await own.bash("rm a")).notCovered[0]).toContain("is not watched: it has so many files")
})

test("pipes, sockets and names that are no text neither hang nor harm", async () => {
  await using own = workspace()
  await bash(own.root, `mkfifo pipe; mkdir odd; : > "$(printf 'odd/\\xff\\xfe')"; echo ok > odd/ok; mkdir -p long`)
  const { changes, notCovered } = await own.bash("echo changed > odd/ok; mkfifo other; (exec 3<>pipe; echo x >&3)")

  expect(changes.map(({ path }) => path)).toEqual([own.at("odd/ok")])
  expect(notCovered).toEqual([
    "Not watched, as they hold names that are not UTF-8: odd.",
    "Sockets, pipes and devices are not watched: pipe.",
    "Sockets, pipes and devices are not watched: other, pipe.",
  ])
  await own.port.restore(undoing(changes), "refuse")
  expect(own.read("odd/ok")).toBe("ok\n")
})

test("a deep tree with paths beyond what the system takes is watched as far as it goes", async () => {
  await using own = workspace()
  own.put("a", "x")
  await bash(own.root, "for n in $(seq 60); do d=$(printf 'd%.0s' {1..100}); mkdir $d && cd $d; done; echo deep > f")
  const { changes } = await own.bash("rm a")
  expect(changes.map(({ path }) => path)).toEqual([own.at("a")])
  await bash(own.root, "rm -rf d*")
})

test("a store that cannot be written is told, and stops no call", async () => {
  await using own = workspace()
  own.put("a", "old")
  writeFileSync(own.dataDir, "a file where the folder should be")
  const { changes, notCovered } = await own.bash("echo new > a")

  expect(changes).toMatchObject([{ path: own.at("a"), before: { isKept: false }, after: { isKept: false } }])
  expect(notCovered.join()).toContain("No more can be kept for undo: ")
  expect((await own.port.preview(undoing(changes)))[0]?.conflict).toContain("cannot come back")
})

test.skipIf(process.getuid?.() !== 0)(
  "a full disk is told, harms nothing kept, and ends when there is space again",
  async () => {
    await using own = workspace()
    mkdirSync(own.dataDir)
    const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "skein-test", own.dataDir])
    if (mounted.exitCode !== 0) return
    try {
      own.put("first", "kept before")
      const early = await own.bash("rm first")
      for (let n = 0; n < 60; n++) own.put(`f${n}`, `${n}`.padEnd(10_000, "x"))
      own.put("large", "y".repeat(600_000))
      const full = await own.bash("rm large f1")
      expect(full.notCovered.join()).toContain("No more can be kept for undo: ENOSPC")
      expect(readdirSync(join(own.dataDir, "checkpoints", "tmp"))).toEqual([])
      expect((await own.port.restore(undoing(early.changes), "refuse")).conflicts).toEqual([])
      expect(own.read("first")).toBe("kept before")
      Bun.spawnSync(["mount", "-o", "remount,size=8m", own.dataDir])
      const after = await own.bash("rm f*")
      expect(after.notCovered).toEqual([])
      expect((await own.port.restore(undoing(after.changes), "refuse")).conflicts).toEqual([])
      expect(own.read("f59")).toBe("59".padEnd(10_000, "x"))
    } finally {
      await own.port.idle()
      Bun.spawnSync(["umount", "-l", own.dataDir])
    }
  },
)

test("a store over its bound lets go what was used longest ago, and nothing of this hour", async () => {
  await using own = workspace({ bounds: { bytesMax: 400_000 } })
  const blobs = join(own.dataDir, "checkpoints", "blobs")
  const kept = () =>
    readdirSync(blobs).flatMap((folder) => readdirSync(join(blobs, folder)).map((name) => join(blobs, folder, name)))
  own.put("a", "a".repeat(100_000))
  await own.bash("rm a")
  await own.port.idle()
  const [oldest = ""] = kept()
  utimesSync(oldest, 1_000_000, 1_000_000)
  let second: string | undefined
  for (let n = 0; n < 8; n++) {
    own.put(`f${n}`, `${n}`.repeat(90_000))
    await own.bash("true")
    await own.port.idle()
    second ??= kept().find((path) => path !== oldest)
  }

  expect([existsSync(oldest), existsSync(second ?? "")]).toEqual([false, true])
  expect(kept().reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(500_000)
  expect((await own.bash("true")).notCovered.join()).toContain("the checkpoint store holds the 400 kB that it may")
})

test("one look keeps no more than it may, and looks ahead go on with the rest", async () => {
  await using own = workspace({ bounds: { scanBytesMax: 100_000 } })
  for (let n = 0; n < 20; n++) own.put(`f${n}`, `${n}`.repeat(10_000))
  const first = await own.bash("true")
  expect(first.notCovered[0]).toContain("is not kept yet")
  own.port.prepare?.({ roots: [own.root], signal: new AbortController().signal })
  await own.port.idle()
  const { changes, notCovered } = await own.bash("rm f*")

  expect([changes.filter(({ before }) => before?.kind === "file" && before.isKept).length, notCovered]).toEqual([
    20,
    [],
  ])
})

test("a look ahead leaves the watch nothing to read, and a stopped one is no failure", async () => {
  await using own = workspace()
  for (let n = 0; n < 300; n++) own.put(`f${n}`, `${n}`)
  const stopped = new AbortController()
  own.port.prepare?.({ roots: [own.root, join(own.root, "none")], signal: stopped.signal })
  stopped.abort()
  await own.port.idle()
  own.port.prepare?.({ roots: [own.root], signal: new AbortController().signal })
  const { changes, notCovered } = await own.bash("rm f1")
  expect([changes.map(({ path }) => path), notCovered]).toEqual([[own.at("f1")], []])
})

test("a tree that is known is not looked at ahead once more", async () => {
  await using own = workspace()
  own.put("a", "a")
  await own.bash("true")
  await own.port.idle()
  const kept = () => Object.keys(stateOf(join(own.dataDir, "checkpoints", "blobs")))
  const before = kept()
  own.put("b", "b")
  own.port.prepare?.({ roots: [own.root], signal: new AbortController().signal })
  await own.port.idle()
  expect(kept()).toEqual(before)
})

test("a look at a tree is stopped by its signal", async () => {
  await using own = workspace()
  for (let n = 0; n < 800; n++) own.put(`d${n % 100}/f${n}`, `${n}`)
  const stopped = new AbortController()
  const watch = own.port.watch({ sessionId: "ses_a", roots: [own.root], signal: stopped.signal })
  setTimeout(() => stopped.abort(new Error("stopped")), 2)
  await expect(watch).rejects.toThrow("stopped")
  expect((await own.bash("rm d1/f1")).changes).toHaveLength(1)
})

test("roots that lie in each other are watched once, one that is gone comes back whole", async () => {
  await using own = workspace()
  own.put("inner/a", "a")
  const signal = new AbortController().signal
  const watch = await own.port.watch({ sessionId: "ses_a", roots: [own.root, own.at("inner")], signal })
  rmSync(own.root, { recursive: true })
  const { changes } = await watch.settle()
  expect(changes.map(({ path }) => path)).toEqual([own.root, own.at("inner"), own.at("inner/a")])
  await own.port.restore(undoing(changes), "refuse")
  expect(own.read("inner/a")).toBe("a")
})

test("a command that swaps a folder for a link leads nothing outside", async () => {
  await using own = workspace()
  const outside = join(own.base, "outside")
  mkdirSync(outside)
  own.put("folder/secret", "inside")
  const { changes } = await own.bash("echo changed > folder/secret")
  const before = stateOf(outside)

  // After the call, something swaps the folder: the file is neither read nor written through it.
  renameSync(own.at("folder"), own.at("moved"))
  symlinkSync(outside, own.at("folder"))
  writeFileSync(join(outside, "secret"), "changed\n")
  for (const choice of ["overwrite", "skip", "merge"] as const) {
    const { changes: done, conflicts } = await own.port.restore(undoing(changes), choice)
    expect([done, conflicts.map(({ reason }) => reason.includes("a part of its path is a link now"))]).toEqual([
      [],
      [true],
    ])
  }
  expect({ ...before, secret: "" }).toEqual({ ...stateOf(outside), secret: "" })
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe("changed\n")
})

test("while a folder and a link to another are swapped all the time, no restore leads outside", async () => {
  await using own = workspace()
  const outside = join(own.base, "outside")
  mkdirSync(outside)
  own.put("folder/f", "old")
  const { changes } = await own.bash("rm folder/f")
  const script = `import os
os.symlink(${JSON.stringify(outside)}, "link")
while True:
  os.rename("folder", "other"); os.rename("link", "folder"); os.rename("folder", "link"); os.rename("other", "folder")`
  const swapping = Bun.spawn(["python3", "-c", script], { cwd: own.root, stderr: "ignore" })
  const steps = undoing(changes)
  const count = { done: 0, refused: 0 }
  for (let round = 0; round < 20_000 && Math.min(count.done, count.refused) < 30; round++) {
    const { conflicts } = await own.port.restore(round % 2 === 0 ? steps : reversed(steps), "overwrite")
    count[conflicts.length === 0 ? "done" : "refused"] += 1
  }
  swapping.kill("SIGKILL")
  await swapping.exited

  expect([readdirSync(outside), Math.min(count.done, count.refused)]).toEqual([[], 30])
}, 60_000)

test.skipIf(process.getuid?.() !== 0)(
  "what another user may not read is named, and not taken for deleted",
  async () => {
    await using own = workspace()
    own.put("open/a", "a")
    own.put("closed/b", "b")
    own.put("unreadable", "c")
    chmodSync(own.base, 0o755)
    chmodSync(own.at("closed"), 0o700)
    chmodSync(own.at("unreadable"), 0o600)
    mkdirSync(own.dataDir, { mode: 0o777 })
    chmodSync(own.dataDir, 0o777)
    chmodSync(own.at("open"), 0o777)
    chmodSync(own.at("open/a"), 0o666)
    own.put("theirs/d", "d")
    for (const name of ["theirs", "theirs/d"]) chownSync(own.at(name), 65_534, 65_534)
    const script = `
    process.setgid(65534); process.setuid(65534)
    const { checkpoints } = await import(${JSON.stringify(join(import.meta.dir, "../../src/index.ts"))})
    const port = checkpoints({ dataDir: process.argv[1], home: "/nonexistent", now: Date.now })
    const watch = await port.watch({ sessionId: "ses_a", roots: [process.argv[2]], signal: new AbortController().signal })
    const fs = require("node:fs")
    fs.writeFileSync(process.argv[2] + "/open/a", "changed")
    fs.chmodSync(process.argv[2] + "/theirs", 0)
    const { changes, notCovered } = await watch.settle()
    const steps = changes.map(({ path, before, after }) => ({ path, expected: after, target: before }))
    const { conflicts } = await port.restore(steps, "refuse")
    await port.idle()
    console.log(JSON.stringify({ paths: changes.map(({ path }) => path), notCovered, conflicts }))
  `
    const ran = Bun.spawnSync([process.execPath, "-e", script, own.dataDir, own.root], {
      cwd: dirname(import.meta.dir),
    })
    expect(ran.stderr.toString()).toBe("")
    expect(JSON.parse(ran.stdout.toString())).toEqual({
      paths: [own.at("open/a"), own.at("theirs")],
      notCovered: [
        "Not watched, as they cannot be read: closed, unreadable.",
        "Not watched, as they cannot be read: closed, theirs, unreadable.",
      ],
      conflicts: [],
    })
    expect([own.read("open/a"), statSync(own.at("theirs")).mode & 0o777]).toEqual(["a", 0o755])
  },
)
