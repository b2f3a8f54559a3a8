import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DEFAULTS } from "../src/defaults.ts"
import { keys } from "../src/index.ts"
import type { ProjectMay } from "../src/keys.ts"

const MAY: Readonly<Record<ProjectMay["may"], string>> = {
  set: "set it",
  never: "nothing",
  earlier: "narrow it",
  lower: "lower it",
  stricter: "ask or deny",
  inside: "name its own files",
  apart: "once you trust it",
}

test("the page of settings tells of every key, what it takes, its default and what a project may do with it", () => {
  const page = readFileSync(join(import.meta.dir, "../../../docs/settings.md"), "utf8")
  const rows = page.split("\n").filter((line) => line.startsWith("| `"))
  const told = rows.map((row) => row.split(" |").map((cell) => cell.replace(/^\| ?/, "").trim()))
  const defaults = new Map(DEFAULTS)
  const meant = keys().map(({ path, expects, project }) => {
    const key = path.join(".")
    const value = defaults.has(key) ? `\`${JSON.stringify(defaults.get(key))}\`` : ""
    return [`\`${key}\``, expects, value, MAY[project.may]]
  })
  expect(told.map(([key, , value, ...rest]) => [key, value, ...rest.slice(0, 2)])).toEqual(meant)
  for (const [key, meaning = ""] of told) expect(meaning, `what ${key} means`).not.toBe("")
})
