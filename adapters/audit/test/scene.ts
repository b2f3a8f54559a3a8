import { dlopen } from "bun:ffi"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AuditEntry, TakeLock } from "@skein/core/ports"
import type { AuditOptions } from "../src/index.ts"
import { auditFile, headFileOf } from "../src/index.ts"

/** A data folder of its own, removed at the end of the scope. */
export function scene() {
  const dataDir = mkdtempSync(join(tmpdir(), "skein-audit-"))
  const file = auditFile(dataDir)
  const headFile = headFileOf(dataDir, file)
  return {
    ...{ dataDir, file, headFile, options: optionsFor(dataDir) },
    lines: (path = file) =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    [Symbol.dispose]() {
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export function optionsFor(dataDir: string): AuditOptions {
  const file = auditFile(dataDir)
  return {
    ...{ file, headFile: headFileOf(dataDir, file), lock: async () => takeLock() },
    ...{ bytesMax: 10_000_000, isSynced: false, now: () => 7 },
  }
}

/** The start of a call, the nth of them. */
export function entry(nth: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ at: 1000 + nth, actor: "model", action: "call.start", decision: "allow" },
    ...{ resources: [{ kind: "file", name: `/repo/${nth}.ts` }], sessionId: "ses_a", callId: `cal_${nth}`, ...more },
  }
}

function takeLock(): TakeLock {
  const { flock } = dlopen("libc.so.6", { flock: { args: ["i32", "i32"], returns: "i32" } }).symbols
  return (fd) => (flock(fd, 6) === 0 ? { kind: "locked", release: () => void flock(fd, 8) } : { kind: "held" })
}
