import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Download, download } from "../src/library/download.ts"
import { library } from "../src/library/library.ts"
import { pull } from "../src/library/pull.ts"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skein-download-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test.each([
  ["this machine, by any port", "http://127.0.0.1:9/x"],
  ["this machine, with encryption", "https://localhost/x"],
  ["where clouds hand out credentials", "https://169.254.169.254/x"],
  ["the same, spelled otherwise", "https://0xa9fea9fe/x"],
  ["a private address", "https://10.1.2.3/x"],
  ["an address of IPv6", "https://[fd00::1]/x"],
  ["a name of this network", "https://printer.local/x"],
  ["a name without a domain", "https://intranet/x"],
  ["a name and a password", "https://me:word@example.com/x"],
])("a server of the internet cannot send a download on to %s", async (_, location) => {
  const asked: string[] = []
  const through = async (url: string) => {
    asked.push(url)
    return new Response(null, { status: 302, headers: { location } })
  }
  await expect(getting("https://models.example.com/a.gguf", { through })).rejects.toThrow(
    /models\.example\.com leads to/,
  )
  expect(asked).toEqual(["https://models.example.com/a.gguf"])
})

test("a server of the internet may send a download on to another one", async () => {
  const through = async (url: string) =>
    url.includes("cdn.") ? new Response("whole") : Response.redirect("https://cdn.example.org/a.gguf", 302)
  await getting("https://models.example.com/a.gguf", { through })
  expect(read("a")).toBe("whole")
})

test("two files of the same name at two addresses are not put together when the first was cut off", async () => {
  await expect(getting("https://a.test/a", { through: async () => cutOff("first") })).rejects.toThrow(
    /was cut off after 5 of 9/,
  )
  const ranges: (string | null)[] = []
  const through = async (_: string, init: RequestInit) => {
    ranges.push(new Headers(init.headers).get("range"))
    return new Response("second")
  }
  await getting("https://b.test/a", { through })
  expect(ranges).toEqual([null])
  expect(read("a")).toBe("second")
})

test("what a server goes on with from another place than it was asked to is not put behind what came", async () => {
  const url = "https://a.test/a"
  await expect(getting(url, { through: async () => cutOff("first") })).rejects.toThrow(/cut off/)
  const other = async () =>
    new Response("else", { status: 206, headers: { "content-range": "bytes 0-3/4", "content-length": "4" } })
  await expect(getting(url, { through: other })).rejects.toThrow(/has another file now/)
  await getting(url, { through: async () => new Response("anew") })
  expect(read("a")).toBe("anew")
})

test("a server that sends more than it said, or than was expected, is not listened to any longer", async () => {
  const endless = () =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)) }))
  await expect(getting("https://a.test/a", { through: async () => endless(), bytesMax: 10_000 })).rejects.toThrow(
    /sends more than the 10000 bytes/,
  )
  const large = async () => new Response("x", { headers: { "content-length": "20000" } })
  await expect(getting("https://a.test/b", { through: large, bytesMax: 10_000 })).rejects.toThrow(
    /offers 20000 bytes, and at most 10000/,
  )
})

test("a file for which the disk has no room is not begun", async () => {
  const through = async () => new Response("x", { headers: { "content-length": String(2 ** 52) } })
  await expect(getting("https://a.test/a", { through })).rejects.toThrow(/There is no room in .*are free/)
})

test.skipIf(process.platform !== "linux")(
  "a disk that gets full meanwhile is said to be, and nothing hangs",
  async () => {
    const url = "https://a.test/a"
    await expect(getting(url, { through: async () => cutOff("first") })).rejects.toThrow(/cut off/)
    const [part = ""] = readdirSync(dir)
    rmSync(join(dir, part))
    symlinkSync("/dev/full", join(dir, part))
    const through = async () => new Response("a".repeat(500_000))
    await expect(getting(url, { through })).rejects.toThrow(/Cannot write .*the disk is full/)
  },
)

test("two skeins that get the same file at once do not mix their bytes", async () => {
  const url = "https://a.test/a"
  const onProgress = () => {
    const [part = ""] = readdirSync(dir)
    writeFileSync(join(dir, part), "of another one", { flag: "a" })
  }
  const through = async () => new Response("mine")
  await expect(getting(url, { through, onProgress })).rejects.toThrow(/Another skein got/)
  await getting(url, { through: async () => new Response("mine") })
  expect(read("a")).toBe("mine")
})

test("a model comes by plain http only from this machine, or when its sum is known", async () => {
  const models = library(dir, () => 0)
  const way = { ...WAY, through: async () => Promise.reject(new Error("asked")), now: () => 0 }
  await expect(pull(models, { ...way, from: "http://models.example.com/a.gguf" })).rejects.toThrow(/--sha256/)
  await expect(pull(models, { ...way, from: "http://models.example.com/a.gguf", sha256: "00" })).rejects.toThrow(
    "asked",
  )
  await expect(pull(models, { ...way, from: "http://127.0.0.1:1/a.gguf" })).rejects.toThrow("asked")
})

test("an address with a password in it is not asked, and the password is not said", async () => {
  const pulling = pull(
    library(dir, () => 0),
    { ...WAY, from: "https://me:hunter2@a.test/a.gguf", now: () => 0 },
  )
  const said = await pulling.catch((error: unknown) => String(error))
  expect(said).toMatch(/name or password/)
  expect(said).not.toContain("hunter2")
})

const WAY = {
  through: (url: string, init: RequestInit) => fetch(url, init),
  signal: new AbortController().signal,
  onProgress: () => undefined,
}

function getting(url: string, how: Partial<Download>): Promise<void> {
  return download({ ...WAY, ...how, url, file: join(dir, "a"), check: async () => undefined })
}

function read(name: string): string {
  return readFileSync(join(dir, name), "utf8")
}

/** Says that it is four bytes longer than it is. */
function cutOff(text: string): Response {
  return new Response(text, { headers: { "content-length": String(text.length + 4) } })
}
