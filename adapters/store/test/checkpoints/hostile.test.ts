import { expect, test } from "bun:test"
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { changesBetween } from "../../src/checkpoints/compare.ts"
import type { Entries, Entry } from "../../src/checkpoints/entry.ts"
import { merged } from "../../src/checkpoints/merge.ts"
import type { Scan } from "../../src/checkpoints/scan.ts"
import { bash, undoing, workspace } from "./workspace.ts"

test("what skein keeps inside a workspace is never a change, so no undo takes a session back", async () => {
  await using own = workspace()
  const dataDir = own.at(".skein")
  const port = own.open({ dataDir })
  own.put(".skein/sessions/ses_a.jsonl", "one\n")
  own.put(".skein/records/ses_a.jsonl", "one\n")
  own.put(".skein/catalogue.sqlite", "one\n")
  own.put(".skein/config.toml", "one\n")
  const watch = await port.watch({ sessionId: "ses_a", roots: [own.root], signal: new AbortController().signal })
  for (const name of [
    "sessions/ses_a.jsonl",
    "records/ses_a.jsonl",
    "catalogue.sqlite",
    "catalogue.sqlite-wal",
    "config.toml",
  ])
    appendFileSync(join(dataDir, name), "two\n")
  mkdirSync(join(dataDir, "artifacts/ses_a"), { recursive: true })
  const { changes } = await watch.settle()
  await port.idle()
  expect(changes.map(({ path }) => path)).toEqual([join(dataDir, "config.toml")])
})

test("bytes that another process kept since are found", async () => {
  await using own = workspace()
  own.put("a", "a")
  await own.bash("true")
  const other = own.open()
  // It knows the store as it is now.
  const gone = { kind: "file", sha256: "0".repeat(64), bytes: 1, mode: 0o644, isKept: true } as const
  await other.preview([{ path: own.at("none"), expected: null, target: gone }])
  for (let n = 0; n < 40; n++) own.put(`f${n}`, `bytes of ${n}`)
  const third = own.open()
  const watch = await third.watch({ sessionId: "ses_b", roots: [own.root], signal: new AbortController().signal })
  rmSync(own.at("f7"))
  const { changes } = await watch.settle()
  await third.idle()
  const { changes: back, conflicts } = await other.restore(undoing(changes), "refuse")
  expect(conflicts).toEqual([])
  expect(back.length).toBe(1)
  expect(own.read("f7")).toBe("bytes of 7")
})

test("what lies damaged in the store is kept anew before its file is taken away", async () => {
  await using own = workspace()
  own.put("f", "first")
  const one = await own.bash("echo second > f")
  for (const file of blobsIn(own.dataDir)) if (readFileSync(file, "utf8") === "second\n") truncateSync(file, 0)
  const undo = await own.port.restore(undoing(one.changes), "refuse")
  expect(own.read("f")).toBe("first")
  await own.port.restore(undoing(undo.changes), "refuse")
  expect(own.read("f")).toBe("second\n")
})

test("what is in the way in the store stops no look and no restore", async () => {
  await using own = workspace()
  own.put("f", "first")
  for (let n = 0; n < 40; n++) own.put(`f${n}`, `bytes of ${n}`)
  await own.bash("true")
  const packs = join(own.dataDir, "checkpoints/packs")
  mkdirSync(join(packs, "folder.pack"))
  await bash(packs, "mkfifo pipe.pack; ln -s nowhere link.pack; ln -s pipe.pack linked.pack")
  const sha = Bun.CryptoHasher.hash("sha256", "second\n", "hex")
  mkdirSync(join(own.dataDir, "checkpoints/blobs", sha.slice(0, 2), sha), { recursive: true })
  const other = own.open()
  const watch = await other.watch({ sessionId: "ses_b", roots: [own.root], signal: new AbortController().signal })
  await bash(own.root, "echo second > f; rm f3")
  const { changes, notCovered } = await watch.settle()
  expect(changes.length).toBe(2)
  expect(notCovered.filter((note) => note.includes("could not be"))).toEqual([])
  await other.restore(undoing(changes), "skip")
  expect(own.read("f3")).toBe("bytes of 3")
  await other.idle()
})

