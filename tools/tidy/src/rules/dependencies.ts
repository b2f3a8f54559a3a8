import { COMPOSES, LAYERS, type Layer, ROOT_TOOLS, TEST_ONLY } from "../layers.ts"
import type { Finding, Rule } from "../rule.ts"
import { type Package, packagesOf } from "../source/packages.ts"
import type { Tree } from "../tree.ts"

export const layerTable: Rule = {
  name: "each package.json declares exactly what the layer table gives it",
  why: "a package sees what it declares and nothing else, so these lists are the architecture",
  instead:
    "move the code to the layer that may know this, ask through a port or the protocol, or change layers.ts first",
  check(tree) {
    const packages = packagesOf(tree)
    return packages.filter(({ dir }) => dir !== "").flatMap((one) => offLayer(one, packages))
  },
}

function offLayer(one: Package, packages: readonly Package[]): Finding[] {
  const path = `${one.dir}/package.json`
  const layer = layerOf(one, packages)
  if (layer === undefined) return [{ path, what: "stands in no layer" }]
  const declared = Object.keys(one.dependencies)
  const skein = declared.filter((name) => name.startsWith("@skein/"))
  return [
    ...skein.filter((name) => !layer.skein.includes(name)).map((name) => ({ path, what: `may not depend on ${name}` })),
    ...layer.skein.filter((name) => !skein.includes(name)).map((name) => ({ path, what: `does not declare ${name}` })),
    ...declared
      .filter((name) => !name.startsWith("@skein/") && layer.others !== "documented" && !layer.others.includes(name))
      .map((name) => ({ path, what: `may not depend on the third-party package ${name}` })),
    ...Object.keys(one.devDependencies)
      .filter((name) => name.startsWith("@skein/") && !TEST_ONLY.includes(name) && !layer.skein.includes(name))
      .map((name) => ({ path, what: `may not depend on ${name}, not even in tests` })),
  ]
}

function layerOf(one: Package, packages: readonly Package[]): Layer | undefined {
  const composes = COMPOSES[one.dir]
  if (composes === undefined) return LAYERS[one.dir] ?? LAYERS[`${one.dir.split("/")[0]}/*`]
  const all = packages.filter(({ dir }) => dir.startsWith(composes.all)).map(({ name }) => name)
  return { skein: [...new Set([...composes.skein, ...all])], others: "documented" }
}

export const rootHoldsTools: Rule = {
  name: "the workspace's own package.json depends on tools only",
  why: "every package can import what the root depends on without declaring it, so a library there undoes the layers",
  instead: "declare the library in the package that uses it",
  check(tree) {
    const root = packagesOf(tree).find(({ dir }) => dir === "")
    if (root === undefined) return []
    const libraries = [
      ...Object.keys(root.dependencies),
      ...Object.keys(root.devDependencies).filter((name) => !ROOT_TOOLS.includes(name)),
    ]
    return libraries.map((name) => ({ path: "package.json", what: `depends on ${name}` }))
  },
}

export const exactVersions: Rule = {
  name: "every dependency has one exact version",
  why: "a range lets a published package change what we ship between two builds",
  instead: 'write the version as "1.2.3", and "workspace:*" for a package of this workspace',
  check(tree) {
    return packagesOf(tree).flatMap((one) =>
      Object.entries({ ...one.dependencies, ...one.devDependencies })
        .filter(([name, version]) => !isExact(name, version))
        .map(([name, version]) => ({
          path: `${one.dir}/package.json`.replace(/^\//, ""),
          what: `${name} is "${version}"`,
        })),
    )
  },
}

function isExact(name: string, version: string): boolean {
  // A second version of a package is had under a name of its own: `npm:typescript@5.9.3`.
  return name.startsWith("@skein/")
    ? version === "workspace:*"
    : /^(npm:[@\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
}

const DOCUMENT = "docs/dependencies.md"

export const documentedDependencies: Rule = {
  name: "every third-party package has a row in docs/dependencies.md, with its version and reason",
  why: "a dependency is code of ours that others wrote: someone must be able to ask why it is here",
  instead: "add, correct or remove the row `| name | version | why | size | import cost |`",
  check(tree) {
    const rows = rowsOf(tree.files.get(DOCUMENT) ?? "")
    const used = new Map<string, Set<string>>()
    for (const one of packagesOf(tree)) {
      for (const [name, version] of Object.entries({ ...one.dependencies, ...one.devDependencies })) {
        if (!name.startsWith("@skein/")) used.set(name, (used.get(name) ?? new Set()).add(version))
      }
    }
    return [
      ...[...used].flatMap(([name, versions]) => badRow(name, [...versions], rows.get(name))),
      ...[...rows.keys()]
        .filter((name) => !used.has(name))
        .map((name) => ({ path: DOCUMENT, what: `${name} is no dependency any more` })),
    ]
  },
}

function badRow(name: string, versions: readonly string[], row: readonly string[] | undefined): Finding[] {
  if (row === undefined) return [{ path: DOCUMENT, what: `${name} has no row` }]
  const [, version = "", why = ""] = row
  const wrong = versions.filter((one) => one !== version)
  return [
    ...wrong.map((one) => ({ path: DOCUMENT, what: `${name} is used in version ${one}, the row says ${version}` })),
    ...(why.length < 8 ? [{ path: DOCUMENT, what: `${name} has no reason` }] : []),
  ]
}

/** Package name → cells of its row. Headings and rules are rows without a version. */
function rowsOf(document: string): Map<string, string[]> {
  const rows = document
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    )
  return new Map(rows.filter((cells) => /^(npm:|\d)/.test(cells[1] ?? "")).map((cells) => [cells[0] ?? "", cells]))
}

export const usedDependencies: Rule = {
  name: "every declared third-party package is used by the package that declares it",
  why: "an unused dependency is installed, audited and updated for nothing",
  instead: "remove it from package.json (and its row), or move it to the package that uses it",
  check(tree: Tree) {
    return packagesOf(tree)
      .filter(({ dir }) => dir !== "")
      .flatMap((one) => {
        const texts = [...tree.files].filter(
          ([path]) => path.startsWith(`${one.dir}/`) && !path.endsWith("package.json"),
        )
        return Object.keys({ ...one.dependencies, ...one.devDependencies })
          .filter((name) => !name.startsWith("@skein/") && !texts.some(([, text]) => names(text, described(name))))
          .map((name) => ({ path: `${one.dir}/package.json`, what: `${name} is named in none of its files` }))
      })
  },
}

/** Types alone are used where what they describe is. */
function described(name: string): string {
  return name.replace(/^@types\//, "")
}

function names(text: string, name: string): boolean {
  return text.includes(`"${name}"`) || text.includes(`"${name}/`) || text.includes(`"${name}-`)
}
