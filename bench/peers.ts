/** Installs the peers to compare with, one prefix each, through npm alone: `npm run bench -- --install-peers`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { nodeOf } from "./agents.ts"

/**
 * Exact versions, checked afterwards: npm takes an older release in silence when the running Node is outside a
 * package's `engines`. Node comes first, it installs the rest.
 */
const PEERS: Readonly<Record<string, readonly [name: string, version: string]>> = {
  node: ["node", "26.10.0"],
  codex: ["@openai/codex", "0.169.0"],
  pi: ["@earendil-works/pi-coding-agent", "0.87.1"],
  claude: ["@anthropic-ai/claude-code", "2.1.328"],
  opencode: ["opencode-ai", "1.18.33"],
  gemini: ["@google/gemini-cli", "0.61.0"],
}

/** Not installed unless named: no gate needs them. */
const OPTIONAL: readonly string[] = ["gemini"]

/** Returns the names that could not be installed. */
export async function installPeers(peers: string, only: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const failed: string[] = []
  for (const [folder, [name, version]] of Object.entries(PEERS)) {
    const isWanted = only.length > 0 ? only.includes(folder) || folder === "node" : !OPTIONAL.includes(folder)
    if (!isWanted) continue
    const prefix = join(peers, folder)
    mkdirSync(prefix, { recursive: true })
    writeFileSync(join(prefix, "package.json"), '{"private":true}\n')
    const child = Bun.spawn(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`], {
      cwd: prefix,
      env: { ...env, PATH: `${dirname(nodeOf(peers))}:${env.PATH ?? "/usr/bin:/bin"}` },
      stdout: Bun.file(join(prefix, "install.log")),
      stderr: "inherit",
    })
    const installed = (await child.exited) === 0 ? versionAt(join(prefix, "node_modules", name)) : "nothing"
    console.log(`${folder}: ${installed === version ? version : `asked for ${version}, got ${installed}`}`)
    if (installed !== version) failed.push(folder)
  }
  return failed
}

function versionAt(path: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(path, "package.json"), "utf8"))
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "nothing"
}
