import { isWithin } from "@skein/protocol"

/** Folders that hold what others wrote, wherever they stand in a workspace. In lower case: some file systems do not care. */
const VENDORED: ReadonlySet<string> = new Set([
  ...["node_modules", "bower_components", "jspm_packages", ".yarn", ".pnpm-store"],
  ...["vendor", "vendors", "third_party", "third-party", "thirdparty", "3rdparty"],
  ...[".venv", "venv", ".tox", ".nox", "site-packages", "dist-packages", "__pypackages__", ".eggs"],
  ...["target", ".cargo", ".gradle", ".m2", "pods", "carthage", "deriveddata", ".build"],
  ...[".bundle", "elm-stuff", ".stack-work", "dist-newstyle", ".dart_tool", ".pub-cache"],
])

/**
 * Whether a file of the workspace was brought in from elsewhere: the first folder of its path, below its root, that holds
 * dependencies. A workspace that is itself such a folder is one that the person opened, and its own.
 */
export function vendoredFolder(path: string, roots: readonly string[]): string | undefined {
  const root = roots.filter((folder) => isWithin(path, folder)).toSorted((a, b) => b.length - a.length)[0]
  return vendoredIn(root === undefined ? path : path.slice(root.length))
}

/** The first folder of a path that holds dependencies, whatever it is relative to. */
export function vendoredIn(path: string): string | undefined {
  return path.split("/").find((name) => VENDORED.has(name.toLowerCase()))
}
