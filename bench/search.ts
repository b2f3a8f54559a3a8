/**
 * What it costs to search a large tree through the tools: `bun bench/search.ts [FILES] [ROUNDS]`. The tools and ripgrep itself take
 * turns in one run on a made-up tree, each pair in an order of chance. Then a map of the tree is made in a process of its own,
 * cold and again, and its memory watched. Exits 1 where a gate does not hold.
 */
import { readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { outline } from "../adapters/outline/src/index.ts"
import { fastest, ripgrep } from "./search/beside.ts"
import { treeOf } from "./search/tree.ts"

const RATIO_MAX = 1.3
const MAP_MB_MAX = 300
const MAP_TOKENS = 2_000
const BUDGET_SHARE_MIN = 0.95

/** Each beside what a person would type. */
const SEARCHES: readonly (readonly [name: string, tool: string, input: object, args: readonly string[]])[] = [
  ["grep, hardly any match", "grep", { pattern: "rareNeedle" }, ["-n", "rareNeedle"]],
  ["grep, some matches", "grep", { pattern: "usualNeedle" }, ["-n", "usualNeedle"]],
  ["grep, more than are shown", "grep", { pattern: "commonNeedle" }, ["-n", "commonNeedle"]],
  ["grep, a real expression", "grep", { pattern: "functionNumber\\d+99\\(" }, ["-n", "functionNumber\\d+99\\("]],
  ["grep, files only", "grep", { pattern: "usualNeedle", mode: "files" }, ["-l", "usualNeedle"]],
  ["grep, counted", "grep", { pattern: "usualNeedle", mode: "count" }, ["-c", "usualNeedle"]],
  ["glob, few", "glob", { pattern: "**/file99*.py" }, ["--files", "-g", "**/file99*.py"]],
  ["glob, all", "glob", { pattern: "**/*.ts" }, ["--files", "-g", "**/*.ts"]],
]

const [first = "100000", second = "9"] = process.argv.slice(2)
if (first === "--map") await mapOnce(second)
else process.exitCode = await main(Number(first), Number(second))

async function main(files: number, rounds: number): Promise<number> {
  const folder = treeOf(join(tmpdir(), `skein-bench-search-${files}`), files)
  console.log(`${files} files, ${rounds} rounds; the least of each`)
  const verdicts: boolean[] = []
  for (const [name, tool, input, args] of SEARCHES) {
    const { ours, theirs } = await fastest(rounds, { tool, input, args, folder })
    verdicts.push(
      gate(
        `${name} <= ${RATIO_MAX} x rg ${args.join(" ")}`,
        ours / theirs,
        RATIO_MAX,
        `${ours.toFixed(0)} / ${theirs.toFixed(0)} ms`,
      ),
    )
  }
  return [...verdicts, ...mapGates(folder)].every((isHeld) => isHeld) ? 0 : 1
}

interface Mapped {
  readonly ms: number
  readonly megabytes: number
  readonly tokens: number
  readonly filesRead: number
  readonly filesAll: number
}

function mapGates(folder: string): boolean[] {
  const cacheDir = `${folder}-cache`
  rmSync(cacheDir, { recursive: true, force: true })
  const cold: Mapped[] = []
  do cold.push(mapIn(folder))
  while (cold.length < 40 && (cold.at(-1)?.filesRead ?? 0) < (cold.at(-1)?.filesAll ?? 0))
  const again = mapIn(folder)
  const coldMs = cold.reduce((sum, { ms }) => sum + ms, 0)
  console.log(
    `map: read in ${(coldMs / 1000).toFixed(1)} s by ${cold.length} calls, again in ${again.ms.toFixed(0)} ms`,
  )
  const megabytes = Math.max(...[...cold, again].map((one) => one.megabytes))
  const budgets = [...cold, again].map(({ tokens }) => tokens / MAP_TOKENS)
  return [
    gate(
      "all of the tree was read",
      1 - again.filesRead / again.filesAll,
      0,
      `${again.filesRead} of ${again.filesAll}`,
    ),
    gate(`memory of the process <= ${MAP_MB_MAX} MB`, megabytes, MAP_MB_MAX, "its kernel mark, at most"),
    gate("the map is within its budget", Math.max(...budgets), 1, `${again.tokens.toFixed(0)} of ${MAP_TOKENS} tokens`),
    gate("the map uses its budget", BUDGET_SHARE_MIN / Math.min(...budgets), 1, `at least ${BUDGET_SHARE_MIN}`),
  ]
}

function mapIn(folder: string): Mapped {
  const { stdout } = Bun.spawnSync([process.execPath, import.meta.path, "--map", folder], { stderr: "inherit" })
  return JSON.parse(stdout.toString()) as Mapped
}

async function mapOnce(folder: string): Promise<void> {
  const listed = Bun.spawnSync([ripgrep, "--no-config", "--no-require-git", "--files"], {
    cwd: folder,
    maxBuffer: 100_000_000,
  }).stdout
  const code = outline({ cacheDir: `${folder}-cache` })
  const tree = { root: folder, files: listed.toString().split("\n").slice(0, -1) }
  const begun = performance.now()
  const { text, filesAll, filesRead } = await code.map(
    tree,
    { tokensMax: MAP_TOKENS, focus: [], within: "" },
    new AbortController().signal,
  )
  const ms = performance.now() - begun
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"
  console.log(JSON.stringify({ ms, megabytes: Number(peak) / 1e3, tokens: text.length / 3.5, filesAll, filesRead }))
  code.close()
}

function gate(name: string, value: number, most: number, note: string): boolean {
  console.log(`${value <= most ? "PASS" : "FAIL"} ${name}: ${value.toFixed(2)} (${note})`)
  return value <= most
}
