import { posix } from "node:path"
import type { Rule } from "../rule.ts"
import { stringsOf } from "../source/imports.ts"
import { neighbours, packageAt, packagesOf } from "../source/packages.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

export const noDeadFiles: Rule = {
  name: "every source file is reached from an entry point or a test",
  why: "a file nobody loads is read, kept up and believed for nothing",
  instead: "delete it, or import it where it is meant to be used",
  check(tree) {
    const reached = reachable(tree)
    return [...tree.files.keys()]
      .filter((path) => isSource(path) && !path.endsWith(".d.ts") && !reached.has(path))
      .map((path) => ({ path, what: "is imported by nothing" }))
  },
}

function reachable(tree: Tree): Set<string> {
  const packages = packagesOf(tree)
  const reached = new Set<string>()
  const waiting = entryPoints(tree)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    waiting.push(...neighbours(tree, packages, path, ["static", "dynamic", "type"]), ...namedByPath(tree, path))
  }
  return reached
}

/** What is started from outside: package entries, scripts, the application, tests, and files run by hand. */
function entryPoints(tree: Tree): string[] {
  const packages = packagesOf(tree)
  const scripts = packages
    .flatMap(({ scripts }) => Object.values(scripts))
    .join(" ")
    .split(/\s+/)
  const started = new Set([
    ...packages.flatMap(({ entries }) => [...entries.values()]),
    ...scripts,
    "apps/skein/src/main.ts",
  ])
  return [...tree.files].flatMap(([path, text]) =>
    started.has(path) || (isSource(path) && (/\.test\.tsx?$/.test(path) || text.startsWith("#!"))) ? [path] : [],
  )
}

/** A file that another starts as a process or reads is named in a string, not imported. */
function namedByPath(tree: Tree, path: string): string[] {
  const dir = packageAt(packagesOf(tree), path)?.dir ?? ""
  return stringsOf(tree.files.get(path) ?? "")
    .filter((text) => /^[\w./-]+\.(ts|mjs|js)$/.test(text))
    .flatMap((text) => {
      const beside = posix.join(posix.dirname(path), text)
      if (tree.files.has(beside)) return [beside]
      if (tree.files.has(text)) return [text]
      const name = posix.basename(text)
      return isTest(path) || text.includes("/")
        ? [...tree.files.keys()].filter((one) => one.startsWith(`${dir}/`) && posix.basename(one) === name)
        : []
    })
}
