import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { contentOf } from "../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "skein-content-"))
const inside = join(root, "inside")
mkdirSync(inside)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const made = (path: string, text: string): string => {
  writeFileSync(path, text)
  return path
}
const linked = (name: string, to: string): string => {
  symlinkSync(to, join(inside, name))
  return join(inside, name)
}
const of = (path: string, bytesMax = 100) => contentOf(path, { within: inside, bytesMax })

test("a file is given whole with the hash of its bytes", () => {
  expect(of(made(join(inside, "file"), "abc"))).toEqual({
    text: "abc",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  })
})

test("a file at the bound is given, one beyond it is not", () => {
  expect(of(made(join(inside, "at"), "12345"), 5)?.text).toBe("12345")
  expect(of(made(join(inside, "beyond"), "123456"), 5)).toBeUndefined()
})

test("a link is followed within, and never out; without a fence it is followed anywhere", () => {
  const out = made(join(root, "secret"), "secret")
  expect(of(linked("to-within", made(join(inside, "target"), "here")))?.text).toBe("here")
  expect(of(linked("to-out", out))).toBeUndefined()
  expect(contentOf(join(inside, "to-out"), { within: undefined, bytesMax: 100 })?.text).toBe("secret")
})

test("what is not there, a folder, and a FIFO that nobody writes to have no content, and none is waited for", () => {
  const fifo = join(inside, "fifo")
  expect(Bun.spawnSync(["mkfifo", fifo]).exitCode).toBe(0)
  const paths = [join(inside, "gone"), join(inside, "file/below"), linked("broken", join(inside, "gone")), inside, fifo]
  expect(paths.map((path) => of(path))).toEqual(paths.map(() => undefined))
})
