// Makes what the VS Code extension ships: itself as one file, and the page's script and style. `npm run vscode`, or with a
// folder to write to.
import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"

const EXTENSION = join(import.meta.dir, "../../editors/vscode")
const out = process.argv[2] ?? join(EXTENSION, "dist")

mkdirSync(out, { recursive: true })
await bundle("src/extension.ts", "extension.cjs", { target: "node", format: "cjs", external: ["vscode"] })
await bundle("page/page.ts", "page.js", { target: "browser", format: "iife" })
copyFileSync(join(EXTENSION, "page/page.css"), join(out, "page.css"))

async function bundle(entry: string, name: string, options: Partial<Bun.BuildConfig>): Promise<void> {
  const minify = { syntax: true, whitespace: true }
  const made = await Bun.build({ entrypoints: [join(EXTENSION, entry)], minify, ...options })
  if (!made.success) throw new AggregateError(made.logs, `Cannot bundle ${entry}.`)
  const [file] = made.outputs
  if (file === undefined) throw new Error(`Nothing came of ${entry}.`)
  await Bun.write(join(out, name), file)
  console.log(`${join(out, name)}  ${Math.ceil(file.size / 1024)} kB`)
}