function blobsIn(dataDir: string): string[] {
  const folder = join(dataDir, "checkpoints/blobs")
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test("a path below a file, or in a closed folder, is watched without a failure", async () => {
  await using own = workspace()
  own.put("f", "first")
  const signal = new AbortController().signal
  const watch = await own.port.watch({ sessionId: "ses_a", roots: [own.root], paths: [own.at("f/x/y")], signal })
  expect((await watch.settle()).changes).toEqual([])
})

test("files that were moved by the thousand are known without comparing each with each", async () => {
  const entry = (inode: number): Entry => ({
    version: { kind: "file", sha256: "", bytes: 1, mode: 0o644, isKept: false },
    ...{ size: 1, modifiedMs: 1, changedMs: 1, inode, isRacy: false },
  })
  const filesIn = (folder: string) =>
    new Map(Array.from({ length: 40_000 }, (_, n) => [`/w/${folder}/f${n}`, entry(n)]))
  const scanOf = (entries: Entries): Scan => ({
    ...{ root: "/w", entries, closed: new Map(), special: [], nameless: new Set<string>(), unreadable: [], large: [] },
    ...{ unkeptCount: 0, failure: undefined, isChanged: true },
  })
  const start = performance.now()
  const changes = await changesBetween(scanOf(filesIn("a")), scanOf(filesIn("b")), async () => "hash")
  expect(performance.now() - start).toBeLessThan(3_000)
  expect(changes.length).toBe(80_000)
  expect(changes[7]).toMatchObject({ before: { sha256: "hash" }, after: null })
}, 60_000)

test("a file of many lines is merged", async () => {
  const lines = Array.from({ length: 1_200_000 }, (_, n) => `line ${n}\n`)
  const bytes = (at: number, text: string) => new TextEncoder().encode(lines.with(at, text).join(""))
  const base = new TextEncoder().encode(lines.join(""))
  const both = await merged(base, bytes(1_199_990, "ours\n"), bytes(3, "theirs\n"))
  expect(new TextDecoder().decode(both)).toBe(lines.with(3, "theirs\n").with(1_199_990, "ours\n").join(""))
})

test("a folder made where a left-out one was is watched, though it has its number", async () => {
  await using own = workspace()
  own.put("node_modules/x", "x")
  own.put("f", "f")
  await own.bash("true")
  for (let n = 0; n < 8; n++) {
    const { changes } = await own.bash(`rm -rf node_modules && mkdir made${n} && echo new > made${n}/x`)
    expect(changes.map(({ path }) => path)).toContain(own.at(`made${n}/x`))
    own.put("node_modules/x", "x")
    await own.bash("true")
  }
})

test("the home folder is known under another name", async () => {
  await using own = workspace()
  symlinkSync(own.home, own.at("home"))
  const watch = await own.port.watch({
    sessionId: "ses_a",
    roots: [`${own.at("home")}/.`],
    signal: new AbortController().signal,
  })
  const { notCovered } = await watch.settle()
  expect(notCovered.join(" ")).toContain("holds your home folder")
})

test("restores at the same time, of one file, put whole bytes in place, and nothing of anyone else is touched", async () => {
  await using own = workspace()
  const bytes = (letter: string) => letter.repeat(3_000_000)
  own.put("f", bytes("a"))
  own.put(`.skein-${Bun.hash("f").toString(36)}.restoring`, "mine")
  own.put(".skein-999999999-1.restoring", "half of a killed restore")
  const one = await own.bash("head -c 3000000 /dev/zero > f")
  const others = [own.open(), own.open(), own.open()]
  const results = await Promise.allSettled(others.map((port) => port.restore(undoing(one.changes), "refuse")))
  expect(results.some(({ status }) => status === "fulfilled")).toBe(true)
  expect(own.read("f")).toBe(bytes("a"))
  expect(readdirSync(own.root).sort()).toEqual([`.skein-${Bun.hash("f").toString(36)}.restoring`, "f"])
})

test.skipIf(process.getuid?.() !== 0)(
  "what is mounted in a workspace is left out and named, of the same disk too (needs root)",
  async () => {
    await using own = workspace()
    own.put("in the way/f", "mine")
    writeFileSync(join(own.home, "theirs"), "theirs")
    expect(Bun.spawnSync(["mount", "--bind", own.home, own.at("in the way")]).exitCode).toBe(0)
    try {
      const { changes, notCovered } = await own.bash("echo x > 'in the way/theirs'; echo y > y")
      expect(changes.map(({ path }) => path)).toEqual([own.at("y")])
      expect(notCovered.join(" ")).toContain("not watched: in the way")
    } finally {
      Bun.spawnSync(["umount", "-l", own.at("in the way")])
    }
  },
)

test("what could not be read before a call says so when it cannot come back", async () => {
  await using own = workspace()
  own.put("f", "first", 0o000)
  // Nothing is unreadable to root: then it happens as somebody else.
  const isRoot = process.getuid?.() === 0
  if (isRoot) Bun.spawnSync(["chown", "-R", "65534:65534", own.base])
  const script = `
    const [dataDir, root, isRoot] = process.argv.slice(1)
    if (isRoot === "true") { process.setgid(65534); process.setuid(65534) }
    const { checkpoints } = await import(${JSON.stringify(join(import.meta.dir, "../../src/index.ts"))})
    const fs = require("node:fs")
    const port = checkpoints({ dataDir, home: "/nonexistent", now: Date.now })
    const watch = await port.watch({ sessionId: "ses_a", roots: [root], signal: new AbortController().signal })
    fs.chmodSync(root + "/f", 0o600)
    fs.writeFileSync(root + "/f", "second")
    const { changes } = await watch.settle()
    const [action] = await port.preview(changes.map(({ path, before, after }) => ({ path, expected: after, target: before })))
    await port.idle()
    console.log(action?.conflict)
  `
  const args = [process.execPath, "-e", script, own.dataDir, own.root, String(isRoot)]
  const ran = Bun.spawnSync(args, { cwd: join(import.meta.dir, "..") })
  expect(ran.stderr.toString()).toBe("")
  expect(ran.stdout.toString()).toBe("its 5 bytes could not be read or kept at the time, so they cannot come back\n")
})
