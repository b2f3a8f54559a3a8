/** A session of 1,000 messages, grown in each agent by turns of its own. */
import type { Agent } from "../agents.ts"
import { measure } from "../measure.ts"
import { promptOf, wordsOf } from "../mock/script.ts"
import type { Arrival } from "../mock.ts"
import { type Bench, environment, placeOf, prepare } from "../trial.ts"

/** Ten times: a prompt, 49 calls with their results, an answer. */
const TURNS = 10
const CALLS = 49
const TOKENS = 60

/** How the letters of the last answer end. */
export const LAST_ANSWER = wordsOf(TOKENS)
  .join("")
  .replace(/[^a-z]/g, "")
  .slice(-24)

/** The agent in a home of its own, so that its other runs do not see the long session. */
export function elsewhere(agent: Agent): Agent {
  return { ...agent, name: `${agent.name}-long` }
}

/** Returns why there is no such session, or nothing when there is one. */
export async function growHistory(bench: Bench, agent: Agent): Promise<string | undefined> {
  const place = placeOf(bench, agent)
  const prompt = promptOf({ calls: CALLS, tokens: TOKENS, folder: place.workspace })
  const first = agent.ask?.(place, prompt)
  const next = agent.resume?.(place, prompt)
  if (first === undefined || next === undefined) return "it cannot go on with a session"
  prepare(bench, agent)
  for (let turn = 0; turn < TURNS; turn++) {
    await fetch(`${bench.mock}/reset`, { method: "POST" })
    const { exitCode } = await measure({
      command: turn === 0 ? first : next,
      env: { ...environment(bench, agent), ...agent.env?.(place) },
      cwd: place.workspace,
      timeoutMs: bench.timeoutMs,
      isMemoryRun: false,
      bystanders: bench.bystanders,
    })
    const log = (await (await fetch(`${bench.mock}/log`)).json()) as readonly Arrival[]
    const steps = log.filter(({ kind }) => kind === "script").length
    if (exitCode !== 0 || steps !== CALLS + 1) return `turn ${turn + 1} ended with ${exitCode} after ${steps} requests`
  }
  return undefined
}
