import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runsOfProject } from "./find.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-find-")))
afterAll(() => rmSync(root, { recursive: true }))

test("a server that would run a project's compiler waits for trust, also where a session began below that compiler", () => {
  const below = join(root, "packages/a")
  mkdirSync(below, { recursive: true })
  const row = { runsOfProject: ["node_modules/typescript"] }
  expect(runsOfProject(row, below)).toBe(false)
  mkdirSync(join(root, "node_modules/typescript"), { recursive: true })
  expect(runsOfProject(row, below)).toBe(true)
  expect(runsOfProject({ runsOfProject: "always" }, below)).toBe(true)
  expect(runsOfProject({}, below)).toBe(false)
})
