import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { keys } from "./keys.ts"
import type { SecretStore } from "./store.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-keys-"))
afterAll(() => rmSync(folder, { recursive: true }))

const ACME = { id: "acme", keyEnv: ["ACME_API_KEY", "ACME_TOKEN"] }
const OTHER = { id: "other", keyEnv: ["OTHER_API_KEY"] }

function fileWith(text: string, mode = 0o600): string {
  const path = join(folder, `${Bun.hash(text + mode)}.key`)
  writeFileSync(path, text, { mode })
  return path
}

test("the first variable that holds something gives the key, and is named", () => {
  const found = keys({ env: { ACME_API_KEY: "  ", ACME_TOKEN: "sk-second" } }).find(ACME)

  expect([found?.value, found?.source]).toEqual(["sk-second", "environment variable ACME_TOKEN"])
})

test("no key anywhere is no key, and no error", () => {
  expect(keys({ env: {} }).find(ACME)).toBeUndefined()
})

test("a key file goes before the environment, and to its own provider only", () => {
  const path = fileWith("sk-file\n")
  const found = keys({ env: { ACME_API_KEY: "sk-env" }, keyFile: { path, provider: "acme" } })

  expect(found.find(ACME)?.value).toBe("sk-file")
  expect(found.find(ACME)?.source).toBe(`key file ${path}`)
  expect(found.find(OTHER)).toBeUndefined()
})

test("a key file that others may read is used with a warning that holds the cure", () => {
  const open = fileWith("sk-open", 0o644)
  const closed = fileWith("sk-closed", 0o600)

  expect(keys({ env: {}, keyFile: { path: open, provider: "acme" } }).find(ACME)?.warning).toBe(
    `The key file ${open} can be read by others (mode 644). Run: chmod 600 ${open}`,
  )
  expect(keys({ env: {}, keyFile: { path: closed, provider: "acme" } }).find(ACME)?.warning).toBeUndefined()
})

test("a missing or an empty key file says so", () => {
  const missing = keys({ env: {}, keyFile: { path: join(folder, "none"), provider: "acme" } })
  const empty = keys({ env: {}, keyFile: { path: fileWith(" \n"), provider: "acme" } })

  expect(() => missing.find(ACME)).toThrow(/Cannot read the key file .*none/)
  expect(() => empty.find(ACME)).toThrow(/is empty/)
})

test("a pipe in the place of a key file gives its key as often as it is asked for", () => {
  const path = join(folder, "pipe")
  Bun.spawnSync(["mkfifo", "-m", "600", path])
  const writer = Bun.spawn(["sh", "-c", `printf sk-pipe > '${path}'`])
  const found = keys({ env: {}, keyFile: { path, provider: "acme" } })

  expect([found.find(ACME)?.value, found.find(ACME)?.value]).toEqual(["sk-pipe", "sk-pipe"])
  writer.kill()
})

test("a folder, a device without end or a huge file in the place of a key file is refused at once", () => {
  const refusalOf = (path: string) => () => keys({ env: {}, keyFile: { path, provider: "acme" } }).find(ACME)

  expect(refusalOf(folder)).toThrow(`Cannot read the key file ${folder}`)
  for (const path of ["/dev/zero", fileWith("x".repeat(100_000))])
    expect(refusalOf(path)).toThrow("is too long for a key or a login")
})

test("a key file that changed gives the new key", () => {
  const path = fileWith("sk-before")
  const found = keys({ env: {}, keyFile: { path, provider: "acme" } })
  expect(found.find(ACME)?.value).toBe("sk-before")
  writeFileSync(path, "sk-after")

  expect(found.find(ACME)?.value).toBe("sk-after")
})

test("blanks, line ends and a byte order mark around a key are no part of it", () => {
  expect(keys({ env: { ACME_API_KEY: "\uFEFF sk-key\r\n" } }).find(ACME)?.value).toBe("sk-key")
})

test.each([
  ["sk-one\nsk-two", "character 7 of 13 is a line break (U+000A)"],
  ["sk-one two", "character 7 of 10 is a blank (U+0020)"],
  ["sk-\u0007bell", "character 4 of 8 is a control character (U+0007)"],
  ["“sk-curly”", "character 1 of 10 is no plain ASCII (U+201C)"],
])("a key that no request could carry is refused by its place, not its value: %j", (key, reason) => {
  let message = ""
  try {
    keys({ env: { ACME_API_KEY: key } }).find(ACME)
  } catch (error) {
    message = (error as Error).message
  }

  expect(message).toBe(
    `The key in the environment variable ACME_API_KEY cannot be sent: its ${reason}. Set it again, as one line.`,
  )
})

test("a key does not show when it is printed or written as JSON", () => {
  const found = keys({ env: { ACME_API_KEY: "sk-canary" } }).find(ACME)

  expect(`${inspect(found)} ${JSON.stringify(found)} ${Bun.inspect(found)}`).not.toContain("canary")
})

test("a key that came or went while somebody ran holds once it is forgotten what the store gave", async () => {
  let kept: string | undefined
  const store: SecretStore = {
    name: "file",
    state: async () => ({ kind: "ready", detail: "" }),
    get: async () => (kept === undefined ? undefined : { value: kept, source: "a file" }),
    set: async () => "",
    delete: async () => true,
  }
  const own = keys({ env: {}, stores: async () => [store] })
  expect(await own.seek(ACME)).toBeUndefined()
  kept = "sk-new"
  expect(await own.seek(ACME)).toBeUndefined()
  own.forget(ACME)
  expect((await own.seek(ACME))?.value).toBe("sk-new")
  kept = undefined
  own.forget(ACME)
  expect([await own.seek(ACME), own.find(ACME)]).toEqual([undefined, undefined])
})
