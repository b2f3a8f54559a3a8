import { dirname, join } from "node:path"
import type { ToolWorld } from "../define.ts"

/** How tests of a project are written and run. */
export interface Framework {
  readonly name: string
  readonly run: string
  /** Where tests of a file usually lie; `stem` and `extension` of the file. */
  readonly file: (stem: string, extension: string) => string
}

const beside = (mark: string) => (stem: string, extension: string) => `${stem}${mark}${extension}`
const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  "bun:test": { name: "bun:test", run: "bun test", file: beside(".test") },
  vitest: { name: "vitest", run: "npx vitest run", file: beside(".test") },
  jest: { name: "jest", run: "npx jest", file: beside(".test") },
  mocha: { name: "mocha", run: "npx mocha", file: beside(".test") },
  "node:test": { name: "node:test", run: "node --test", file: beside(".test") },
  pytest: { name: "pytest", run: "pytest", file: (stem) => `test_${stem}.py` },
  unittest: { name: "unittest", run: "python -m unittest", file: (stem) => `test_${stem}.py` },
  "go test": { name: "go test", run: "go test ./...", file: (stem) => `${stem}_test.go` },
  cargo: { name: "cargo test", run: "cargo test", file: (stem) => `${stem}_test.rs` },
  rspec: { name: "rspec", run: "bundle exec rspec", file: (stem) => `${stem}_spec.rb` },
  junit: { name: "JUnit", run: "mvn test", file: (stem) => `${stem}Test.java` },
}

/** A framework by its name, or one of nobody's table under the name it was given. */
export function frameworkNamed(name: string): Framework {
  const known = Object.entries(FRAMEWORKS).find(([id]) => id.toLowerCase() === name.toLowerCase())?.[1]
  return known ?? { name, run: name, file: beside(".test") }
}

/** What tests of this file are written with, by what stands in the folders from it up to `root`. */
export async function frameworkOf(file: string, root: string, world: ToolWorld): Promise<Framework | undefined> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = await inFolder(folder, file, world)
    if (found !== undefined) return FRAMEWORKS[found]
    if (folder === root || folder === dirname(folder)) return undefined
  }
}

async function inFolder(folder: string, file: string, world: ToolWorld): Promise<string | undefined> {
  if (/\.[cm]?[jt]sx?$/.test(file)) return inPackage(await textOf(join(folder, "package.json"), world), folder, world)
  if (file.endsWith(".go")) return "go test"
  if (file.endsWith(".rs")) return "cargo"
  if (file.endsWith(".rb")) return "rspec"
  if (/\.(java|kt)$/.test(file)) return "junit"
  if (!file.endsWith(".py")) return undefined
  const said = (await Promise.all(PYTHON.map((name) => textOf(join(folder, name), world)))).join("\n")
  if (/\bpytest\b/.test(said)) return "pytest"
  return said.trim() === "" ? undefined : "unittest"
}

const PYTHON = ["pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "requirements.txt", "requirements-dev.txt"]
const BYTES_MAX = 200_000

async function inPackage(text: string, folder: string, world: ToolWorld): Promise<string | undefined> {
  if (text === "") return undefined
  const named = ["vitest", "jest", "mocha"].find((name) => new RegExp(`"${name}"\\s*:`).test(text))
  if (named !== undefined) return named
  if (/"bun test|"@types\/bun"|"bun-types"/.test(text)) return "bun:test"
  if (/node --test/.test(text)) return "node:test"
  const isBun = (await world.files.stat(join(folder, "bun.lock"))) !== undefined
  return isBun ? "bun:test" : undefined
}

/** Empty where there is none, or none that can be read. */
async function textOf(path: string, world: ToolWorld): Promise<string> {
  const stat = await world.files.stat(path)
  if (stat?.kind !== "file" || stat.bytes > BYTES_MAX) return ""
  const { bytes } = await world.files.read(path, { bytesMax: BYTES_MAX })
  return new TextDecoder().decode(bytes)
}
