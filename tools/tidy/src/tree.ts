import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The repository as data: every file git would track, by its path from the root, with its text. */
export interface Tree {
  /** Path with `/` → text. A binary file has the text "". */
  readonly files: ReadonlyMap<string, string>
}

/** A tree from literal files, for a test that shows a rule fire. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return { files: new Map(Object.entries(files)) }
}

/** The tree on disk: what git tracks or would track. Outside a git checkout, everything but installed and built files. */
export function readTree(root: string): Tree {
  const files = new Map<string, string>()
  for (const path of pathsOf(root).toSorted()) {
    const text = textOf(join(root, path))
    if (text !== undefined) files.set(path, text)
  }
  return { files }
}

function pathsOf(root: string): string[] {
  try {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    })
    return [...new Set(listed.split("\0"))].filter((path) => path !== "")
  } catch {
    return walk(root, "")
  }
}

const NOT_OURS = new Set(["node_modules", "dist", ".git", ".work"])

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(root, path)
    return entry.isFile() ? [path] : []
  })
}

/** Undefined for a file that is listed but gone: another process may be moving it. */
function textOf(path: string): string | undefined {
  try {
    const bytes = readFileSync(path)
    return bytes.includes(0) ? "" : bytes.toString("utf8")
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "EISDIR")) return
    throw cause
  }
}

/** Recorded or sample data: the house rules are about what we write, not about what we keep as evidence. What ships is written. */
export function isEvidence(path: string): boolean {
  return /(^|\/)(test\/fixtures|cassettes|demo)\//.test(path)
}

/** TypeScript and JavaScript written by us. */
export function isSource(path: string): boolean {
  return /\.(ts|tsx|mjs|js)$/.test(path) && !isEvidence(path)
}

/** Code that only runs in tests: a test, what stands in a `test` folder, the test kit. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)test\//.test(path) || path.startsWith("packages/testkit/")
}
