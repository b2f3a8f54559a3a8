import { posix } from "node:path"
import type { Rule } from "../rule.ts"
import { stringsOf } from "../source/imports.ts"
import { neighbours, packageAt, packagesOf } from "../source/packages.ts"
import { isSource, isTest, type Tree } from "../tree.ts"
import { documents } from "./documents.ts"

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

/** What is started from outside: package entries, scripts, the application, tests, and what a document tells to run. */
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
  const told = documents(tree).flatMap(([, text]) =>
    [...text.matchAll(/[\w./-]+\.(?:ts|mjs)\b/g)].map(([path]) => path),
  )
  for (const path of told) started.add(path)
  return [...tree.files].flatMap(([path, text]) =>
    started.has(path) || (isSource(path) && (/\.test\.tsx?$/.test(path) || text.startsWith("#!"))) ? [path] : [],
  )
}

/**
 * A file that another starts as a process or reads is named in a string, not imported. Tests and benchmarks also name
 * it without its folder, or name a folder whose files they start one by one.
 */
function namedByPath(tree: Tree, path: string): string[] {
  const paths = [...tree.files.keys()]
  const isScene = isTest(path) || path.startsWith("bench/")
  const own = `${packageAt(packagesOf(tree), path)?.dir ?? ""}/`
  return stringsOf(tree.files.get(path) ?? "").flatMap((text) => {
    if (!/^[\w./-]+$/.test(text)) return []
    const beside = posix.join(posix.dirname(path), text)
    if (!/\.(ts|mjs|js)$/.test(text)) return isScene ? paths.filter((one) => one.startsWith(`${beside}/`)) : []
    if (tree.files.has(beside)) return [beside]
    if (tree.files.has(text)) return [text]
    return isScene || text.includes("/")
      ? paths.filter((one) => one.startsWith(own) && posix.basename(one) === posix.basename(text))
      : []
  })
}
