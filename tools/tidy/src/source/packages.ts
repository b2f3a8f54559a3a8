import { posix } from "node:path"
import type { Tree } from "../tree.ts"
import { importsOf } from "./imports.ts"

/** A workspace package as its package.json describes it. */
export interface Package {
  /** Folder from the root; "" for the workspace itself. */
  readonly dir: string
  readonly name: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  /** Subpath ("." or "./ports") → file from the root. */
  readonly entries: ReadonlyMap<string, string>
  readonly scripts: Readonly<Record<string, string>>
}

export function packagesOf(tree: Tree): Package[] {
  return [...tree.files].flatMap(([path, text]) =>
    /^((apps|frontends|adapters|packages|editors|tools)\/[^/]+\/)?package\.json$/.test(path)
      ? [packageOf(path, text)]
      : [],
  )
}

function packageOf(path: string, text: string): Package {
  const dir = posix.dirname(path) === "." ? "" : posix.dirname(path)
  const json = JSON.parse(text) as {
    name?: string
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
    optionalDependencies?: Record<string, string>
    exports?: Record<string, string>
    scripts?: Record<string, string>
  }
  return {
    dir,
    name: json.name ?? "",
    dependencies: json.dependencies ?? {},
    // What only some platforms have a package of is as much a dependency there.
    devDependencies: { ...json.devDependencies, ...json.optionalDependencies },
    entries: new Map(Object.entries(json.exports ?? {}).map(([key, file]) => [key, posix.join(dir, file)])),
    scripts: json.scripts ?? {},
  }
}

/** The package a file belongs to: the one with the longest folder above it. */
export function packageAt(packages: readonly Package[], path: string): Package | undefined {
  return packages
    .filter(({ dir }) => dir === "" || path.startsWith(`${dir}/`))
    .toSorted((a, b) => b.dir.length - a.dir.length)[0]
}

/** Where an import leads: a file of this tree, a package by name, or the platform. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "package"; readonly name: string; readonly file?: string | undefined; readonly subpath: string }
  | { readonly kind: "platform"; readonly name: string }

export function resolve(packages: readonly Package[], from: string, specifier: string): Target {
  if (specifier.startsWith(".")) return { kind: "file", path: posix.join(posix.dirname(from), specifier) }
  const isOfEditor = specifier === "vscode" && from.startsWith("editors/")
  if (/^(node|bun):/.test(specifier) || specifier === "bun" || isOfEditor) return { kind: "platform", name: specifier }
  const parts = specifier.split("/")
  const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/")
  const subpath = [".", ...parts.slice(specifier.startsWith("@") ? 2 : 1)].join("/")
  const file = packages.find((one) => one.name === name)?.entries.get(subpath)
  return { kind: "package", name, file, subpath }
}

/** The files of this tree that a file imports. Which kinds count is the caller's question. */
export function neighbours(
  tree: Tree,
  packages: readonly Package[],
  path: string,
  kinds: readonly ("static" | "dynamic" | "type")[],
): string[] {
  return importsOf(tree.files.get(path) ?? "").flatMap(({ specifier, kind }) => {
    if (!kinds.includes(kind)) return []
    const target = resolve(packages, path, specifier)
    const file = target.kind === "file" ? target.path : target.kind === "package" ? target.file : undefined
    return file !== undefined && tree.files.has(file) ? [file] : []
  })
}
