import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const FILES_PER_FOLDER = 100
const FOLDERS_PER_AREA = 25

/** How often each word stands in the tree: in one file of so many. */
export const WORDS = { rareNeedle: 10_000, usualNeedle: 500, commonNeedle: 4 } as const

/** A tree of code that is always the same: folders in folders, some of it ignored. Made once for a folder. */
export function treeOf(folder: string, files: number): string {
  const made = join(folder, `.made-${files}`)
  if (existsSync(made)) return folder
  rmSync(folder, { recursive: true, force: true })
  for (let at = 0; at < files; at++) {
    const place = at / FILES_PER_FOLDER
    const below = join(folder, `area${Math.floor(place / FOLDERS_PER_AREA)}`, `part${Math.floor(place)}`)
    if (at % FILES_PER_FOLDER === 0) mkdirSync(below, { recursive: true })
    const isPython = at % 5 === 0
    writeFileSync(join(below, `file${at}.${isPython ? "py" : "ts"}`), isPython ? pythonOf(at) : scriptOf(at, files))
  }
  writeFileSync(join(folder, ".gitignore"), "ignored/\n*.log\n")
  mkdirSync(join(folder, "ignored"))
  for (let at = 0; at < files / 100; at++) writeFileSync(join(folder, "ignored", `x${at}.ts`), "commonNeedle\n")
  writeFileSync(made, "")
  return folder
}

function scriptOf(at: number, files: number): string {
  const others = [1, 7, 100, 1_003].map((step) => (at * 31 + step) % files)
  const uses = others.map((other) => `  use(functionNumber${other}(first, second), "${wordOf(at)}")`)
  return [
    `// The file with the number ${at}, of a tree that is made up`,
    ...others.map(
      (other) => `import { functionNumber${other} } from "../part${Math.floor(other / FILES_PER_FOLDER)}/file${other}"`,
    ),
    `export interface OptionsOf${at} {\n  readonly first: string\n  readonly second: number\n}`,
    `export function functionNumber${at}(first: string, second: number): void {`,
    ...uses,
    "}",
    `export class Holder${at} {\n  #held = new Map<string, number>()\n  take(name: string): number | undefined {\n    return this.#held.get(name)\n  }\n}`,
    ...Array.from({ length: 12 }, (_, line) => `const local${line} = [${line}, ${at}].map((one) => one * ${line + 1})`),
    "",
  ].join("\n")
}

function pythonOf(at: number): string {
  return [
    `"""The module with the number ${at}."""`,
    "import os",
    `class Module${at}:\n    def run(self, first, second):\n        return os.path.join(first, "${wordOf(at)}")`,
    `def make_module_${at}():\n    return Module${at}().run("a", ${at})`,
    "",
  ].join("\n")
}

function wordOf(at: number): string {
  return Object.entries(WORDS)
    .filter(([, every]) => at % every === 3 % every)
    .map(([word]) => word)
    .join(" ")
}
