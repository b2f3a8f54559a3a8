import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { LedgerEntry } from "@skein/core/ports"
import { ledger } from "./ledger.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-ledger-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const entry: LedgerEntry = {
  ...{ at: 1, host: "a.test", port: 443, purpose: "model", bytesOut: 10, bytesIn: 0 },
  ...{ sha256: "ab", decision: "allowed", sessionId: "ses_1" },
}

const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n")

test("each entry is one line that its owner alone can read, made with the first, and nothing else is in it", () => {
  const path = join(folder, "records", "egress.jsonl")
  const book = ledger({ path })
  expect(existsSync(path)).toBe(false)
  book.record(Object.assign({ body: "canary" }, entry))
  expect([statSync(path).mode & 0o777, statSync(join(folder, "records")).mode & 0o777]).toEqual([0o600, 0o700])
  expect(linesOf(path).map((line) => JSON.parse(line))).toEqual([entry])
})

test("it is bounded: full files become older ones, and the oldest goes", () => {
  const path = join(folder, "small.jsonl")
  const book = ledger({ path, bytesMax: 300 })
  for (let at = 0; at < 60; at++) book.record({ ...entry, at })
  const files = [path, ...[1, 2, 3, 4, 5].map((age) => `${path}.${age}`)].filter((file) => existsSync(file))
  expect(files.length).toBe(5)
  expect(files.every((file) => statSync(file).size < 500)).toBe(true)
  expect(JSON.parse(linesOf(path).at(-1) ?? "")).toMatchObject({ at: 59 })
})

test("two processes write one ledger, also while one of them puts it aside", async () => {
  const path = join(folder, "shared.jsonl")
  const script = `
    import { ledger } from ${JSON.stringify(join(import.meta.dirname, "ledger.ts"))}
    const book = ledger({ path: ${JSON.stringify(path)}, bytesMax: 40_000 })
    for (let at = 0; at < 300; at++) book.record({ ...${JSON.stringify(entry)}, at, callId: process.argv.at(-1) })
  `
  const children = ["one", "two"].map((name) => Bun.spawn([process.execPath, "-e", script, name]))
  expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0])
  const files = [path, ...[1, 2, 3, 4].map((age) => `${path}.${age}`)].filter((file) => existsSync(file))
  const found = files.flatMap(linesOf).map((line): LedgerEntry => JSON.parse(line))
  for (const callId of ["one", "two"])
    expect(new Set(found.filter((one) => one.callId === callId).map(({ at }) => at)).size).toBe(300)
})

test("one that cannot be written is told once and ends nothing; a link in its place is not followed", () => {
  const told: string[] = []
  const target = join(folder, "target")
  const path = join(folder, "link.jsonl")
  writeFileSync(target, "")
  symlinkSync(target, path)
  const book = ledger({ path, onUnwritable: (sentence) => void told.push(sentence) })
  book.record(entry)
  book.record(entry)
  expect(told).toHaveLength(1)
  expect(told[0]).toContain(path)
  expect(readFileSync(target, "utf8")).toBe("")
})
