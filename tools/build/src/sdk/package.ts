import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { sdkTypes } from "./types.ts"

/**
 * Lays out the npm package of the SDK in `folder` and packs it: one file of JavaScript that needs nothing but Node or Bun, its
 * declarations, and the descriptions of the protocol. Gives the tarball's path.
 */
export async function packSdk({ root, folder }: { readonly root: string; readonly folder: string }): Promise<string> {
  const source = join(root, "packages/sdk")
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string }
  rmSync(folder, { recursive: true, force: true })
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  put("dist/index.js", (await bundled(join(source, "src/index.ts"))).replaceAll("__SDK_VERSION__", version))
  for (const [name, text] of sdkTypes(root)) put(`dist/${name}`, text)
  put("package.json", `${JSON.stringify(manifest(version), undefined, 2)}\n`)
  copyFileSync(join(source, "README.md"), join(folder, "README.md"))
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"))
  for (const name of ["skein.schema.json", "openapi.json"]) {
    copyFileSync(join(root, "docs/protocol", name), join(folder, name))
  }
  const packed = Bun.spawnSync(["npm", "pack", "--silent", "--ignore-scripts"], { cwd: folder, stderr: "inherit" })
  if (!packed.success) throw new Error(`npm pack ended with ${packed.exitCode} in ${folder}`)
  return join(folder, packed.stdout.toString().trim().split("\n").at(-1) ?? "")
}

async function bundled(entry: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "node",
    format: "esm",
    plugins: [WITHOUT_SCHEMAS],
  })
  const [output] = outputs
  if (output === undefined) throw new Error(`Nothing came of ${entry}`)
  return output.text()
}

/**
 * A client checks nothing, so it needs none of the protocol's schemas, nor zod, of which they are made. They are built when they
 * are first used; that such a call does nothing else is said here, else the bundler keeps all of them.
 */
const WITHOUT_SCHEMAS: Bun.BunPlugin = {
  name: "without schemas",
  setup(build) {
    build.onLoad({ filter: /\/packages\/protocol\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text()
      return { loader: "ts", contents: text.replaceAll(BUILT_LATER, "/* @__PURE__ */ $&") }
    })
  },
}
const BUILT_LATER = /(?<!function )\b(lazy|lazyBy|defineEvent)\(/g

function manifest(version: string): Record<string, unknown> {
  return {
    name: "@skein/sdk",
    version,
    description: "Lead skein, an AI coding agent, from a program of your own",
    license: "MIT",
    type: "module",
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./skein.schema.json": "./skein.schema.json",
      "./openapi.json": "./openapi.json",
    },
    types: "./dist/index.d.ts",
    sideEffects: false,
    files: ["dist", "skein.schema.json", "openapi.json", "README.md", "LICENSE"],
    engines: { node: ">=20" },
  }
}
