import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { logFile } from "../src/log-file.ts"

function inFolder(use: (at: (name: string) => string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "skein-log-"))
  try {
    use((name) => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test("lines of the level and above are written, for their owner alone, and nothing before the first", () => {
  inFolder((at) => {
    const log = logFile({ path: at("log/skein.log"), level: "warn", now: () => 0 })
    log.write("info", "quiet")
    expect(() => statSync(at("log"))).toThrow()
    log.write("error", "loud", { bytes: 3 })

    expect(readFileSync(at("log/skein.log"), "utf8")).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","level":"error","text":"loud","bytes":3}\n',
    )
    expect(statSync(at("log/skein.log")).mode & 0o777).toBe(0o600)
    expect(statSync(at("log")).mode & 0o777).toBe(0o700)
  })
})

test("a log that cannot be written ends nobody's work, and says why", () => {
  inFolder((at) => {
    writeFileSync(at("victim"), "mine")
    mkdirSync(at("log"))
    symlinkSync(at("victim"), at("log/skein.log"))
    const log = logFile({ path: at("log/skein.log"), level: "warn", now: () => 0 })
    log.write("error", "one")
    log.write("error", "two")

    expect(String(log.failure)).toContain("ELOOP")
    expect(readFileSync(at("victim"), "utf8")).toBe("mine")
  })
})

test("a full log is moved aside once, and a new one begun", () => {
  inFolder((at) => {
    writeFileSync(at("skein.log"), "x".repeat(10_000_000), { mode: 0o600 })
    const log = logFile({ path: at("skein.log"), level: "warn", now: () => 0 })
    log.write("warn", "fresh")

    expect([statSync(at("skein.log.1")).size, log.failure]).toEqual([10_000_000, undefined])
    expect(readFileSync(at("skein.log"), "utf8")).toContain("fresh")
  })
})
