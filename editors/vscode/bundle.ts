// Makes dist/: the extension as one file, the page's script and style. `npm run bundle`; a folder may be named to write to.
import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"

const ROOT = import.meta.dir
const out = process.argv[2] ?? join(ROOT, "dist")

mkdirSync(out, { recursive: true })
await bundle(join(ROOT, "src/extension.ts"), "extension.cjs", { target: "node", format: "cjs", external: ["vscode"] })
await bundle(join(ROOT, "page/page.ts"), "page.js", { target: "browser", format: "iife" })
copyFileSync(join(ROOT, "page/page.css"), join(out, "page.css"))

async function bundle(entry: string, name: string, options: Partial<Bun.BuildConfig>): Promise<void> {
  const made = await Bun.build({ entrypoints: [entry], minify: { syntax: true, whitespace: true }, ...options })
  if (!made.success) throw new AggregateError(made.logs, `Cannot bundle ${entry}.`)
  const [file] = made.outputs
  if (file === undefined) throw new Error(`Nothing came of ${entry}.`)
  await Bun.write(join(out, name), file)
  console.log(`${join(out, name)}  ${Math.ceil(file.size / 1024)} kB`)
}
