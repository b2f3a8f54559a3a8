/** The agents' screens beside each other: `npm run bench -- --terminal`. See README.md. */
import type { Agent } from "./agents.ts"
import type { Gate } from "./gates.ts"
import { quietness } from "./processes.ts"
import { gateLines } from "./report.ts"
import { screenGatesOf } from "./screen/gates.ts"
import { elsewhere, growHistory } from "./screen/history.ts"
import { screenTable } from "./screen/report.ts"
import type { ScreenSample, ScreenScenario } from "./screen/samples.ts"
import type { Sitting } from "./screen/sitting.ts"
import { screenTrial } from "./screen/trials.ts"
import { type Bench, prepare } from "./trial.ts"

export const SCREEN_SCENARIOS: readonly ScreenScenario[] = ["start", "idle", "paced", "again"]

export interface TerminalRun {
  readonly what: readonly ScreenScenario[]
  /** Runs of each scenario. */
  readonly reps: Readonly<Record<ScreenScenario, number>>
  readonly patienceMs: number
  /** Chosen, and not installed: every table says so of them. */
  readonly absent: readonly Agent[]
  /** The screen at the end of each run is printed. */
  readonly isShown: boolean
}

export interface TerminalResult {
  readonly samples: readonly ScreenSample[]
  readonly gates: readonly Gate[]
}

/** All in one process, one agent at a time, in an order of chance. */
export async function measureScreens(
  bench: Bench,
  installed: readonly Agent[],
  run: TerminalRun,
): Promise<TerminalResult> {
  const agents = installed.filter(({ screen }) => screen !== undefined)
  const names = [...agents, ...run.absent].map(({ name }) => name)
  const samples: ScreenSample[] = []
  const look = (agent: Agent) => (sitting: Sitting) => {
    if (run.isShown) console.log(`---- ${agent.name}\n${sitting.screen.lines().join("\n").trimEnd()}\n----`)
  }
  for (const agent of agents) {
    prepare(bench, agent)
    // The first start in a new home fills its caches.
    await screenTrial(bench, agent, "start", look(agent))
  }
  for (const scenario of run.what) {
    const ready = scenario === "again" ? await grown(bench, agents, samples) : agents
    for (let round = 0; round < run.reps[scenario]; round++) {
      for (const agent of shuffled(ready)) {
        await quietness(run.patienceMs)
        const sample = await screenTrial(bench, agent, scenario, look(agent))
        if (sample !== undefined) samples.push({ ...sample, agent: sample.agent.replace(/-long$/, "") })
      }
    }
    for (const { name } of run.absent) {
      samples.push({ agent: name, scenario, failure: "its program is not there", othersCores: 0 })
    }
    console.log(`${screenTable(scenario, samples, names)}\n`)
  }
  const peers = agents.filter(({ family }) => family === "peer").map(({ name }) => name)
  const gates = screenGatesOf({ samples, agents: names, peers })
  console.log(gateLines(gates))
  return { samples, gates }
}

/** Those that have a long session now. Why another has none is a sample of it, so that the table names it. */
async function grown(bench: Bench, agents: readonly Agent[], samples: ScreenSample[]): Promise<Agent[]> {
  const ready: Agent[] = []
  for (const agent of agents) {
    const long = elsewhere(agent)
    const failure = await growHistory(bench, long)
    if (failure === undefined) ready.push(long)
    else samples.push({ agent: agent.name, scenario: "again", failure: `no long session: ${failure}`, othersCores: 0 })
  }
  return ready
}

export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value)
}
