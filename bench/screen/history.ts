/** A session of 1,000 messages, grown in each agent by turns of its own. */
import type { Agent } from "../agents.ts"
import { measure } from "../measure.ts"
import { promptOf, wordsOf } from "../mock/script.ts"
import type { Arrival } from "../mock.ts"
import { type Bench, environment, placeOf, prepare } from "../trial.ts"

/** Ten times: a prompt, 49 calls with their results, an answer. */
const TURNS = 10
const CALLS = 49
/** Tokens of its answers. */
export const ANSWER = {
  tokens: 60,
  /** The last is longer than the others, so that an earlier turn's on the screen is not taken for it. */
  lastTokens: 75,
} as const

/** How the letters of the last answer end: those of no other. */
export const LAST_ANSWER = wordsOf(ANSWER.lastTokens)
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
  const prompt = (tokens: number) => promptOf({ calls: CALLS, tokens, folder: place.workspace })
  prepare(bench, agent)
  for (let turn = 1; turn <= TURNS; turn++) {
    const said = prompt(turn === TURNS ? ANSWER.lastTokens : ANSWER.tokens)
    const command = turn === 1 ? agent.ask?.(place, said) : agent.resume?.(place, said)
    if (command === undefined || agent.screenAgain === undefined) return "it cannot go on with a session"
    await fetch(`${bench.mock}/reset`, { method: "POST" })
    const { exitCode } = await measure({
      command,
      env: { ...environment(bench, agent), ...agent.env?.(place) },
      cwd: place.workspace,
      timeoutMs: bench.timeoutMs,
      isMemoryRun: false,
      bystanders: bench.bystanders,
    })
    const log = (await (await fetch(`${bench.mock}/log`)).json()) as readonly Arrival[]
    const steps = log.filter(({ kind }) => kind === "script").length
    if (exitCode !== 0 || steps !== CALLS + 1) return `turn ${turn} ended with ${exitCode} after ${steps} requests`
  }
  return undefined
}
