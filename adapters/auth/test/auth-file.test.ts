import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import {
  chmodSync,
  chownSync,
  existsSync,
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
import { authFile } from "../src/auth-file.ts"

let base: string
let folder: string
let path: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "skein-auth-"))
  folder = join(base, "data")
  path = join(folder, "auth.json")
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

function plant(text: string, mode = 0o600): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
}

const whole = (keys: Record<string, string>) => JSON.stringify({ version: 1, keys })

describe("the plain file", () => {
  test("keeps keys for its owner alone, in a folder of their own, and warns at each use", async () => {
    const file = authFile({ folder })
    expect(await file.get("acme")).toBeUndefined()
    expect(await file.state()).toMatchObject({ kind: "off" })
    await file.set("acme", "k-1")
    await file.set("other", "k-2")

    expect([statSync(path).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
    const found = await file.get("acme")
    expect([found?.value, found?.warning]).toEqual([
      "k-1",
      expect.stringContaining("every program of yours can read it"),
    ])
    expect(await file.delete("acme")).toBe(true)
    expect(await file.delete("acme")).toBe(false)
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ version: 1, keys: { other: "k-2" } })
    expect(readdirSync(folder).toSorted()).toEqual(["auth.json", "auth.lock"])
  })

  test("is refused when it is a link, open to others, no file, or not what skein writes; and nothing is changed", async () => {
    const file = authFile({ folder })
    plant(whole({ acme: "k-1" }), 0o640)
    await expect(file.get("acme")).rejects.toThrow(/can be read by others.*chmod 600/)
    await expect(file.set("acme", "k-2")).rejects.toThrow("can be read by others")
    expect(readFileSync(path, "utf8")).toBe(whole({ acme: "k-1" }))

    rmSync(path)
    writeFileSync(join(base, "elsewhere"), whole({ acme: "theirs" }), { mode: 0o600 })
    symlinkSync(join(base, "elsewhere"), path)
    await expect(file.get("acme")).rejects.toThrow("is a link")
    await expect(file.set("acme", "k-2")).rejects.toThrow("is a link")
    expect(readFileSync(join(base, "elsewhere"), "utf8")).toBe(whole({ acme: "theirs" }))

    rmSync(path)
    mkdirSync(path)
    await expect(file.get("acme")).rejects.toThrow("is no file of keys")
    rmSync(path, { recursive: true })
    plant("{")
    await expect(file.get("acme")).rejects.toThrow("is no file of keys as skein writes it")
    expect(await file.state()).toMatchObject({ kind: "unavailable" })
  })

  test("is refused in a folder in which others may write, for they could put another in its place", async () => {
    plant(whole({ acme: "k-1" }))
    chmodSync(folder, 0o777)

    await expect(authFile({ folder }).get("acme")).rejects.toThrow(/Others may write in .*chmod 700/)
    await expect(authFile({ folder }).set("acme", "k-2")).rejects.toThrow("Others may write")
  })

  test.skipIf(process.getuid?.() !== 0)("is refused when it belongs to somebody else, for root too", async () => {
    plant(whole({ acme: "theirs" }))
    chownSync(path, 65_534, 65_534)

    await expect(authFile({ folder }).get("acme")).rejects.toThrow("belongs to another user")
  })

  test("a name that means something to the language is a name like any other", async () => {
    const file = authFile({ folder })
    plant(whole({}))

    expect(await file.get("__proto__")).toBeUndefined()
    expect(await file.get("toString")).toBeUndefined()
  })

  test("loses no key when many write at the same time, from several processes", async () => {
    const writer = join(import.meta.dir, "auth-writer.ts")
    const children = [0, 1, 2, 3].map((index) =>
      Bun.spawn([process.execPath, writer, folder, String(index), "10"], { stdout: "pipe", stderr: "pipe" }),
    )
    const codes = await Promise.all(children.map((child) => child.exited))

    expect(codes).toEqual([0, 0, 0, 0])
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")).keys)).toHaveLength(40)
  }, 60_000)

  test("is whole after a kill in the middle of writing, and nobody waits for the dead", async () => {
    const writer = join(import.meta.dir, "auth-writer.ts")
    await authFile({ folder }).set("kept", "k-1")
    for (let round = 0; round < 5; round++) {
      const child = Bun.spawn([process.execPath, writer, folder, "x", "10000"], { stdout: "pipe", stderr: "ignore" })
      await child.stdout.getReader().read()
      child.kill("SIGKILL")
      await child.exited
      expect((await authFile({ folder }).get("kept"))?.value).toBe("k-1")
      await authFile({ folder }).set("after", String(round))
    }
    expect(existsSync(path)).toBe(true)
  }, 60_000)
})
