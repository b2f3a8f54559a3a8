import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** Where its package is declared. */
const USER = "adapters/web"
/** Where it believes to lie, in the binary: `adapters/web/src/browser/leader.ts` knows it too. No such folder is on a disk. */
const FOLDER = "/$bunfs/playwright-core"
/** What it reads of its package while it starts. */
const FILES = ["package.json", "browsers.json"]

/**
 * Makes the library that leads browsers into one packed file, and tells its path: its code as CommonJS, and those files.
 * 0.8 MB; as a part of skein's own code it would be 21 with its bytecode and source map, cost every start 2 MB of memory, and
 * look for its files where they lay on the machine that it was made on.
 */
export async function packedPlaywright(root: string, folder: string): Promise<string> {
  const entry = Bun.resolveSync("playwright-core", join(root, USER))
  const define = { __dirname: JSON.stringify(`${FOLDER}/lib`), __filename: JSON.stringify(`${FOLDER}/lib/index.js`) }
  const made = await Bun.build({ entrypoints: [entry], target: "bun", format: "cjs", minify: true, define })
  const [bundle] = made.outputs
  if (bundle === undefined) throw new Error(`Cannot bundle ${entry}:\n${made.logs.join("\n")}`)
  const files = FILES.map((name) => [`${FOLDER}/${name}`, readFileSync(join(dirname(entry), name), "utf8")])
  const packed = JSON.stringify({ code: await bundle.text(), files: Object.fromEntries(files) })
  const path = join(folder, "playwright-core.zst")
  writeFileSync(path, Bun.zstdCompressSync(packed, { level: 19 }))
  return path
}
