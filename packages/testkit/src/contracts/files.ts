import { afterEach, describe, expect, test } from "bun:test"
import { type FilesPort, ToolFailure } from "@skein/core/ports"

/** Files to be tested, and what a test does to them behind their back. */
export interface FilesUnderTest {
  readonly files: FilesPort
  /** An empty folder, absolute and resolved. */
  readonly root: string
  /** As another program would. Missing folders are made. */
  put(path: string, content: string | Uint8Array): void
  link(path: string, target: string): void
  /** A FIFO, or whatever never comes to an end. */
  special(path: string): void
  cleanUp?(): void
}

/** What every FilesPort promises. */
export function filesPortContract(name: string, make: () => FilesUnderTest): void {
  describe(`${name} is a FilesPort`, () => {
    let world: FilesUnderTest | undefined
    const open = () => {
      world = make()
      return world
    }
    afterEach(() => {
      world?.cleanUp?.()
      world = undefined
    })

    test("what was put is read back with its hash, whole or in part", async () => {
      const { files, root, put } = open()
      put(`${root}/a.txt`, "hello world")

      expect(await read(files, `${root}/a.txt`)).toBe("hello world")
      expect((await files.read(`${root}/a.txt`, { bytesMax: 11 })).sha256).toBe(sha256Of(bytesOf("hello world")))
      const part = (offset: number) => files.readPart(`${root}/a.txt`, { offset, bytesMax: 5 })
      expect([text(await part(0)), text(await part(6)), text(await part(99))]).toEqual(["hello", "world", ""])
    })

    test("a file over the bound is refused, not cut", async () => {
      const { files, root, put } = open()
      put(`${root}/a.txt`, "hello world")

      expect(await failure(files.read(`${root}/a.txt`, { bytesMax: 10 }))).toContain("11 bytes")
    })

    test("what is missing, a folder or a device is refused by name, and at once", async () => {
      const { files, root, put, special } = open()
      put(`${root}/folder/a.txt`, "")
      special(`${root}/pipe`)

      for (const path of [`${root}/none`, `${root}/folder`, `${root}/pipe`, `${root}/folder/a.txt/below`]) {
        expect(await failure(files.read(path, { bytesMax: 10 }))).toContain(root)
        expect(await failure(files.readPart(path, { offset: 0, bytesMax: 10 }))).toContain(root)
      }
      expect(await failure(files.replace(`${root}/pipe`, bytesOf("x"), null))).toContain(`${root}/pipe`)
      expect(await failure(files.replace(`${root}/folder`, bytesOf("x"), null))).toContain(`${root}/folder`)
    })

    test("a new file is made with its folders; an existing one only with the hash it has", async () => {
      const { files, root, put } = open()
      const path = `${root}/new/deep/a.txt`
      const made = await files.replace(path, bytesOf("one"), null)
      expect(made.sha256).toBe(sha256Of(bytesOf("one")))
      const next = await files.replace(path, bytesOf("two"), made.sha256)

      expect(await failure(files.replace(path, bytesOf("three"), null))).toContain("Nothing was written")
      expect(await failure(files.replace(path, bytesOf("three"), made.sha256))).toContain("Nothing was written")
      put(path, "other")
      expect(await failure(files.replace(path, bytesOf("three"), next.sha256))).toContain("Nothing was written")
      expect(await read(files, path)).toBe("other")
      expect(await failure(files.replace(`${root}/gone`, bytesOf("x"), next.sha256))).toContain("Nothing was written")
      expect((await files.list(root)).map((entry) => entry.name)).toEqual(["new"])
      expect((await files.list(`${root}/new/deep`)).map((entry) => entry.name)).toEqual(["a.txt"])
    })

    test("a file is taken away only with the hash it has, and never a folder, a device or a link", async () => {
      const { files, root, put, link, special } = open()
      put(`${root}/a.txt`, "one")
      put(`${root}/folder/b.txt`, "two")
      link(`${root}/to-a`, "a.txt")
      special(`${root}/pipe`)
      const hash = sha256Of(bytesOf("one"))

      for (const path of ["folder", "pipe", "to-a", "none"])
        expect(await failure(files.delete(`${root}/${path}`, hash))).toContain(`${root}/${path}`)
      expect(await failure(files.delete(`${root}/a.txt`, sha256Of(bytesOf("two"))))).toContain("Nothing was written")
      await files.delete(`${root}/a.txt`, hash)
      expect(await files.stat(`${root}/a.txt`)).toBeUndefined()
      expect((await files.list(root)).map(({ name }) => name)).toEqual(["folder", "pipe", "to-a"])
      await files.replace(`${root}/a.txt`, bytesOf("again"), null)
      expect(await read(files, `${root}/a.txt`)).toBe("again")
    })

    test("a new file has the mode it is told, or that of the file it comes from", async () => {
      const { files, root } = open()
      await files.replace(`${root}/run`, bytesOf("#!/bin/sh"), null, { mode: 0o750 })
      await files.replace(`${root}/moved`, bytesOf("#!/bin/sh"), null, { like: `${root}/run` })

      const modes = await Promise.all(["run", "moved"].map((name) => files.stat(`${root}/${name}`)))
      expect(modes.map((stat) => stat?.mode)).toEqual([0o750, 0o750])
    })

    test("of many writers that expect the same content, one writes", async () => {
      const { files, root } = open()
      const path = `${root}/a.txt`
      const first = await files.replace(path, bytesOf("0"), null)
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => files.replace(path, bytesOf(`${index + 1}`), first.sha256)),
      )

      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1)
      expect(await files.list(root)).toHaveLength(1)
    })

    test("of many writers that expect no file, one makes it", async () => {
      const { files, root } = open()
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => files.replace(`${root}/a/b.txt`, bytesOf(`${index}`), null)),
      )

      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1)
      expect(await files.list(`${root}/a`)).toHaveLength(1)
    })

    test("links are resolved for every existing part, dangling ones too; the rest is appended", async () => {
      const { files, root, put, link } = open()
      put(`${root}/real/a.txt`, "x")
      link(`${root}/to-folder`, "real")
      link(`${root}/to-nothing`, `${root}/missing/deep`)
      link(`${root}/round`, "round")

      expect(await files.resolve(`${root}/to-folder/a.txt`)).toBe(`${root}/real/a.txt`)
      expect(await files.resolve(`${root}/to-folder/new/b.txt`)).toBe(`${root}/real/new/b.txt`)
      expect(await files.resolve(`${root}/to-nothing/b.txt`)).toBe(`${root}/missing/deep/b.txt`)
      expect(await files.resolve(`${root}//real/./x/../../real/a.txt`)).toBe(`${root}/real/a.txt`)
      expect(await failure(files.resolve(`${root}/round`))).toContain("round")
    })

    test("nothing is read, listed or written through a link", async () => {
      const { files, root, put, link } = open()
      put(`${root}/outside/a.txt`, "secret")
      link(`${root}/inside`, "outside")
      link(`${root}/a.txt`, "outside/a.txt")

      for (const path of [`${root}/inside/a.txt`, `${root}/a.txt`]) {
        expect(await failure(files.read(path, { bytesMax: 10 }))).toContain("link")
        expect(await failure(files.replace(path, bytesOf("x"), sha256Of(bytesOf("secret"))))).toContain("link")
      }
      expect(await failure(files.replace(`${root}/inside/new`, bytesOf("x"), null))).toContain("link")
      await failure(files.list(`${root}/inside`))
      expect((await files.list(`${root}/outside`)).map((entry) => entry.name)).toEqual(["a.txt"])
      expect(await read(files, `${root}/outside/a.txt`)).toBe("secret")
    })

    test("a listing names each kind, sorted; stat does not follow a last link", async () => {
      const { files, root, put, link, special } = open()
      put(`${root}/b.txt`, "12345")
      put(`${root}/a/x`, "")
      link(`${root}/c`, "b.txt")
      special(`${root}/d`)

      expect(await files.list(root)).toEqual([
        { name: "a", kind: "directory" },
        { name: "b.txt", kind: "file" },
        { name: "c", kind: "link" },
        { name: "d", kind: "other" },
      ])
      const kinds = ["a", "b.txt", "c", "d", "e"].map(async (entry) => (await files.stat(`${root}/${entry}`))?.kind)
      expect(await Promise.all(kinds)).toEqual(["directory", "file", "link", "other", undefined])
      expect((await files.stat(`${root}/b.txt`))?.bytes).toBe(5)
      expect(await failure(files.list(`${root}/b.txt`))).toContain("b.txt")
    })

    test("a NUL in a path is refused", async () => {
      const { files, root } = open()
      expect(await failure(files.resolve(`${root}/a\0b`))).toContain("NUL")
      expect(await failure(files.replace(`${root}/a\0b`, bytesOf("x"), null))).toContain("NUL")
    })
  })
}

const bytesOf = (content: string) => new TextEncoder().encode(content)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const sha256Of = (bytes: Uint8Array): string => Bun.CryptoHasher.hash("sha256", bytes, "hex")

async function read(files: FilesPort, path: string): Promise<string> {
  return text((await files.read(path, { bytesMax: 1_000_000 })).bytes)
}

/** The text for the model; anything else is rethrown. */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof ToolFailure) return error.message
    throw error
  }
  throw new Error("It did not fail.")
}
