import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type Finder, type FinderOptions, finder } from "../src/index.ts"

let root: string
let now: number
let listings: number
let made: Finder[]
const PROGRAM = Bun.which("rg") ?? ripgrepOfTools()

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "skein-finder-")))
  now = 0
  listings = 0
  made = []
})
afterEach(() => {
  for (const one of made) one.close()
  rmSync(root, { recursive: true, force: true })
})

/** The package is a neighbour's: only its place is looked up. */
function ripgrepOfTools(): string {
  const glob = new Bun.Glob("node_modules/.bun/@vscode+ripgrep-*/node_modules/@vscode/ripgrep-*/bin/rg")
  const base = join(import.meta.dir, "../../..")
  const [found = ""] = glob.scanSync({ cwd: base, dot: true, followSymlinks: false })
  return join(base, found)
}

function opened(more: Partial<FinderOptions> = {}): (query: string) => Promise<readonly string[]> {
  const ripgrep = async () => {
    listings += 1
    return PROGRAM
  }
  const one = finder({ ripgrep, now: () => now, onUnwatched: () => undefined, ...more })
  made.push(one)
  return async (query) => (await one.find(root, query, 10)).paths.map(({ path }) => path)
}

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), "")
  }
}

/** What the system tells of a change comes a moment after it. */
async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return true
    await Bun.sleep(25)
  }
  return false
}

test("files and folders are found by what was typed of them, without what ignore rules hide", async () => {
  write("src/router.ts", "src/user-router.ts", "ignored/router.ts", "README.md", ".git/router", "a\nb-router")
  writeFileSync(join(root, ".gitignore"), "ignored/\n")
  const find = opened()
  expect(await find("router")).toEqual(["src/router.ts", "src/user-router.ts"])
  expect((await find("src"))[0]).toBe("src/")
})

test("a file that comes, goes or is renamed is seen by the next question, in new folders too", async () => {
  write("src/first.ts")
  const find = opened()
  expect(await find("second")).toEqual([])
  write("src/second.ts")
  expect(await until(async () => (await find("second")).length === 1)).toBe(true)
  rmSync(join(root, "src/second.ts"))
  expect(await until(async () => (await find("second")).length === 0)).toBe(true)
  write("lib/deep/third.ts")
  expect(await until(async () => (await find("third"))[0] === "lib/deep/third.ts")).toBe(true)
})

test("while nothing comes or goes, questions list nothing, however many; writing into files neither", async () => {
  write("src/first.ts")
  const find = opened()
  await find("f")
  await find("f")
  const before = listings
  for (const query of ["f", "fi", "fir", "firs"]) await find(query)
  writeFileSync(join(root, "src/first.ts"), "changed")
  await Bun.sleep(100)
  await find("first")
  expect(listings).toBe(before)
  now = 60_000
  await find("first")
  expect(listings).toBe(before + 1)
})

test("where there are more folders than may be watched, that is told, and names are listed anew every few seconds", async () => {
  write(...Array.from({ length: 1_600 }, (_, at) => `d${at}/f`))
  const told: string[] = []
  const find = opened({ onUnwatched: (sentence) => told.push(sentence) })
  await find("f")
  expect(told).toEqual([expect.stringContaining("1601 folders, and 1500 are watched")])
  write("d1/late")
  expect(await find("late")).toEqual([])
  now = 3_000
  expect(await find("late")).toEqual(["d1/late"])
})

test("what is no folder is refused", async () => {
  const one = finder({ ripgrep: async () => PROGRAM, now: () => now, onUnwatched: () => undefined })
  const refused = await one.find(join(root, "gone"), "", 5).catch((error: Error) => error.message)
  expect(refused).toContain("it is no folder")
})
