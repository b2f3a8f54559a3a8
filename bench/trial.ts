/** One agent in one scenario, once: set up, started, and checked against the mock's log. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Agent, Place } from "./agents.ts"
import { measure } from "./measure.ts"
import { fileOf, promptOf, wordsOf } from "./mock/script.ts"
import type { Arrival } from "./mock.ts"
import { medianOf, type Sample } from "./samples.ts"
import type { Scenario } from "./scenarios.ts"

/** Everything an agent may touch; `work` holds the homes, the workspaces and the output. */
export interface Bench {
  readonly work: string
  readonly peers: string
  readonly skein: string
  readonly floor: string
  readonly mock: string
  readonly bystanders: readonly number[]
  readonly timeoutMs: number
}

/** A new home, so that every measurement starts from the same; the first run in it, which makes it warm, never counts. */
export function prepare(bench: Bench, agent: Agent): void {
  const place = placeOf(bench, agent)
  rmSync(place.home, { recursive: true, force: true })
  for (const folder of [place.home, place.workspace, tmpOf(bench, agent)]) mkdirSync(folder, { recursive: true })
  for (let index = 0; index < 100; index++) {
    const { name, proof } = fileOf(index)
    const lines = Array.from({ length: 20 }, (_, line) => `${proof} ${line}: some short text\n`)
    writeFileSync(join(place.workspace, name), lines.join(""))
  }
  for (const [path, text] of Object.entries(agent.files?.(place) ?? {})) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

export function isInstalled(bench: Bench, agent: Agent): boolean {
  return existsSync(agent.program(placeOf(bench, agent)))
}

/** `output` keeps what the agent printed and makes completeness depend on the whole answer being there. */
export async function trial(
  bench: Bench,
  agent: Agent,
  scenario: Scenario,
  isMemoryRun: boolean,
  output?: string,
): Promise<Sample | undefined> {
  const place = placeOf(bench, agent)
  const command = commandOf(agent, place, scenario)
  if (command === undefined) return undefined
  await fetch(`${bench.mock}/reset`, { method: "POST" })
  const measured = await measure({
    command,
    env: { ...environment(bench, agent), ...agent.env?.(place) },
    cwd: place.workspace,
    timeoutMs: bench.timeoutMs,
    isMemoryRun,
    bystanders: bench.bystanders,
    ...(output === undefined ? {} : { output }),
  })
  const log = (await (await fetch(`${bench.mock}/log`)).json()) as readonly Arrival[]
  const steps = log.filter(({ kind }) => kind === "script")
  const asked = scenario.asks
  const isAnswered =
    asked === undefined ||
    (steps.length === asked.calls + 1 &&
      steps.every(({ isTrue }) => isTrue) &&
      (output === undefined || (await hasAnswer(output, asked.tokens))))
  return {
    agent: agent.name,
    scenario: scenario.name,
    isMemoryRun,
    ...measured,
    isComplete: measured.exitCode === 0 && !measured.isTimedOut && isAnswered,
    ...timesOf(steps, log.length - steps.length, measured.startedMs, measured.wallMs),
  }
}

function commandOf(agent: Agent, place: Place, scenario: Scenario): readonly string[] | undefined {
  if (scenario.asks === undefined) return agent.version(place)
  return agent.ask?.(place, promptOf({ ...scenario.asks, folder: place.workspace }))
}

function timesOf(steps: readonly Arrival[], asides: number, startedMs: number, wallMs: number): Partial<Sample> {
  const [first] = steps
  const last = steps.at(-1)
  if (first === undefined || last === undefined) return {}
  const gaps = steps.slice(1).map((step, index) => step.arrivedMs - (steps[index]?.answeredMs ?? 0))
  return {
    asides,
    firstRequestMs: first.arrivedMs - startedMs,
    firstRequestBytes: first.bytes,
    tailMs: startedMs + wallMs - last.answeredMs,
    ...(gaps.length === 0 ? {} : { stepMs: medianOf(gaps) }),
  }
}

/** The end of the answer is in the output, whatever colours and line breaks the agent put between its letters. */
async function hasAnswer(output: string, tokens: number): Promise<boolean> {
  const letters = (text: string) => Bun.stripANSI(text).replace(/[^a-z]/g, "")
  return letters(await Bun.file(output).text()).includes(letters(wordsOf(tokens).join("")).slice(-200))
}

export function placeOf(bench: Bench, agent: Agent): Place {
  const { mock, peers, skein, floor, work } = bench
  return {
    mock,
    peers,
    skein,
    floor,
    home: join(work, "homes", agent.name),
    workspace: join(work, "files", agent.name),
  }
}

/** The same few variables for all; nothing of the caller's environment reaches an agent. */
export function environment(bench: Bench, agent: Agent): Record<string, string> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: join(bench.work, "homes", agent.name),
    TMPDIR: tmpOf(bench, agent),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    USER: "bench",
    SHELL: "/bin/sh",
    NO_PROXY: "127.0.0.1,localhost",
  }
}

function tmpOf(bench: Bench, agent: Agent): string {
  return join(bench.work, "tmp", agent.name)
}
