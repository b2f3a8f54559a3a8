/**
 * How long a turn lives on after an interrupt, in every state it can be in: `bun bench/interrupt.ts [RUNS]`, against
 * `dist/skein`. From the signal until the turn's end stands in the log. Exits 1 where a median is above the promise.
 */
import { interrupted, STATES } from "../apps/skein/test/ground/interrupting.ts"
import { medianOf } from "./samples.ts"

const PROMISE_MS = 200

const runs = Number(process.argv[2] ?? 9)
for (const state of STATES) {
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push(await once(state))
  const median = medianOf(times)
  const verdict = median <= PROMISE_MS ? "PASS" : "FAIL"
  if (verdict === "FAIL") process.exitCode = 1
  console.log(`${verdict}  ${state.name}: ${median.toFixed(0)} ms [${Math.min(...times)}-${Math.max(...times)}]`)
}

async function once(state: (typeof STATES)[number]): Promise<number> {
  const { scene, server, events, sentAt } = await interrupted(state, ["SIGINT"])
  server.stop()
  scene.remove()
  const ended = events.find(({ type }) => type === "turn.ended")
  if (ended === undefined) throw new Error(`The turn did not end: ${state.name}`)
  return ended.at - sentAt
}
