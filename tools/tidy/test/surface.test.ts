import { describe, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hasVerbs, helpPages, SURFACES } from "../src/surface.ts"

const root = join(import.meta.dir, "../../..")
const folder = join(import.meta.dir, "../golden")
const golden = (name: string) => {
  const path = join(folder, `${name}.golden`)
  return existsSync(path) ? readFileSync(path, "utf8") : ""
}
const WAY_OUT =
  "Others build on this. If the change is meant: bun tools/tidy/bless.ts, and commit what it wrote with the change."

const HELP_TEST = `the help page of every verb has not changed${hasVerbs(root) ? "" : " (skipped: apps/skein has no verbs.ts yet)"}`

function compare(name: string, now: string): void {
  const before = golden(name)
  if (before === now) return
  const [old, fresh] = [new Set(before.split("\n")), new Set(now.split("\n"))]
  const gone = [...old].filter((line) => !fresh.has(line)).map((line) => `- ${line}`)
  const added = [...fresh].filter((line) => !old.has(line)).map((line) => `+ ${line}`)
  throw new Error([`golden/${name}.golden no longer says what is:`, ...gone, ...added, WAY_OUT].join("\n"))
}

describe("the public surface is the one that was agreed on:", () => {
  for (const { name, read } of SURFACES)
    test(`the list of ${name} has not changed`, async () => compare(name, await read(root)))

  test.skipIf(!hasVerbs(root))(
    HELP_TEST,
    async () => {
      const home = mkdtempSync(join(tmpdir(), "skein-help-"))
      try {
        const pages = await helpPages(root, home)
        for (const { name, text } of pages) compare(name, text)
        const kept = readdirSync(folder).filter((name) => name.startsWith("help-"))
        expect(kept.toSorted()).toEqual(pages.map(({ name }) => `${name}.golden`).toSorted())
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    },
    30_000,
  )
})

test("a changed surface is told line by line, with the way out", () => {
  const changed = golden("ops").replace("turn.submit", "turn.begin")
  expect(() => compare("ops", changed)).toThrow(/- turn\.submit .*\n\+ turn\.begin .*\n.*bless\.ts/s)
})
