import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { localFiles } from "../src/index.ts"
import { attributeCalls } from "./attributes.ts"

const files = localFiles()
const isRoot = process.getuid?.() === 0
const bytes = (text: string) => new TextEncoder().encode(text)
const hash = (text: string | Uint8Array) => Bun.CryptoHasher.hash("sha256", text, "hex")

let folder = ""
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-replace-")))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ToolFailure) return error.message
  throw error ?? new Error("It did not fail.")
}

describe("a file keeps what it is, whatever its content", () => {
  test.each([0o644, 0o600, 0o755, 0o444 | 0o200, 0o4755, 0o2750, 0o1644])("mode %o", async (mode) => {
    const path = put("a", "old")
    chmodSync(path, mode)
    await files.replace(path, bytes("new"), hash("old"))
    expect(statSync(path).mode & 0o7777).toBe(mode)
  })

  test("a new file gets the mode the umask leaves", async () => {
    await files.replace(join(folder, "new"), bytes("new"), null)
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o666 & ~process.umask())
  })

  test.skipIf(!isRoot)("owner and group", async () => {
    const path = put("a", "old")
    chownSync(path, 1234, 2345)
    chmodSync(path, 0o6750)
    await files.replace(path, bytes("new"), hash("old"))
    const { uid, gid, mode } = statSync(path)
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 2345, 0o6750])
  })

  test.skipIf(process.platform !== "linux")("extended attributes", async () => {
    const path = put("a", "old")
    const attributes = await attributeCalls()
    if (!attributes.set(path, "user.skein", "kept")) return // a file system without them
    await files.replace(path, bytes("new"), hash("old"))
    expect([attributes.get(path, "user.skein"), readFileSync(path, "utf8")]).toEqual(["kept", "new"])
  })

  test("another hard link keeps the old content", async () => {
    const path = put("a", "old")
    linkSync(path, join(folder, "b"))
    await files.replace(path, bytes("new"), hash("old"))
    expect([readFileSync(path, "utf8"), readFileSync(join(folder, "b"), "utf8")]).toEqual(["new", "old"])
  })
})

describe("a write that cannot be leaves everything as it was", () => {
  test("stale content, a folder, a link, a missing file: no strays, no new folders", async () => {
    const path = put("a", "old")
    mkdirSync(join(folder, "d"))
    symlinkSync(path, join(folder, "l"))
    await failure(files.replace(path, bytes("new"), hash("other")))
    await failure(files.replace(join(folder, "d"), bytes("new"), null))
    await failure(files.replace(join(folder, "l"), bytes("new"), hash("old")))
    await failure(files.replace(join(folder, "x/y/z"), bytes("new"), hash("old")))
    await failure(files.replace(join(folder, "a/b/c"), bytes("new"), null))
    expect([readdirSync(folder).toSorted(), readFileSync(path, "utf8")]).toEqual([["a", "d", "l"], "old"])
  })

  test("a name that is too long takes its new folders with it", async () => {
    expect(await failure(files.replace(join(folder, "x/y", "n".repeat(300)), bytes("new"), null))).toContain("too long")
    expect(readdirSync(folder)).toEqual([])
  })

  test.skipIf(!isRoot || process.platform !== "linux")("a full disk is named, and nothing stays", async () => {
    const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).exitCode === 0
    if (!mounted) return // a machine that does not let us
    try {
      const path = put("a", "old")
      expect(await failure(files.replace(path, new Uint8Array(200_000), hash("old")))).toBe(
        `Cannot write ${path}: no space is left on the device.`,
      )
      expect([readdirSync(folder), readFileSync(path, "utf8")]).toEqual([["a"], "old"])
      Bun.spawnSync(["mount", "-o", "remount,ro", folder])
      expect(await failure(files.replace(path, bytes("x"), hash("old")))).toContain("read-only")
      expect(await failure(files.replace(join(folder, "b"), bytes("x"), null))).toContain("read-only")
    } finally {
      Bun.spawnSync(["umount", folder])
    }
  })
})

describe.skipIf(!isRoot)("without privileges", () => {
  const asNobody = async (...args: string[]) => {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "as-nobody.ts"), ...args], { stderr: "pipe" })
    return (await new Response(child.stdout).text()).trim()
  }

  test("what may not be read or written is named, with the cause", async () => {
    chmodSync(folder, 0o777)
    const path = put("secret", "old")
    chmodSync(path, 0o600)
    expect(await asNobody("read", path)).toBe(`Cannot read ${path}: permission denied.`)
    expect(await asNobody("replace", path, hash("old"))).toBe(`Cannot write ${path}: permission denied.`)
    chmodSync(path, 0o644)
    chmodSync(folder, 0o755)
    expect(await asNobody("replace", path, hash("old"))).toBe(`Cannot write ${path}: permission denied.`)
    expect(await asNobody("replace", join(folder, "new"))).toBe(
      `Cannot write ${join(folder, "new")}: permission denied.`,
    )
    expect(readdirSync(folder)).toEqual(["secret"])
  })

  test("a file made read-only stays as it is, though its folder may be written", async () => {
    chmodSync(folder, 0o777)
    const path = put("a", "old")
    chownSync(path, 65_534, 65_534)
    chmodSync(path, 0o444)
    for (const operation of ["replace", "delete"] as const)
      expect(await asNobody(operation, path, hash("old"))).toContain("permission denied")
    expect(readFileSync(path, "utf8")).toBe("old")
  })

  test("someone else's writable file becomes ours, and nobody new may read it", async () => {
    chmodSync(folder, 0o777)
    const path = put("a", "old")
    chownSync(path, 1234, 2345)
    chmodSync(path, 0o666)
    expect(await asNobody("replace", path, hash("old"))).toBe("done")
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([65_534, 0o666])
    expect(readdirSync(folder)).toEqual(["a"])
  })

  test("a folder that may be entered but not listed is written all the same", async () => {
    const path = put("a", "old")
    chownSync(path, 65_534, 65_534)
    chownSync(folder, 65_534, 65_534)
    chmodSync(folder, 0o300)
    expect(await asNobody("replace", path, hash("old"))).toBe("done")
    expect(await asNobody("read", path)).toContain("by nobody")
  })
})

