/**
 * Measures skein beside the floor and beside every peer that is installed, all in one run: `npm run bench`.
 * See README.md for the arguments and for what the numbers are.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { AGENTS, type Agent } from "./agents.ts"
import { withoutNetwork } from "./alone.ts"
import { buildFloor } from "./floor.ts"
import { type Gate, gatesOf } from "./gates.ts"
import { startMock } from "./mock-process.ts"
import { adoptOrphans } from "./orphans.ts"
import { installPeers } from "./peers.ts"
import { quietness } from "./processes.ts"
import { gateLines, tableOf } from "./report.ts"
import type { Sample } from "./samples.ts"
import { SCENARIOS, type Scenario } from "./scenarios.ts"
import { measureScreens, SCREEN_SCENARIOS, shuffled } from "./terminal.ts"
import { type Bench, isInstalled, prepare, trial } from "./trial.ts"

const ROOT = resolve(import.meta.dir, "..")

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h", default: false },
    agents: { type: "string" },
    what: { type: "string" },
    reps: { type: "string" },
    mem: { type: "string" },
    patience: { type: "string" },
    work: { type: "string" },
    skein: { type: "string" },
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
    terminal: { type: "boolean", default: false },
    search: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
    "install-peers": { type: "boolean", default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  if (args.help) {
    console.log(readFileSync(join(ROOT, "bench/README.md"), "utf8").split("\n## ")[0])
    return 0
  }
  if (args.search) return searched()
  const peers = resolve(process.env.SKEIN_BENCH_PEERS ?? join(ROOT, ".work/peers"))
  if (args["install-peers"]) return (await installPeers(peers, positionals, process.env)).length === 0 ? 0 : 1
  const alone = withoutNetwork(import.meta.path)
  if (alone !== undefined) return alone
  adoptOrphans()
  const work = resolve(args.work ?? join(tmpdir(), "skein-bench"))
  const floor = join(work, "floor")
  if (!args.terminal) await buildFloor(floor)
  const mock = await startMock()
  const bench: Bench = {
    ...{ work, peers, floor, mock: mock.url, bystanders: [mock.pid], timeoutMs: 120_000 },
    skein: resolve(args.skein ?? join(ROOT, "dist/skein")),
  }
  try {
    return await (args.terminal ? measureTerminals(bench) : measureAll(bench))
  } finally {
    mock.end()
  }
}

/** The searches' part, by itself: it needs no model, and nobody else to measure but ripgrep. */
function searched(): number {
  const command = [process.execPath, join(import.meta.dir, "search.ts"), ...positionals]
  return Bun.spawnSync(command, { stdio: ["ignore", "inherit", "inherit"] }).exitCode
}

/** The screens' part of the benchmark, by itself: it takes as long as the rest. */
async function measureTerminals(bench: Bench): Promise<number> {
  const all = AGENTS.filter(({ name, screen }) => screen !== undefined && !name.startsWith("skein-"))
  const wanted = chosen(args.agents, all, "agent")
  const agents = there(bench, wanted)
  const scenarios = SCREEN_SCENARIOS.map((name) => ({ name }))
  const reps = (usual: number) => Number(args.reps ?? (args.quick ? 1 : usual))
  const { samples, gates } = await measureScreens(bench, agents, {
    what: chosen(args.what, scenarios, "scenario").map(({ name }) => name),
    reps: { start: args.quick ? 3 : reps(9), idle: reps(3), paced: reps(3), again: reps(3) },
    patienceMs: patienceMs(),
    absent: wanted.filter((agent) => !agents.includes(agent)),
    isShown: args.show,
  })
  return told(gates, samples)
}

function there(bench: Bench, agents: readonly Agent[]): Agent[] {
  return agents.filter((agent) => {
    const isThere = isInstalled(bench, agent)
    if (!isThere) console.error(`No ${agent.name}: its program is not there.`)
    return isThere
  })
}

async function measureAll(bench: Bench): Promise<number> {
  const agents = there(bench, chosen(args.agents, AGENTS, "agent"))
  for (const agent of agents) prepare(bench, agent)
  const samples: Sample[] = []
  const names = agents.map(({ name }) => name)
  for (const scenario of chosen(args.what, SCENARIOS, "scenario")) {
    const failed = await warmUp(bench, agents, scenario)
    const fit = agents.filter(({ name }) => !failed.some(({ agent }) => agent === name))
    samples.push(...failed, ...(await rounds(bench, fit, scenario)))
    console.log(`${tableOf(scenario, samples, names)}\n`)
  }
  const peers = agents.filter(({ family }) => family === "peer").map(({ name }) => name)
  const gates = gatesOf({ samples, installed: names, peers })
  console.log(gateLines(gates))
  return told(gates, samples)
}

function told(gates: readonly Gate[], samples: readonly unknown[]): number {
  if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify({ gates, samples }, null, 1)}\n`)
  return args.strict && gates.some(({ verdict }) => verdict === "FAIL") ? 1 : 0
}

/**
 * One run that does not count, with its output checked. Returns the runs that failed; their agents are not measured in
 * this scenario.
 */
async function warmUp(bench: Bench, agents: readonly Agent[], scenario: Scenario): Promise<Sample[]> {
  const folder = join(bench.work, "output")
  mkdirSync(folder, { recursive: true })
  const failed: Sample[] = []
  for (const agent of agents) {
    const output = join(folder, `${agent.name}-${scenario.name}.txt`)
    const sample = await trial(bench, agent, scenario, false, output)
    if (sample === undefined || sample.isComplete) continue
    failed.push(sample)
    console.error(`${agent.name} does not complete "${scenario.title}" (exit ${sample.exitCode}): see ${output}`)
  }
  return failed
}

/** Every agent once a round, in an order of chance, so that what disturbs the machine falls on all alike. */
async function rounds(bench: Bench, agents: readonly Agent[], scenario: Scenario): Promise<Sample[]> {
  const timed = Number(args.reps ?? (args.quick ? 3 : 9))
  const memory = Number(args.mem ?? (args.quick ? 1 : 3))
  const samples: Sample[] = []
  for (let round = 0; round < timed + memory; round++) {
    for (const agent of shuffled(agents)) {
      await quietness(patienceMs())
      const sample = await trial(bench, agent, scenario, round >= timed)
      if (sample !== undefined) samples.push(sample)
    }
  }
  return samples
}

function patienceMs(): number {
  return Number(args.patience ?? (args.quick ? 1 : 8)) * 1000
}

function chosen<T extends { readonly name: string }>(wanted: string | undefined, all: readonly T[], kind: string): T[] {
  if (wanted === undefined) return [...all]
  return wanted.split(",").map((name) => {
    const found = all.find((one) => one.name === name)
    if (found === undefined)
      throw new Error(`No ${kind} "${name}". There are: ${all.map((one) => one.name).join(", ")}`)
    return found
  })
}
