import { mkdirSync, realpathSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Scene } from "./scene.ts"

const MODULES = resolve(import.meta.dir, "../../../../adapters/lsp/node_modules")
const real = (path: string) => realpathSync(join(MODULES, path))

/**
 * Settings that name the real servers, with the folders they lie in, which a server sees wherever this repository is: below
 * /tmp it would not.
 */
export function withLanguageServers(scene: Scene, more = ""): void {
  const compiler = real("typescript-5")
  const servers = real("typescript-language-server")
  const python = real("pyright")
  const node = JSON.stringify(Bun.which("node") ?? "node")
  const folder = join(scene.home, ".config/skein")
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, "config.toml"),
    `extra_roots = ${JSON.stringify([compiler, servers, python])}
${more}
[lsp.servers.typescript]
command = ${node}
args = [${JSON.stringify(join(servers, "lib/cli.mjs"))}, "--stdio"]
initialization = { tsserver = { path = ${JSON.stringify(join(compiler, "lib/tsserver.js"))} } }
[lsp.servers.python]
command = ${node}
args = [${JSON.stringify(join(python, "langserver.index.js"))}, "--stdio"]
`,
  )
}

/** Files of the project. */
export function put(scene: Scene, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(scene.path(name)), { recursive: true })
    writeFileSync(scene.path(name), text)
  }
}