test("a process killed at any moment leaves the old or the new content, whole, and hardly ever a stray", async () => {
  const path = put("a", "start")
  const size = 300_000
  const whole = [hash("start"), hash("a".repeat(size)), hash("b".repeat(size))]
  let strays = 0
  for (let round = 0; round < 8; round++) {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "writer.ts"), path, `${size}`])
    await firstOutput(child.stdout)
    // Some writes in, at another point of a write every time.
    const [seen, started] = [statSync(path).ino, performance.now()]
    const isTooEarly = () => performance.now() - started < 1 + round * 1.7 || statSync(path).ino === seen
    while (isTooEarly() && performance.now() - started < 10_000);
    child.kill("SIGKILL")
    await child.exited
    expect(whole).toContain(hash(readFileSync(path)))
    for (const name of readdirSync(folder).filter((other) => other !== "a")) {
      // Killed between two system calls: what was written had its name, and was not yet in its place.
      expect(whole).toContain(hash(readFileSync(join(folder, name))))
      rmSync(join(folder, name))
      strays++
    }
  }
  expect(strays).toBeLessThanOrEqual(1)
})

test("a folder on the path that is swapped for a link sends nothing outside", async () => {
  const [inside, outside] = [join(folder, "inside"), join(folder, "outside")]
  mkdirSync(inside)
  mkdirSync(outside)
  writeFileSync(join(outside, "secret"), "secret")
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "flipper.ts"), inside, outside])
  await firstOutput(child.stdout)
  const outcomes = { written: 0, refused: 0, read: 0 }
  for (let round = 0; round < 300 || outcomes.written === 0 || outcomes.refused === 0; round++) {
    await files.replace(join(inside, `n${round}/f`), bytes("x"), null).then(
      () => outcomes.written++,
      (error: unknown) => {
        if (!(error instanceof ToolFailure)) throw error
        outcomes.refused += 1
      },
    )
    await files.read(join(inside, "secret"), { bytesMax: 100 }).then(
      () => outcomes.read++,
      () => undefined,
    )
  }
  child.kill("SIGKILL")
  await child.exited

  expect(readdirSync(outside)).toEqual(["secret"])
  expect(outcomes.read).toBe(0)
}, 60_000)

test("a file that is swapped for a link all the time is read as itself or not at all", async () => {
  const [file, other] = [put("swapped", "mine"), put("other", "secret")]
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "flipper.ts"), file, other])
  await firstOutput(child.stdout)
  const seen = new Map<string, number>()
  while ((seen.get("mine") ?? 0) < 300 || (seen.get("refused") ?? 0) < 300) {
    const text = await files.read(file, { bytesMax: 100 }).then(
      (read) => new TextDecoder().decode(read.bytes),
      () => "refused",
    )
    seen.set(text, (seen.get(text) ?? 0) + 1)
  }
  child.kill("SIGKILL")
  await child.exited

  expect([...seen.keys()].toSorted()).toEqual(["mine", "refused"])
}, 60_000)

test("of 1,000 tries of many writers to count up one file no count is lost", async () => {
  const path = put("count", "0")
  const tries = { written: 0, refused: 0 }
  const writer = async () => {
    while (tries.written + tries.refused < 1_000) {
      const now = await files.read(path, { bytesMax: 100 })
      const next = bytes(`${Number(new TextDecoder().decode(now.bytes)) + 1}`)
      await files.replace(path, next, now.sha256).then(
        () => (tries.written += 1),
        () => (tries.refused += 1),
      )
    }
  }
  await Promise.all(Array.from({ length: 8 }, writer))
  expect([readFileSync(path, "utf8"), tries.refused > 0]).toEqual([`${tries.written}`, true])
}, 60_000)

test("devices are refused, and /proc files that claim no size are read", async () => {
  expect(await failure(files.read("/dev/zero", { bytesMax: 10 }))).toContain("a device")
  expect(await failure(files.read("/dev/tty", { bytesMax: 10 }))).toContain("a device")
  const status = await files.read(await files.resolve("/proc/self/status"), { bytesMax: 100_000 })
  expect(new TextDecoder().decode(status.bytes)).toContain("Name:")
  expect(lstatSync("/dev/zero").isFile()).toBe(false)
})

async function firstOutput(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  await reader.read()
  reader.releaseLock()
}
