import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { type BuildFacts, COMPILE_FLAGS, compile } from "./flags.ts"
import { packedPlaywright } from "./playwright.ts"

export const ROOT = join(import.meta.dir, "../../..")
export const BINARY = join(ROOT, "dist/skein")
const STAMP = join(ROOT, "dist/skein.stamp")
const ENTRY = join(ROOT, "apps/skein/src/main.ts")
/** Code that runs in a thread of its own. Nothing imports it, so it is named here. */
export const WORKERS = [
  "packages/highlight/src/worker.ts",
  "adapters/outline/src/worker.ts",
  "adapters/web/src/documents/worker.ts",
].map((path) => join(ROOT, path))

/** Whether there is an application to compile. */
export function hasApplication(): boolean {
  return existsSync(ENTRY)
}

/** Makes `dist/skein` unless it is already the product of these sources. Says what it did. */
export async function ensureBinary(): Promise<"made" | "kept"> {
  const stamp = sourceStamp()
  if (existsSync(BINARY) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return "kept"
  await makeBinary()
  writeFileSync(STAMP, stamp)
  return "made"
}

/** Compiles `dist/skein`. The new binary takes the old one's place in one step, so a running one is not disturbed. */
export async function makeBinary(): Promise<BuildFacts> {
  // In a folder of its own: the compiler leaves the source maps it has embedded beside what it makes.
  const making = `${dirname(BINARY)}/making-${process.pid}`
  mkdirSync(making, { recursive: true })
  try {
    const assets = [...programsToEmbed(), await packedPlaywright(ROOT, making)]
    const facts = buildFacts(assets)
    await compile(ENTRY, `${making}/skein`, { root: ROOT, facts, assets, workers: WORKERS })
    renameSync(`${making}/skein`, BINARY)
    return facts
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

export function buildFacts(assets: readonly string[]): BuildFacts {
  const { version } = JSON.parse(readFileSync(join(ROOT, "apps/skein/package.json"), "utf8")) as { version: string }
  const hashes = assets.map((path) => [path.split("/").at(-1) ?? path, sha256(readFileSync(path))] as const)
  return { version, commit: commitId(), assets: Object.fromEntries(hashes) }
}

function commitId(): string {
  if (Bun.which("git") === null) return "unknown"
  const git = (...args: string[]) => Bun.spawnSync(["git", ...args], { cwd: ROOT, stderr: "ignore" })
  const head = git("rev-parse", "--short=12", "HEAD")
  if (!head.success) return "unknown"
  const hasChanged = git("status", "--porcelain", "--untracked-files=no").stdout.length > 0
  return `${head.stdout.toString().trim()}${hasChanged ? "+" : ""}`
}

/** Who may declare the package that brings ripgrep. */
const RIPGREP_USERS = ["adapters/tools", "packages/host", "apps/skein"]

/** Programs that travel inside the binary. The host writes them to the cache folder on first use and checks the hash. */
export function programsToEmbed(): string[] {
  const rg = RIPGREP_USERS.map((user) => ripgrepOf(join(ROOT, user))).find((path) => path !== undefined)
  return rg === undefined ? [] : [rg]
}

function ripgrepOf(folder: string): string | undefined {
  const wrapper = join(folder, "node_modules/@vscode/ripgrep/package.json")
  if (!existsSync(wrapper)) return
  const platform = `@vscode/ripgrep-${process.platform}-${process.arch}/package.json`
  // The platform's package is a neighbour of the wrapper's real place, not of the link to it.
  const rg = join(dirname(Bun.resolveSync(platform, dirname(realpathSync(wrapper)))), "bin/rg")
  if (!existsSync(rg))
    throw new Error(`@vscode/ripgrep is installed without its program: ${rg} is missing. Run: bun install`)
  return rg
}

/** One hash over everything the binary is made of: sources, versions, flags, commit and the compiler itself. */
function sourceStamp(): string {
  const hash = new Bun.CryptoHasher("sha256")
  hash.update(JSON.stringify([Bun.version, Bun.revision, COMPILE_FLAGS, commitId()]))
  const glob = new Bun.Glob("{apps,frontends,adapters,packages}/*/{package.json,{src,demo}/**/*}")
  const paths = [...glob.scanSync({ cwd: ROOT, onlyFiles: true })].filter((path) => !/\.test\.tsx?$/.test(path))
  for (const path of [...paths, "bun.lock", "tsconfig.base.json", "tsconfig.json"].toSorted()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  }
  return hash.digest("hex")
}

function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex")
}

/** What the binary weighs, and of what: the runtime it carries, the programs inside, and what is ours. */
export function weigh(binary: string, assets: readonly string[]): string {
  const runtime = statSync(process.execPath).size
  const embedded = assets.map((path) => [path.split("/").at(-1), statSync(path).size] as const)
  const total = statSync(binary).size
  const own = total - runtime - embedded.reduce((sum, [, size]) => sum + size, 0)
  const parts = [["Bun", runtime] as const, ...embedded, ["skein", own] as const]
  return `${megabytes(total)}: ${parts.map(([name, size]) => `${name} ${megabytes(size)}`).join(", ")}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
