import { existsSync } from "node:fs"
import { join } from "node:path"

/**
 * Folders of dependencies, caches and build outputs: large, made anew by a command, and not watched. They are named to the
 * person. A folder that may as well be source (`build`, `vendor`) is watched while it is small.
 */
export function leftOut(path: string, name: string): "always" | "when_large" | undefined {
  if (ALWAYS.has(name)) return "always"
  if (WHEN_LARGE.has(name)) return isCache(path) ? "always" : "when_large"
  return undefined
}

const ALWAYS = new Set([
  "node_modules",
  "bower_components",
  "jspm_packages",
  ".pnpm-store",
  "__pycache__",
  ".venv",
  ".tox",
  ".nox",
  ".eggs",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".ipynb_checkpoints",
  ".gradle",
  ".terraform",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".angular",
  ".turbo",
  ".parcel-cache",
  ".dart_tool",
  ".direnv",
  "DerivedData",
  "elm-stuff",
  "Pods",
])

const WHEN_LARGE = new Set([
  ".cache",
  ".output",
  ".build",
  "_build",
  "bin",
  "build",
  "coverage",
  "deps",
  "dist",
  "env",
  "obj",
  "out",
  "target",
  "third_party",
  "vendor",
  "venv",
])

/** Cargo and others mark their folders (bford.info/cachedir), Python its environments. */
function isCache(path: string): boolean {
  return existsSync(join(path, "CACHEDIR.TAG")) || existsSync(join(path, "pyvenv.cfg"))
}
