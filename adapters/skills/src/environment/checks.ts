import { join } from "node:path"
import { readStart } from "../files/read.ts"

const BYTES_MAX = 65_536
const CHECKS_MAX = 8

/**
 * The commands that say whether a project is right, as its own files name them: tests, linters, types, builds. Only names of
 * a few words that are known stand among them, whatever a file holds.
 */
export function checksIn(folder: string): readonly string[] {
  const text = (name: string) => textOf(join(folder, name), folder)
  const found = [
    ...inPackage(text("package.json"), (name) => text(name) !== undefined),
    ...(text("Cargo.toml") === undefined ? [] : ["cargo test", "cargo clippy"]),
    ...(text("go.mod") === undefined ? [] : ["go test ./...", "go vet ./..."]),
    ...inPython([text("pyproject.toml"), text("setup.cfg"), text("tox.ini")].join("\n")),
    ...inMakefile(text("Makefile") ?? ""),
  ]
  return [...new Set(found)].slice(0, CHECKS_MAX)
}

const NAMES = ["test", "check", "typecheck", "type-check", "types", "lint", "build"] as const

function inPackage(text: string | undefined, has: (name: string) => boolean): readonly string[] {
  const scripts = scriptsOf(text)
  const run = has("bun.lock")
    ? "bun run"
    : has("pnpm-lock.yaml")
      ? "pnpm run"
      : has("yarn.lock")
        ? "yarn run"
        : "npm run"
  return NAMES.filter((name) => typeof scripts[name] === "string").map((name) => `${run} ${name}`)
}

function scriptsOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text ?? "{}")
    const scripts = typeof read === "object" && read !== null && "scripts" in read ? read.scripts : undefined
    return typeof scripts === "object" && scripts !== null ? { ...scripts } : {}
  } catch (cause) {
    // A file that is half written, or longer than is read, names nothing.
    if (cause instanceof SyntaxError) return {}
    throw cause
  }
}

function inPython(text: string): readonly string[] {
  const known = { pytest: "pytest", ruff: "ruff check", mypy: "mypy ." }
  return Object.entries(known).flatMap(([name, command]) => (new RegExp(`\\b${name}\\b`).test(text) ? [command] : []))
}

function inMakefile(text: string): readonly string[] {
  return ["test", "check", "lint"]
    .filter((name) => new RegExp(`^${name}:`, "m").test(text))
    .map((name) => `make ${name}`)
}

/** Undefined where there is none; a link leads nowhere else. */
function textOf(path: string, folder: string): string | undefined {
  const reading = readStart(path, BYTES_MAX, [folder])
  return reading?.kind === "start" ? new TextDecoder().decode(reading.start) : undefined
}
