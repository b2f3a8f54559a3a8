/**
 * What it costs to go on with a long session: `bun bench/continue.ts [TURNS] [REPS]`, against `dist/skein` and, when it is
 * installed, Codex. Each has two homes, one with a session of TURNS turns and one with a session of a single turn; both
 * are gone on with by one more turn, in turns. Exits 1 where a gate does not hold.
 */
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { AGENTS, type Agent } from "./agents.ts"
import { withoutNetwork } from "./alone.ts"
import { startMock } from "./mock-process.ts"
import { adoptOrphans } from "./orphans.ts"
import { quietness } from "./processes.ts"
import { medianOf } from "./samples.ts"
import type { Scenario } from "./scenarios.ts"
import { type Bench, isInstalled, prepare, trial } from "./trial.ts"

/** Going on with a long session costs at most this much of going on with a short one, and of Codex's time. */
const SHORT_RATIO_MAX = 1.2
const CODEX_RATIO_MAX = 0.5

const ROOT = resolve(import.meta.dir, "..")
const WORK: Scenario = { name: "call", title: "work", asks: { calls: 6, tokens: 400 } }
const ONE_MORE: Scenario = { name: "turn", title: "one more turn", asks: { calls: 0, tokens: 20 } }

process.exitCode =
  withoutNetwork(import.meta.path) ?? (await main(Number(process.argv[2] ?? 40), Number(process.argv[3] ?? 9)))

async function main(turns: number, reps: number): Promise<number> {
  adoptOrphans()
  const mock = await startMock()
  const bench: Bench = {
    ...{ work: join(tmpdir(), "skein-bench-continue"), floor: "", mock: mock.url },
    ...{ bystanders: [mock.pid], timeoutMs: 120_000 },
    peers: resolve(process.env.SKEIN_BENCH_PEERS ?? join(ROOT, ".work/peers")),
    skein: join(ROOT, "dist/skein"),
  }
  try {
    return await compare(bench, turns, reps)
  } finally {
    mock.end()
  }
}

async function compare(bench: Bench, turns: number, reps: number): Promise<number> {
  const agents = AGENTS.filter(({ name, resume }) => (name === "skein" || name === "codex") && resume !== undefined)
  const homes = agents
    .filter((agent) => isInstalled(bench, agent))
    .flatMap((agent) => [
      { agent: { ...agent, name: `${agent.name}-short` }, turns: 1 },
      { agent: { ...agent, name: `${agent.name}-long` }, turns },
    ])
  for (const { agent, turns } of homes) await lived(bench, agent, turns)
  const times = new Map<string, number[]>(homes.map(({ agent }) => [agent.name, []]))
  for (let rep = 0; rep < reps; rep++) {
    for (const { agent } of homes) {
      await quietness(2_000)
      const sample = await trial(bench, resuming(agent), ONE_MORE, false)
      if (sample?.isComplete !== true) throw new Error(`${agent.name} did not go on (exit ${sample?.exitCode})`)
      times.get(agent.name)?.push(sample.wallMs)
    }
  }
  const medianIn = (name: string) => medianOf(times.get(name) ?? [])
  for (const { agent } of homes) console.log(`${agent.name.padEnd(12)} ${medianIn(agent.name).toFixed(0)} ms`)
  const gates = [
    gate("a long session beside a short one", medianIn("skein-long") / medianIn("skein-short"), SHORT_RATIO_MAX),
    gate("beside Codex's long one", medianIn("skein-long") / medianIn("codex-long"), CODEX_RATIO_MAX),
  ]
  return gates.includes("FAIL") ? 1 : 0
}

/** A home in which a session of so many turns was led. */
async function lived(bench: Bench, agent: Agent, turns: number): Promise<void> {
  prepare(bench, agent)
  for (let turn = 0; turn < turns; turn++) {
    const sample = await trial(bench, turn === 0 ? agent : resuming(agent), WORK, false)
    if (sample?.isComplete !== true) throw new Error(`${agent.name} did not complete turn ${turn + 1}`)
  }
}

function resuming(agent: Agent): Agent {
  return agent.resume === undefined ? agent : { ...agent, ask: agent.resume }
}

function gate(name: string, ratio: number, most: number): "PASS" | "FAIL" | "SKIP" {
  const verdict = Number.isNaN(ratio) ? "SKIP" : ratio <= most ? "PASS" : "FAIL"
  console.log(`${verdict}  ${name}: ${ratio.toFixed(2)} (at most ${most})`)
  return verdict
}
