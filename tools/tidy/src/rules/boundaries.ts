import { posix } from "node:path"
import { COMPOSER, LOOKS_BEFORE, NAMED_ANYWHERE_ABOVE, RUNS_APART, SEES_CORE, TEST_ONLY } from "../layers.ts"
import type { Finding, Rule } from "../rule.ts"
import { type Import, importsOf } from "../source/imports.ts"
import { type Package, packageAt, packagesOf, resolve } from "../source/packages.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

export const importsStayInside: Rule = {
  name: "a file imports files of its own package, entries of declared packages, and the platform",
  why: "an import past a package.json is a dependency nobody can see",
  instead: "import the package by name through an entry of its `exports`; declare it if the layer table allows",
  check: (tree) => everyImport(tree, outside),
}

function outside({ tree, packages, own, path, found }: Place): string[] {
  const target = resolve(packages, path, found.specifier)
  if (target.kind === "platform") return []
  if (target.kind === "file") {
    if (own.dir !== "" && !target.path.startsWith(`${own.dir}/`))
      return [`reaches out of its package: ${found.specifier}`]
    if (!tree.files.has(target.path)) return [`names a file that is not there: ${found.specifier}`]
    return posix.extname(target.path) === "" ? [`names no file extension: ${found.specifier}`] : []
  }
  if (target.name === own.name) return [`imports its own package by name: ${found.specifier}`]
  const isDeclared = target.name in own.dependencies
  const isForTests = target.name in own.devDependencies
  // A type is gone when it runs, so a library of types alone may be a development dependency.
  const mayUse = isTest(path) || own.dir === "" || (found.kind === "type" && !target.name.startsWith("@skein/"))
  if (!isDeclared && !(isForTests && mayUse)) {
    return [
      isForTests
        ? `needs ${target.name} outside tests`
        : `imports ${target.name}, which its package.json does not declare`,
    ]
  }
  const isOurs = target.name.startsWith("@skein/")
  return isOurs && target.file === undefined ? [`${found.specifier} is no entry of ${target.name}`] : []
}

export const portsOnly: Rule = {
  name: "only host and test kit see the whole core; an adapter sees its ports",
  why: "an adapter that knows how the loop works can no longer be replaced without knowing it too",
  instead: "import from @skein/core/ports; what is missing there is a gap in the port",
  check: (tree) =>
    everyImport(tree, ({ own, path, found }) =>
      found.specifier === "@skein/core" && !SEES_CORE.includes(own.dir) && !isTest(path) ? ["imports @skein/core"] : [],
    ),
}

export const testKitInTests: Rule = {
  name: "the test kit is imported by tests only",
  why: "what ships must not carry scripted models and memory ports",
  instead: "move the code into a test, or the thing it needs out of the test kit",
  check: (tree) =>
    everyImport(tree, ({ path, found }) =>
      TEST_ONLY.some((name) => found.specifier.startsWith(name)) && !isTest(path) ? [`imports ${found.specifier}`] : [],
    ),
}

export const oneComposer: Rule = {
  name: "one file names adapters: packages/host/src/compose.ts",
  why: "who answers a port is decided in one place, so that another choice is one line",
  instead: "take the port as an argument and let compose.ts pass the adapter in",
  check: (tree) =>
    everyImport(tree, ({ packages, own, path, found }) => {
      const target = resolve(packages, path, found.specifier)
      const named = target.kind === "package" ? packages.find(({ name }) => name === target.name) : undefined
      if (named === undefined || !named.dir.startsWith("adapters/") || named.dir === own.dir) return []
      const isExcepted = path === COMPOSER || path === LOOKS_BEFORE || path === RUNS_APART
      if (isExcepted || isTest(path) || named.name in NAMED_ANYWHERE_ABOVE) return []
      return [`names the adapter ${named.name}`]
    }),
}

interface Place {
  readonly tree: Tree
  readonly packages: readonly Package[]
  readonly own: Package
  readonly path: string
  readonly found: Import
}

function everyImport(tree: Tree, judge: (place: Place) => string[]): Finding[] {
  const packages = packagesOf(tree)
  return [...tree.files].flatMap(([path, text]) => {
    const own = packageAt(packages, path)
    if (!isSource(path) || own === undefined) return []
    return importsOf(text).flatMap((found) =>
      judge({ tree, packages, own, path, found }).map((what) => ({ path, line: found.line, what })),
    )
  })
}
