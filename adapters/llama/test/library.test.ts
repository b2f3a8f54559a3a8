import { afterEach, beforeEach, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tinyModel } from "@skein/testkit/gguf"
import { addressOf, installRuntime, pull } from "../src/index.ts"
import { library } from "../src/library/library.ts"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skein-library-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const MODEL = tinyModel()
const SUM = createHash("sha256").update(MODEL).digest("hex")
const now = () => 1_000

test("a file of the person's own is listed with what it says of itself, and forgotten without being removed", async () => {
  const models = library(join(dir, "models"), now)
  const file = join(dir, "My Model.Q4.gguf")
  writeFileSync(file, tinyModel({ contextTokens: 4096, chatTemplate: "{{ messages }}" }))
  await models.add(file)
  expect(await models.list()).toMatchObject([
    { name: "my-model.q4", file, head: { architecture: "llama", contextTokens: 4096, chatTemplate: "{{ messages }}" } },
  ])
  expect(await models.remove("my-model.q4")).toBe(true)
  expect(await models.list()).toEqual([])
  expect(existsSync(file)).toBe(true)
})

test("a file that is no model, or not the expected one, is not added, and it is said why", async () => {
  const models = library(join(dir, "models"), now)
  const page = join(dir, "page.gguf")
  writeFileSync(page, "<html>You have to log in to see this</html>")
  await expect(models.add(page)).rejects.toThrow(/cannot be used as a model: it is no GGUF file/)
  await expect(models.add("/no/such.gguf")).rejects.toThrow(/cannot be used as a model: there is no such file\.$/)
  const cut = join(dir, "cut.gguf")
  writeFileSync(cut, MODEL.subarray(0, 2_000))
  await expect(models.add(cut)).rejects.toThrow(/its head is cut off/)
  const whole = join(dir, "whole.gguf")
  writeFileSync(whole, MODEL)
  await expect(models.add(whole, "00")).rejects.toThrow(new RegExp(`is ${SUM}, and 00 was expected`))
  expect(await models.list()).toEqual([])
})

test("a pull that was cut off goes on where it stopped, and the file stands in its place only when its sum is right", async () => {
  using server = serving(MODEL, { cutAt: 200_000 })
  const models = library(join(dir, "models"), now)
  const wanted = { ...WAY, from: `${server.url}tiny.gguf`, sha256: SUM, now }
  await expect(pull(models, wanted)).rejects.toThrow(/cut off after 200000 .*goes on from there/)
  expect(await models.list()).toEqual([])
  expect(await pull(models, wanted)).toMatchObject({ name: "tiny", bytes: MODEL.length, sha256: SUM })
  expect(server.ranges).toEqual([null, "bytes=200000-"])
  expect(readdirSync(models.folder).toSorted()).toEqual(["tiny.gguf", "tiny.json"])
  await models.remove("tiny")
  expect(readdirSync(models.folder)).toEqual([])
})

test("a pulled file with another sum is thrown away", async () => {
  using server = serving(MODEL)
  const models = library(join(dir, "models"), now)
  await expect(pull(models, { ...WAY, from: `${server.url}tiny.gguf`, sha256: "ab", now })).rejects.toThrow(
    /was expected/,
  )
  expect(readdirSync(models.folder)).toEqual([])
})

test("a redirect is followed, but not to an address without encryption", async () => {
  using server = serving(MODEL, { redirects: { "/a.gguf": "/b.gguf", "/c.gguf": "http://example.invalid/d.gguf" } })
  const models = library(join(dir, "models"), now)
  expect(await pull(models, { ...WAY, from: `${server.url}a.gguf`, now })).toMatchObject({ name: "a" })
  await expect(pull(models, { ...WAY, from: `${server.url}c.gguf`, now })).rejects.toThrow(/which is not https/)
})

test("a name on Hugging Face is an address there", () => {
  expect(addressOf("hf:owner/repo/sub/file.gguf")).toBe("https://huggingface.co/owner/repo/resolve/main/sub/file.gguf")
  expect(() => addressOf("tiny.gguf")).toThrow(/is no address to pull a model from/)
})

test("llama.cpp is installed only from the package that was pinned, and only its libraries are", async () => {
  const archive = Bun.gzipSync(tar({ "package/bins/x/llama-addon.node": "native", "package/dist/index.js": "code" }))
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`
  using server = serving(archive)
  const folder = join(dir, "runtime", "llama-1")
  const wanted = { name: "@scope/x", version: "1.0.0", folder: "package/bins/x", integrity, bytes: archive.length }
  const other = { ...wanted, integrity: "sha512-other" }
  await expect(installRuntime({ ...WAY, folder, registry: server.url, wanted: other })).rejects.toThrow(
    /not the package/,
  )
  expect(readdirSync(join(dir, "runtime"))).toEqual([])
  await installRuntime({ ...WAY, folder, registry: server.url, wanted })
  expect(readdirSync(folder)).toEqual(["llama-addon.node"])
  expect(readdirSync(join(dir, "runtime"))).toEqual(["llama-1"])
  expect(server.paths.at(-1)).toBe("/@scope/x/-/x-1.0.0.tgz")
})

const WAY = {
  through: (url: string, init: RequestInit) => fetch(url, init),
  signal: new AbortController().signal,
  onProgress: () => undefined,
}

/** A server of one file, which ends its first answer early when told to. */
function serving(
  bytes: Uint8Array<ArrayBuffer>,
  { cutAt = Number.POSITIVE_INFINITY, redirects = {} as Record<string, string> } = {},
) {
  const ranges: (string | null)[] = []
  const paths: string[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    error: () => new Response("cut", { status: 500 }),
    fetch(request) {
      const { pathname } = new URL(request.url)
      paths.push(pathname)
      const to = redirects[pathname]
      if (to !== undefined) return new Response(null, { status: 302, headers: { location: to } })
      const range = request.headers.get("range")
      ranges.push(range)
      const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0)
      if (from >= bytes.length)
        return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes.length}` } })
      if (from > 0) {
        const rest = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
        return new Response(bytes.slice(from), { status: 206, headers: { "content-range": rest } })
      }
      if (bytes.length <= cutAt) return new Response(bytes)
      const stream = new ReadableStream({
        async pull(controller) {
          controller.enqueue(bytes.slice(0, cutAt))
          await Bun.sleep(50)
          controller.error(new Error("cut"))
        },
      })
      return new Response(stream, { headers: { "content-length": String(bytes.length) } })
    },
  })
  return { url: server.url.href, ranges, paths, [Symbol.dispose]: () => void server.stop(true) }
}

function tar(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const head = Buffer.alloc(512)
    head.write(path)
    head.write(content.length.toString(8).padStart(11, "0"), 124)
    head.write("0", 156)
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
    body.write(content)
    return [head, body]
  })
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
