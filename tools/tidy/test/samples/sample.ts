/** A tree that breaks it in every way it knows, what it says, and the tree mended. */
export interface Sample {
  readonly broken: Readonly<Record<string, string>>
  readonly says: readonly string[]
  readonly mended: Readonly<Record<string, string>>
}

export type Samples = Readonly<Record<string, Sample>>

export type Json = Record<string, unknown>
export const json = (name: string, rest: Json = {}) => JSON.stringify({ name, ...rest })
export const on = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, name.startsWith("@skein/") ? "workspace:*" : "1.0.0"]))
/** Joined here, so that this file does not hold what it warns of. */
export const machine = (...parts: string[]) => parts.join("")

export const protocol = {
  "packages/protocol/package.json": json("@skein/protocol", { exports: { ".": "./src/index.ts" } }),
  "packages/protocol/src/index.ts": "",
}
export const core = {
  "packages/core/package.json": json("@skein/core", {
    exports: { ".": "./src/index.ts", "./ports": "./src/ports/index.ts" },
    dependencies: on("@skein/protocol"),
  }),
  "packages/core/src/index.ts": "",
  "packages/core/src/ports/index.ts": "",
}
export const testkit = {
  "packages/testkit/package.json": json("@skein/testkit", { exports: { ".": "./src/index.ts" } }),
  "packages/testkit/src/index.ts": "",
}
export const store = (dependencies: Json, devDependencies: Json = {}) => ({
  "adapters/store/package.json": json("@skein/store", {
    exports: { ".": "./src/index.ts" },
    dependencies,
    devDependencies,
  }),
})
export const STORE = store(on("@skein/core", "@skein/protocol"), on("@skein/testkit"))
export const tools = {
  "adapters/tools/package.json": json("@skein/tools", {
    dependencies: on("@skein/core", "@skein/protocol"),
    exports: { ".": "./src/index.ts" },
  }),
  "adapters/tools/src/index.ts": "",
}
export const host = (dependencies: Json) => ({ "packages/host/package.json": json("@skein/host", { dependencies }) })
export const row = (name: string, version: string, why: string) => `| ${name} | ${version} | ${why} | 1 kB | 1 ms |\n`
export const decision = "Status: accepted\n\n## Context\n\n## Decision\n\n## Consequences\n"
export const REQUIRED = Object.fromEntries(
  [
    "README.md",
    "ARCHITECTURE.md",
    "AGENTS.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "docs/roadmap.md",
    "docs/dependencies.md",
    "docs/words.md",
  ].map((path) => [path, ""]),
)
