import { expect, test } from "bun:test"
import { lstatSync, mkdtempSync, rmSync, type Stats, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { entryOf, isUntouched } from "./entry.ts"

const VERSION = { kind: "file", sha256: "", bytes: 0, mode: 0o644, isKept: false } as const

test("an entry is believed only when its last change was well before the look", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-entry-"))
  writeFileSync(join(folder, "f"), "")
  const real = lstatSync(join(folder, "f"))
  rmSync(folder, { recursive: true })
  const isBelieved = (changedMs: number, lookedMs: number) => {
    const stats: Stats = Object.assign(Object.create(real), { mtimeMs: changedMs, ctimeMs: changedMs })
    return isUntouched(entryOf(stats, VERSION, lookedMs), stats)
  }

  // A clock with fractions ticks every few milliseconds; one without may be of whole seconds, or of two.
  const [fine, whole] = [1_700_000_000_123.5, 1_700_000_000_000]
  expect([0, 40, 60].map((later) => isBelieved(fine, fine + later))).toEqual([false, false, true])
  expect([0, 1_000, 2_000, 2_200].map((later) => isBelieved(whole, whole + later))).toEqual([false, false, false, true])
})
