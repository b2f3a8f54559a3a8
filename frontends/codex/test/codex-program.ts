import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/** Codex's own program, which comes with its SDK, for this platform; undefined where there is none. */
export const codex = process.platform === "linux" ? found() : undefined
if (codex === undefined) console.warn("Skipped: Codex's own program, because it is not there for this platform.")

function found(): string | undefined {
  const targets: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" }
  try {
    const sdk = dirname(Bun.resolveSync("@openai/codex-sdk", import.meta.dir))
    const manifest = createRequire(join(sdk, "index.js")).resolve("@openai/codex/package.json")
    const name = `@openai/codex-linux-${process.arch}/package.json`
    const folder = join(dirname(createRequire(manifest).resolve(name)), "vendor")
    const paths = ["bin/codex", "codex/codex"]
    return paths
      .map((path) => join(folder, `${targets[process.arch]}-unknown-linux-musl`, path))
      .find((path) => existsSync(path))
  } catch {
    return undefined
  }
}
