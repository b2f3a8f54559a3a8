/**
 * What confinement costs: `bun bench/sandbox.ts [ROUNDS]`. A plain spawn and a confined command take turns in one run, so
 * that what else the machine does falls on both; exit 1 when a gate fails.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type ClosableExec, exec } from "../adapters/sandbox/src/index.ts"
import { medianOf } from "./samples.ts"

/** A confined command that is not the first, against a plain spawn. */
const WARM_RATIO_MAX = 1.5
/** A first command, above a plain spawn. */
const FIRST_ABOVE_MS_MAX = 30
const ROUNDS = 300
const FIRST_ROUNDS = 15

const folder = realpathSync(mkdtempSync("/var/tmp/skein-bench-"))
try {
  const rounds = Number(process.argv[2] ?? ROUNDS)
  const { warm, plain } = await warmAndPlain(rounds)
  const first = await firsts()
  const { low, kb } = { low: quarterOf(warm) / quarterOf(plain), kb: await hostKilobytes() }
  const ratio = medianOf(warm) / medianOf(plain)
  const above = medianOf(first) - medianOf(plain)
  console.log(`plain spawn, ms: median ${medianOf(plain).toFixed(2)}, a quarter under ${quarterOf(plain).toFixed(2)}`)
  console.log(`confined, warm, ms: median ${medianOf(warm).toFixed(2)}, a quarter under ${quarterOf(warm).toFixed(2)}`)
  console.log(`confined, first, ms: median ${medianOf(first).toFixed(1)}`)
  console.log(`a host's own memory: ${(kb / 1024).toFixed(1)} MB`)
  const isKept = [
    gate(`warm <= ${WARM_RATIO_MAX} x plain`, ratio, WARM_RATIO_MAX, `a quarter: ${low.toFixed(2)}`),
    gate(`first <= plain + ${FIRST_ABOVE_MS_MAX} ms`, above, FIRST_ABOVE_MS_MAX, "the machine's other work included"),
  ]
  process.exitCode = isKept.includes(false) ? 1 : 0
} finally {
  rmSync(folder, { recursive: true })
}

function gate(name: string, value: number, most: number, note: string): boolean {
  console.log(`${value <= most ? "PASS" : "FAIL"} ${name}: ${value.toFixed(2)} (${note})`)
  return value <= most
}

async function warmAndPlain(rounds: number) {
  const port = portOf()
  const warm: number[] = []
  const plain: number[] = []
  await confined(port, "warm")
  for (let round = 0; round < rounds; round++) {
    warm.push(await timed(() => confined(port, "warm")))
    plain.push(await timed(async () => void (await new Response(spawned().stdout).text())))
  }
  port.close()
  return { warm, plain }
}

/** As `run` gives it: output read to its end. */
function spawned() {
  return Bun.spawn(["/bin/true"], { stdio: ["ignore", "pipe", "pipe"], cwd: folder, detached: true })
}

async function firsts(): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < FIRST_ROUNDS; round++) {
    const port = portOf()
    times.push(await timed(() => confined(port, `first-${round}`)))
    port.close()
  }
  return times
}

async function hostKilobytes(): Promise<number> {
  const port = portOf()
  await confined(port, "memory")
  const sizes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("/proc/self/fd/3")) return []
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
        return [Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)]
      } catch (error) {
        // It ended meanwhile, or is somebody else's.
        if (error instanceof Error) return []
        throw error
      }
    })
  port.close()
  // The keeper and the command that are ready share this memory, which counts in full for each.
  return Math.max(0, ...sizes)
}

function portOf(): ClosableExec {
  const artifacts = { create: () => Promise.reject(new Error("Nothing is long enough to be kept")) }
  return exec({ artifacts, env: process.env })
}

async function confined(port: ClosableExec, name: string): Promise<void> {
  const cwd = join(folder, name)
  mkdirSync(cwd, { recursive: true })
  await port.run({
    command: ["/bin/true"],
    cwd,
    sandbox: "workspace-write",
    roots: [cwd],
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    bytesMax: 30_000,
  })
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function quarterOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? 0
}
