import { describe, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { place, UnpackError, unpack } from "../src/index.ts"
import { type Made, pax, tar, zip } from "./archives.ts"

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const told = (archive: Uint8Array) =>
  unpack(archive).map(({ path, bytes, isExecutable }) => `${path}${isExecutable ? "*" : ""} ${text(bytes)}`)

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof UnpackError) return error.code
    throw error
  }
  return "read"
}

const SKILL: readonly Made[] = [
  { name: "pdf/SKILL.md", text: "a" },
  { name: "./pdf/scripts/run.sh", text: "b", mode: 0o100755 },
]

test("zip, tar and tar.gz give the same files, with what may be executed", () => {
  const files = ["pdf/SKILL.md a", "pdf/scripts/run.sh* b"]
  expect(told(zip(SKILL))).toEqual(files)
  expect(told(tar(SKILL.map((one) => ({ ...one, mode: (one.mode ?? 0o644) & 0o777 }))))).toEqual(files)
  expect(told(gzipSync(tar(SKILL)))).toEqual(files)
})

test("names that are too long for a tar header are read as pax and as GNU write them", () => {
  const long = `pdf/${"x".repeat(150)}.md`
  expect(told(tar([pax("path", long), { name: "cut", text: "a" }]))).toEqual([`${long} a`])
  expect(
    told(
      tar([
        { name: "L", type: "L", text: `${long}\0` },
        { name: "cut", text: "a" },
      ]),
    ),
  ).toEqual([`${long} a`])
})

test("what common programs pack is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpack-"))
  try {
    const run = (...argv: string[]) => Bun.spawnSync(argv, { cwd: folder, stdout: "ignore", stderr: "pipe" })
    run("sh", "-c", "mkdir -p pdf/scripts && echo a > pdf/SKILL.md && echo b > pdf/scripts/x && chmod +x pdf/scripts/x")
    run("tar", "-czf", "gnu.tgz", "pdf")
    run("tar", "--format=pax", "-cf", "pax.tar", "pdf")
    const files = ["pdf/SKILL.md a\n", "pdf/scripts/x* b\n"]
    expect(told(readFileSync(join(folder, "gnu.tgz"))).toSorted()).toEqual(files)
    expect(told(readFileSync(join(folder, "pax.tar"))).toSorted()).toEqual(files)
    const packed = Bun.which("zip") === null ? undefined : run("zip", "-qr", "info.zip", "pdf")
    if (packed !== undefined) expect(told(readFileSync(join(folder, "info.zip"))).toSorted()).toEqual(files)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe("an archive is refused as a whole that", () => {
  const ESCAPES = ["../x", "a/../../x", "/etc/x", "C:/x", "C:x", "a\\..\\..\\x", "a\nb", `a/${"../".repeat(9)}x`]
  test.each(ESCAPES)("holds a file called %j", (name) => {
    const entries = [
      { name: "SKILL.md", text: "a" },
      { name, text: "b" },
    ]
    expect([codeOf(() => unpack(zip(entries))), codeOf(() => unpack(tar(entries)))]).toEqual([
      "unsafe_path",
      "unsafe_path",
    ])
  })

  test("holds a link, a device or a pipe", () => {
    const kinds = ["1", "2", "3", "4", "6", "S", "K"].map((type) => codeOf(() => unpack(tar([{ name: "x", type }]))))
    expect([...new Set(kinds)]).toEqual(["not_a_file"])
    expect(codeOf(() => unpack(tar([pax("linkpath", "/etc/passwd"), { name: "x" }])))).toBe("not_a_file")
    const modes = [0o120777, 0o020644, 0o010644, 0o140644]
    expect(modes.map((mode) => codeOf(() => unpack(zip([{ name: "x", text: "/etc", mode }]))))).toEqual(
      modes.map(() => "not_a_file"),
    )
  })

  test("gives one file two names, or two files one", () => {
    const twice = (one: string, other: string) => [
      { name: one, text: "a" },
      { name: other, text: "b" },
    ]
    expect(codeOf(() => unpack(tar(twice("a/SKILL.md", "A/skill.MD"))))).toBe("unsafe_path")
    expect(codeOf(() => unpack(tar(twice("a", "a/b"))))).toBe("unsafe_path")
    expect(codeOf(() => unpack(zip(twice("a/b", "a"))))).toBe("unsafe_path")
    expect(codeOf(() => unpack(zip([{ name: "a", localName: "../../b", text: "x" }])))).toBe("unsafe_path")
  })

  test("holds more than it may, or more than it says", () => {
    const bounds = { filesMax: 2, fileBytesMax: 1000, bytesMax: 1500 }
    const sized = (...sizes: number[]) => sizes.map((size, at) => ({ name: `f${at}`, text: "x".repeat(size) }))
    for (const pack of [zip, tar, (made: readonly Made[]) => gzipSync(tar(made))]) {
      const codes = [sized(1, 1, 1), sized(1001), sized(900, 900), sized(1000, 500)].map((made) =>
        codeOf(() => unpack(pack(made), bounds)),
      )
      expect(codes).toEqual(["too_large", "too_large", "too_large", "read"])
    }
    // A bomb: a megabyte that says it were ten bytes, and a gigabyte of nothing in a gzip.
    expect(codeOf(() => unpack(zip([{ name: "x", text: "x".repeat(2 ** 20), saidSize: 10 }])))).toBe("damaged")
    expect(codeOf(() => unpack(gzipSync(Buffer.alloc(64 * 2 ** 20)), bounds))).toBe("too_large")
  })

  test("is damaged, cut off, packed strangely, or no archive", () => {
    const whole = zip(SKILL)
    const cut = [30, 60, whole.length - 30].map((length) => codeOf(() => unpack(whole.slice(0, length))))
    expect(cut).toEqual(["damaged", "damaged", "damaged"])
    expect(codeOf(() => unpack(tar(SKILL).slice(0, 512)))).toBe("damaged")
    expect(codeOf(() => unpack(gzipSync(tar(SKILL)).slice(0, 40)))).toBe("damaged")
    expect(codeOf(() => unpack(tar([{ name: "x", saidSize: 9999 }])))).toBe("damaged")
    expect(codeOf(() => unpack(zip([{ name: "x", method: 12 }])))).toBe("unsupported")
    expect(codeOf(() => unpack(Buffer.from("<html>not found</html>")))).toBe("unknown_format")
  })
})

test("any single byte of an archive that is another gives files or a refusal, and nothing else", () => {
  for (const archive of [zip(SKILL), tar(SKILL)]) {
    const end = Math.min(archive.length, 1600)
    for (let at = 0; at < end; at += 1) {
      const broken = Uint8Array.from(archive)
      broken[at] = (broken[at] ?? 0) ^ 0xff
      codeOf(() => unpack(broken))
    }
  }
})

test("files are placed all or none, and never over what is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unpack-"))
  try {
    const files = unpack(zip(SKILL))
    await place(files, join(folder, "skills/new"), "t1")
    expect(statSync(join(folder, "skills/new/pdf/scripts/run.sh")).mode & 0o777).toBe(0o755)
    await expect(place(files, join(folder, "skills/new"), "t2")).rejects.toThrow()
    const [first] = files
    const clash = first === undefined ? [] : [first, { ...first, path: `${first.path}/below` }]
    await expect(place(clash, join(folder, "skills/other"), "t3")).rejects.toThrow()
    expect(readdirSync(join(folder, "skills"))).toEqual(["new"])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
