import { describe } from "bun:test"
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const BUILT = process.env.SKEIN_BINARY ?? resolve(import.meta.dir, "../../../../dist/skein")

const PREFIX = join(tmpdir(), "skein-binary-")

/** The long versions of tests: `npm run soak`. */
export const IS_SOAK = process.env.SKEIN_SOAK === "1"

/** This run's own binary: a build that ends meanwhile does not change what is tested. */
export const BINARY: string = existsSync(BUILT) ? held() : ""

/** `describe`, when there is a binary; else it says why not. */
export const describeBinary: typeof describe = BINARY === "" ? skipped() : describe

function held(): string {
  forgetDead()
  // One for all test files of this process; the start time tells it from an earlier process of the same number.
  const folder = `${PREFIX}${process.pid}-${Math.round(performance.timeOrigin)}`
  const path = join(folder, "skein")
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    // A build puts the new file in the old one's place, so a second name keeps the old one.
    linkSync(BUILT, path)
  } catch {
    // Another file system.
    copyFileSync(BUILT, path)
  }
  return path
}

/** The test runner ends without a word to what it loaded, so the next run tidies up after the last. */
function forgetDead(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^skein-binary-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function skipped(): typeof describe {
  console.warn("Skipped: there is no dist/skein. `npm run build` makes it, `npm test` does so by itself.")
  return describe.skip as typeof describe
}
