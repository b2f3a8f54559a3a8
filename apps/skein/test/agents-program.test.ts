import { expect, test } from "bun:test"
import { compose, OrchestrationPlan, spawnParallelSubagents } from "@skein/host"
import { type Lines, working } from "./ground/working.ts"

const HANG_MS = 60_000

/** A program's own host, on a person's machine with a key. */
function program(script: Readonly<Record<string, Lines>>) {
  const at = working(script)
  const { scene } = at
  const host = compose({ cwd: scene.cwd, env: scene.env, home: scene.home, version: "1", fallback: { mode: "auto" } })
  return {
    ...{ at, host },
    async [Symbol.asyncDispose]() {
      await host.close()
      at[Symbol.dispose]()
    },
  }
}

const work = (agent: string, prompt: string) => ({ agent, description: `do ${prompt}`, prompt })

test(
  "a program has agents work at the same time, and is told how each ended",
  async () => {
    await using given = program({
      "Find it.": [{ calls: [{ name: "list", args: {} }] }, { text: "Here." }],
      "Fail.": [(asked) => asked.refuse(400, JSON.stringify({ type: "error", error: { type: "x", message: "no" } }))],
    })
    const tasks = [work("auto", "Find it."), work("general", "Fail."), work("nobody", "x")]
    const ends = await spawnParallelSubagents(given.host, tasks)
    expect(ends.map(({ task, status }) => [task.agent, status])).toEqual([
      ["auto", "completed"],
      ["general", "failed"],
      ["nobody", "failed"],
    ])
    expect([ends[0]?.text, ends[0]?.result?.steps]).toEqual(["Here.", 2])
    expect(ends[2]?.text).toContain('There is no agent "nobody".')
    expect(given.at.asked("Find it.")?.system).toContain("Find the places")
  },
  HANG_MS,
)

test(
  "a program's plan gives each stage what the one before said, and a failed stage ends it",
  async () => {
    await using given = program({
      "Plan.": [{ text: "first this" }],
      "Build.": [(asked) => asked.refuse(400, JSON.stringify({ type: "error", error: { type: "x", message: "no" } }))],
    })
    const plan = OrchestrationPlan.staged([
      [work("planner", "Plan.")],
      [work("coder", "Build.")],
      [work("reviewer", "R.")],
    ])
    const stages = await plan.run(given.host, { isFailFast: true })
    expect(stages.flat().map(({ status }) => status)).toEqual(["completed", "failed", "cancelled"])
    expect(given.at.asked("Build.")?.said[0]).toContain("first this")
  },
  HANG_MS,
)

test(
  "with fail-fast, and when its signal says so, those that run are stopped",
  async () => {
    const slow: Lines = [{ calls: [{ name: "bash", args: { command: "sleep 50" } }] }, { text: "Late." }]
    await using given = program({
      "Fail.": [(asked) => asked.refuse(400, JSON.stringify({ type: "error", error: { type: "x", message: "no" } }))],
      "Slow.": slow,
    })
    const began = performance.now()
    const tasks = [work("general", "Slow."), work("general", "Fail.")]
    const ends = await spawnParallelSubagents(given.host, tasks, { isFailFast: true })
    expect(ends.map(({ status }) => status)).toEqual(["cancelled", "failed"])
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const stopped = await spawnParallelSubagents(given.host, [work("general", "Slow.")], { signal: stop.signal })
    expect(stopped.map(({ status }) => status)).toEqual(["cancelled"])
    expect(performance.now() - began).toBeLessThan(30_000)
  },
  HANG_MS,
)
