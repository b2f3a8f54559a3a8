import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from "node:fs"
import { join } from "node:path"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const sha256 = (content: string | Uint8Array) => Bun.CryptoHasher.hash("sha256", content, "hex")

describe("read", () => {
  test("numbers lines, and tells the hash of the whole file", async () => {
    const path = session.put("a.txt", "one\ntwo\nthree\n")
    const result = await session.call("read", { path: "a.txt", offset: 2, limit: 1 })

    expect(textOf(result)).toBe('     2\ttwo\n(Lines 2-2 of 3. Go on with read {"path": "a.txt", "offset": 3}.)')
    expect(result.observed).toEqual([{ path, sha256: sha256("one\ntwo\nthree\n") }])
    expect(result.forHuman).toEqual({ kind: "file", body: "     2\ttwo", summary: "1 line" })
    expect(result.provenance).toEqual({ source: path, isTrusted: true })
  })

  test("every line end ends a line, and a last one begins none", async () => {
    session.put("a.txt", "a\r\nb\rc\nd")
    session.put("b.txt", "a\n\n")
    expect(await session.say("read", { path: "a.txt" })).toBe("     1\ta\n     2\tb\n     3\tc\n     4\td")
    expect(await session.say("read", { path: "b.txt" })).toBe("     1\ta\n     2\t")
  })

  test("shows 2,000 lines or 50 kB and says how to go on; following the hints shows every line once", async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index}:${"x".repeat(index % 40)}`)
    session.put("a.txt", `${lines.join("\n")}\n`)
    const seen: string[] = []
    let offset: number | undefined = 1
    for (let calls = 0; offset !== undefined && calls < 10; calls++) {
      const text = await session.say("read", { path: "a.txt", offset })
      expect(Buffer.byteLength(text)).toBeLessThan(50_200)
      seen.push(...[...text.matchAll(/^ *\d+\t(.*)$/gm)].map((match) => match[1] ?? ""))
      const hint: string | undefined = /"offset": (\d+)/.exec(text)?.[1]
      offset = hint === undefined ? undefined : Number(hint)
    }
    expect(seen).toEqual(lines)
  })

  test("very long lines are cut and say so", async () => {
    session.put("a.txt", `${"x".repeat(5_000)}\nb\n`)
    const text = await session.say("read", { path: "a.txt" })
    expect(text).toContain(`${"x".repeat(2_000)}… (3000 more characters)\n     2\tb`)
    expect(text).toEndWith("(1 long line was cut.)")
  })

  test("a file too large to hold is shown part by part, and not observed", async () => {
    session.put(
      "big.log",
      Array.from({ length: 1_000_000 }, (_, index) => `line ${index + 1} ${"-".repeat(10)}`).join("\n"),
    )
    const result = await session.call("read", { path: "big.log", offset: 900_000, limit: 2 })
    expect(textOf(result)).toBe(
      '900000\tline 900000 ----------\n900001\tline 900001 ----------\n(Lines 900000-900001. Go on with read {"path": "big.log", "offset": 900002}.)',
    )
    expect(result.observed).toBeUndefined()
    expect(textOf(await session.call("read", { path: "big.log", offset: 1_000_000 }))).toBe(
      "1000000\tline 1000000 ----------",
    )
    expect(await session.say("read", { path: "big.log", offset: 1_000_001 })).toContain("has no line 1000001")
  })

  test.each([
    ["an empty file", "", "a is empty.", 1],
    ["past the end", "x\n", "error: a has 1 lines; there is no line 9.", 9],
    ["a program", "\x7fELF\0\0", "error: a is an ELF program or library (6 bytes), not text.", 1],
    [
      "an archive",
      "PK\x03\x04\0",
      "error: a is a ZIP archive (or an office document, or a JAR) (5 bytes), not text.",
      1,
    ],
    ["unknown bytes", "a\0b", "error: a is binary data (3 bytes), not text.", 1],
  ])("%s is said", async (_, content, words, offset) => {
    session.put("a", Buffer.from(content, "latin1"))
    expect(await session.say("read", { path: "a", offset })).toBe(words)
  })

  test("a folder, a missing file and a FIFO are answered at once", async () => {
    session.put("src/main.ts", "x")
    execFileSync("mkfifo", [join(session.root, "pipe")])
    expect(await session.say("read", { path: "src" })).toContain("Use list")
    expect(await session.say("read", { path: "src/mian.ts" })).toBe(
      "error: There is no file src/mian.ts. Did you mean src/main.ts?",
    )
    expect(await session.say("read", { path: "no/such" })).toContain("Its folder")
    expect(await session.say("read", { path: "pipe" })).toContain("a named pipe")
    expect(await session.say("read", { path: "/dev/zero" })).toContain("a device")
  })

  test("other encodings are named", async () => {
    session.put("a", Buffer.from([...Buffer.from("caf"), 0xe9]))
    session.put("b", Buffer.from("\ufeffhi", "utf16le"))
    expect(await session.say("read", { path: "a" })).toBe(
      "     1\tcafé\n(The file is not UTF-8, shown as windows-1252.)",
    )
    expect(await session.say("read", { path: "b" })).toBe("     1\thi\n(The file is UTF-16 LE.)")
  })

  test("what lies outside, or came with a package, is not to be trusted", async () => {
    session.put("node_modules/a/b.js", "x")
    session.put(join(session.outside, "c.txt"), "x")
    const trusted = async (path: string) => (await session.call("read", { path })).provenance?.isTrusted
    expect([await trusted("node_modules/a/b.js"), await trusted("../app-evil/c.txt")]).toEqual([false, false])
  })
})

describe("images", () => {
  const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  )
  const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")
  const WEBP = Buffer.from("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", "base64")
  const JPEG = Buffer.from([
    0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xff, 0xd9,
  ])

  test.each([
    ["image/png", PNG],
    ["image/gif", GIF],
    ["image/webp", WEBP],
    ["image/jpeg", JPEG],
  ])("%s is known by its bytes, not its name", async (mediaType, bytes) => {
    session.put("picture.txt", bytes)
    const result = await session.call("read", { path: "picture.txt" })
    expect(result.forModel[1]).toEqual({
      type: "image",
      mediaType,
      data: bytes.toString("base64"),
      name: "picture.txt",
    })
    expect(textOf(result)).toContain("1×1")
  })

  test("one that a model would not take is refused: too many pixels, too many bytes, cut off", async () => {
    const wide = Buffer.from(PNG)
    wide.writeUInt32BE(9_000, 16)
    session.put("wide.png", wide)
    session.put("big.png", Buffer.concat([PNG, Buffer.alloc(4_000_000)]))
    session.put("cut.png", PNG.subarray(0, 20))
    expect(await session.say("read", { path: "wide.png" })).toContain("more than a model takes")
    expect(await session.say("read", { path: "big.png" })).toContain("more than a model takes")
    expect(await session.say("read", { path: "cut.png" })).toContain("a PNG image that cannot be shown")
  })
})

describe("write", () => {
  test("makes a file with its folders, shown as a diff before", async () => {
    const plan = await session.plan("write", { path: "src/new/a.ts", content: "one\ntwo\n" })
    const path = join(session.root, "src/new/a.ts")
    expect(plan.effects).toEqual([{ kind: "write", paths: [path], isInside: true }])
    expect(plan.actions).toEqual([
      { verb: "write", target: path, diff: "--- /dev/null\n+++ src/new/a.ts\n@@ -0,0 +1,2 @@\n+one\n+two\n" },
    ])
    expect(readdirSync(session.root)).toEqual([])
    const result = await session.run(plan)
    expect(textOf(result)).toBe("Created src/new/a.ts (2 lines).")
    expect(result.forHuman?.summary).toBe("+2 −0")
    expect(result.changes).toEqual([
      { path, kind: "add", before: null, after: sha256("one\ntwo\n"), diff: plan.actions[0]?.diff ?? "" },
    ])
    expect(session.text("src/new/a.ts")).toBe("one\ntwo\n")
  })

  test("does not replace what was not read, and does after reading", async () => {
    session.put("a.txt", "old\n")
    expect(await session.say("write", { path: "a.txt", content: "new\n" })).toContain("you have not read it")
    await session.call("read", { path: "a.txt" })
    expect(await session.say("write", { path: "a.txt", content: "new\n" })).toBe("Changed a.txt at line 1 (+1 −1).")
    expect(await session.say("write", { path: "a.txt", content: "newer\n" })).toBe("Changed a.txt at line 1 (+1 −1).")
    expect(session.text("a.txt")).toBe("newer\n")
  })

  test("does not replace what changed since, even with the same size and time, and shows the change", async () => {
    const path = session.put("a.txt", "one\nold\n")
    await session.call("read", { path: "a.txt" })
    const { mtime } = statSync(path)
    session.put("a.txt", "one\nOLD\n")
    utimesSync(path, mtime, mtime)
    expect([statSync(path).mtime, statSync(path).size]).toEqual([mtime, 8])
    const said = await session.say("write", { path: "a.txt", content: "x" })
    expect(said).toContain("changed by someone else since you read it")
    expect(said).toContain("-old\n+OLD")
    expect(session.text("a.txt")).toBe("one\nOLD\n")
  })

  test("keeps the encoding and line ends of the file", async () => {
    session.put("a.txt", Buffer.from("\ufeffone\r\ntwo\r\n", "utf16le"))
    await session.call("read", { path: "a.txt" })
    expect(await session.say("write", { path: "a.txt", content: "1\n2\n" })).toContain("CRLF line ends were kept")
    expect(session.bytes("a.txt")).toEqual(Buffer.from("\ufeff1\r\n2\r\n", "utf16le"))
  })

  test("a folder in its place is said", async () => {
    mkdirSync(join(session.root, "d"))
    expect(await session.say("write", { path: "d", content: "x" })).toBe("error: d is a folder, not a file.")
    expect(await session.say("write", { path: "e/", content: "x" })).toStartWith("error: e/ names a folder.")
    expect(await session.say("write", { path: "e", content: "\ud800" })).toContain("half of a surrogate pair")
    expect(readdirSync(session.root)).toEqual(["d"])
  })
})

describe("edit", () => {
  test("changes one place, and says where", async () => {
    session.put("a.ts", "one\ntwo\nthree\n")
    chmodSync(join(session.root, "a.ts"), 0o755)
    const result = await session.call("edit", { path: "a.ts", oldText: "two", newText: "TWO\n2" })
    expect(textOf(result)).toBe("Changed a.ts at line 2 (+2 −1).")
    expect(result.forHuman).toEqual({
      kind: "diff",
      body: "--- a.ts\n+++ a.ts\n@@ -1,3 +1,4 @@\n one\n-two\n+TWO\n+2\n three\n",
      summary: "+2 −1",
    })
    expect(session.text("a.ts")).toBe("one\nTWO\n2\nthree\n")
    expect(statSync(join(session.root, "a.ts")).mode & 0o777).toBe(0o755)
  })

  test("a file never read may be edited only where the text stands exactly and once", async () => {
    session.put("a.ts", "  one \n  two\nx\nx\n")
    expect(await session.say("edit", { path: "a.ts", oldText: "one\ntwo", newText: "1\n2" })).toContain(
      "not read the file",
    )
    expect(await session.say("edit", { path: "a.ts", oldText: "x", newText: "y", replaceAll: true })).toContain(
      "not read",
    )
    await session.call("read", { path: "a.ts" })
    expect(await session.say("edit", { path: "a.ts", oldText: "one\ntwo", newText: "1\ntwo" })).toContain(
      "apart from indentation",
    )
    expect(await session.say("edit", { path: "a.ts", oldText: "x", newText: "y", replaceAll: true })).toContain(
      "2 occurrences",
    )
    expect(session.text("a.ts")).toBe("  1 \n  two\ny\ny\n")
  })

  test("a file changed since it was read is not edited, though the text still fits", async () => {
    session.put("a.ts", "one\ntwo\n")
    await session.call("read", { path: "a.ts" })
    session.put("a.ts", "one\ntwo\nthree\n")
    const said = await session.say("edit", { path: "a.ts", oldText: "one", newText: "1" })
    expect(said).toContain("read it again first")
    expect(said).toContain("+three")
  })

  test("a file changed between plan and run is not written", async () => {
    session.put("a.ts", "one\n")
    const plan = await session.plan("edit", { path: "a.ts", oldText: "one", newText: "1" })
    session.put("a.ts", "two\n")
    expect(String(await session.run(plan).catch((error: unknown) => error))).toContain("changed underneath")
    expect(session.text("a.ts")).toBe("two\n")
  })

  test("through a link the target is edited, named, and the link stays", async () => {
    const target = session.put("real/a.ts", "one\n")
    symlinkSync("real/a.ts", join(session.root, "link.ts"))
    const plan = await session.plan("edit", { path: "link.ts", oldText: "one", newText: "1" })
    expect(plan.actions[0]?.target).toBe(target)
    await session.run(plan)
    expect(lstatSync(join(session.root, "link.ts")).isSymbolicLink()).toBe(true)
    expect(session.text("real/a.ts")).toBe("1\n")
  })

  test("a folder or file swapped for a link between plan and run sends nothing outside", async () => {
    session.put("d/a.ts", "one\n")
    session.put("b.ts", "one\n")
    session.put(join(session.outside, "a.ts"), "one\n")
    const inFolder = await session.plan("edit", { path: "d/a.ts", oldText: "one", newText: "1" })
    const fresh = await session.plan("write", { path: "d/new.ts", content: "x" })
    const direct = await session.plan("edit", { path: "b.ts", oldText: "one", newText: "1" })
    renameSync(join(session.root, "d"), join(session.root, "e"))
    symlinkSync(session.outside, join(session.root, "d"))
    unlinkSync(join(session.root, "b.ts"))
    symlinkSync(join(session.outside, "a.ts"), join(session.root, "b.ts"))
    for (const plan of [inFolder, fresh, direct]) {
      expect(String(await session.run(plan).catch((error: unknown) => error))).toContain("link")
    }
    expect([readdirSync(session.outside), session.text(join(session.outside, "a.ts"))]).toEqual([["a.ts"], "one\n"])
  })

  test("a missing file is said, with names like it", async () => {
    session.put("main.ts", "x")
    expect(await session.say("edit", { path: "mian.ts", oldText: "x", newText: "y" })).toBe(
      "error: There is no file mian.ts. Did you mean main.ts? To create one, use write.",
    )
  })
})

describe("multiedit", () => {
  test("edits are made in order, each on the result of the one before", async () => {
    session.put("a.ts", "one\ntwo\n")
    const edits = [
      { oldText: "one", newText: "1" },
      { oldText: "1\ntwo", newText: "1\n2" },
    ]
    expect(await session.say("multiedit", { path: "a.ts", edits })).toBe("Changed a.ts at line 1 (+2 −2).")
    expect(session.text("a.ts")).toBe("1\n2\n")
  })

  test("one that fails leaves all undone, and is named", async () => {
    session.put("a.ts", "one\ntwo\n")
    const edits = [
      { oldText: "one", newText: "1" },
      { oldText: "three", newText: "3" },
    ]
    expect(await session.say("multiedit", { path: "a.ts", edits })).toContain(
      "a.ts: edit 2 of 2: oldText was not found",
    )
    expect(session.text("a.ts")).toBe("one\ntwo\n")
  })
})
