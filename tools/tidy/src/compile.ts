import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { codeBlocks } from "./rules/documents.ts"
import { packagesOf } from "./source/packages.ts"
import type { Tree } from "./tree.ts"

/** What the compiler says of a project; "" when it has nothing to say. Paths are relative to the root. */
export async function compile(root: string, project: string): Promise<string> {
  const child = Bun.spawn([join(root, "node_modules/.bin/tsc"), "-p", project, "--pretty", "false"], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  const said = `${out}${errors}`.trim()
  return code === 0 ? said : said || `tsc ended with ${code}`
}

/** One use of each thing a pure package must not know, each expected to be a compile error. */
export const PLATFORM_PROBE = [
  'await import("node:fs")',
  "process.env",
  "Bun.version",
  'fetch("x")',
  "console.log(1)",
  "setTimeout(() => {}, 1)",
]
  .map((use) => `// @ts-expect-error a pure package does not know this\n${use}\n`)
  .join("")
  .concat("export {}\n")

/** A project of the package's own files and the probe, under the package's own settings. It compiles if the package is pure. */
export function pureProject(root: string, folder: string, dir: string): string {
  const own = JSON.parse(readFileSync(join(root, dir, "tsconfig.json"), "utf8")) as { include: string[] }
  return writeProject(join(folder, dir.replaceAll("/", "-")), {
    extends: join(root, dir, "tsconfig.json"),
    include: ["probe.ts", ...own.include.map((pattern) => join(root, dir, pattern))],
    exclude: [join(root, "**/*.test.ts")],
  })
}

/** The probe under settings that know the platform: it must not compile, or it proves nothing. */
export function platformProject(root: string, folder: string): string {
  return writeProject(join(folder, "platform"), {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: { lib: ["ESNext"], types: ["bun"], typeRoots: [join(root, "node_modules/@types")] },
    include: ["probe.ts"],
  })
}

function writeProject(folder: string, settings: unknown): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "probe.ts"), PLATFORM_PROBE)
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings))
  return join(folder, "tsconfig.json")
}

/** A project of every fenced `ts` block in the documents. A block's file is named for the place it stands at. */
export function documentProject(root: string, folder: string, documents: Tree): { project: string; blocks: number } {
  const target = join(folder, "documents")
  mkdirSync(target, { recursive: true })
  const blocks = codeBlocks(documents)
  for (const { path, line, code } of blocks) {
    writeFileSync(join(target, `${path.replaceAll(/[^\w-]/g, "-")}-line-${line}.ts`), `${code}\nexport {}\n`)
  }
  writeFileSync(join(target, "none.ts"), "export {}\n")
  const settings = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      lib: ["ESNext"],
      types: ["bun"],
      typeRoots: [join(root, "node_modules/@types")],
      paths: entryPaths(root, documents),
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    // A block that embeds the engine reaches modules whose files travel inside the binary.
    include: ["*.ts", ...[...documents.files.keys()].filter(isFilesDeclared).map((path) => join(root, path))],
  }
  writeFileSync(join(target, "tsconfig.json"), JSON.stringify(settings))
  return { project: join(target, "tsconfig.json"), blocks: blocks.length }
}

const isFilesDeclared = (path: string) => path.endsWith("-files.d.ts")

/** So that a block may import every package of the workspace by name. */
function entryPaths(root: string, documents: Tree): Record<string, string[]> {
  return Object.fromEntries(
    packagesOf(documents).flatMap(({ name, entries }) =>
      [...entries].map(([subpath, file]) => [`${name}${subpath.slice(1)}`, [join(root, file)]]),
    ),
  )
}
