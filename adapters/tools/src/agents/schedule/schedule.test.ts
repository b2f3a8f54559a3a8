import { describe, expect, test } from "bun:test"
import { type Deed, type FakeAgents, fakeAgents } from "@skein/testkit"
import { inParallel, type Schedule } from "./parallel.ts"
import { inPipeline } from "./pipeline.ts"
import type { Assignment, Settled } from "./settled.ts"
import { inStages } from "./staged.ts"

/** Children whose prompts begin with what they do. */
function world(script: Readonly<Record<string, Deed>>, controller = new AbortController()) {
  const agents = fakeAgents(({ prompt }) => script[prompt.split(/\s/)[0] ?? ""] ?? "done")
  const schedule = (isFailFast: boolean): Schedule => ({
    isFailFast,
    signal: controller.signal,
    begin: ({ description, prompt }) => agents.spawn({ agent: { name: "coder" }, description, prompt }),
  })
  return { agents, schedule, controller }
}

const work = (prompt: string): Assignment => ({ agent: "coder", description: prompt.split(/\s/)[0] ?? "", prompt })
const shown = (all: readonly Settled[]) =>
  all.map(({ assignment, status, text }) => `${assignment.description} ${status}: ${text}`)
const prompts = (agents: FakeAgents) => agents.requests.map(({ prompt }) => prompt)

describe("agents at the same time", () => {
  test("all end as they end, in the order they were asked for", async () => {
    const { schedule } = world({ a: "A.", b: { fails: "no answer" }, c: { refuses: "Too many agents." } })
    expect(shown(await inParallel(["a", "b", "c"].map(work), schedule(false)))).toEqual([
      "a completed: A.",
      "b failed: It failed: no answer",
      "c failed: Too many agents.",
    ])
  })

  test("fail-fast stops those that run and those that wait for a place, and begins no other", async () => {
    const { agents, schedule } = world({ a: "A.", bad: { fails: "broken" }, slow: "hangs", late: "queued" })
    const began = performance.now()
    const ended = await inParallel(["a", "slow", "bad", "late"].map(work), schedule(true))
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(shown(ended)).toEqual([
      "a completed: A.",
      'slow cancelled: Stopped: coder "bad" failed, and all end with the first',
      "bad failed: It failed: broken",
      'late cancelled: Never begun: coder "bad" failed, and all end with the first',
    ])
    expect(agents.stopped).toHaveLength(1)
  })

  test("without fail-fast, one that fails leaves the others alone", async () => {
    const { agents, schedule } = world({ bad: { fails: "broken" }, slow: { does: async () => "late" } })
    await inParallel(["slow", "bad"].map(work), schedule(false))
    expect(agents.stopped).toEqual([])
  })

  test("when the call is stopped all are stopped, and each still has its end", async () => {
    const { schedule, controller } = world({ slow: "hangs" })
    setTimeout(() => controller.abort(), 5)
    expect(shown(await inParallel(["slow", "slow"].map(work), schedule(false)))).toEqual([
      "slow cancelled: Stopped: the call was stopped",
      "slow cancelled: Stopped: the call was stopped",
    ])
  })

  test("a defect is not taken for a failure, and leaves none running", async () => {
    const { agents, schedule } = world({ slow: "hangs" })
    const begin: Schedule["begin"] = async (one) => {
      if (one.description === "bad") throw new Error("a defect")
      return await schedule(false).begin(one)
    }
    await expect(inParallel(["slow", "bad"].map(work), { ...schedule(false), begin })).rejects.toThrow("a defect")
    await Bun.sleep(1)
    expect(agents.stopped).toEqual(["slow: another one came to a defect"])
  })
})

describe("agents in stages", () => {
  test("each stage is given what the one before said, and what is missing", async () => {
    const { agents, schedule } = world({ a: "A.", b: { fails: "broken" }, c: "C." })
    const ended = await inStages([["a", "b"].map(work), [work("c now")], [work("d")]], schedule(false))
    expect(prompts(agents).slice(2)).toEqual([
      "c now\n\n# Results of the stage before\n\n## a (coder, completed)\nA.\n\n## b (coder, failed)\nIt failed: broken",
      "d\n\n# Results of the stage before\n\n## c (coder, completed)\nC.",
    ])
    // What was added to a prompt is no part of what was asked for.
    expect(ended[1]?.[0]?.assignment.prompt).toBe("c now")
  })

  test("with fail-fast no stage is begun behind one that did not complete", async () => {
    const { agents, schedule } = world({ a: { fails: "broken" } })
    const ended = await inStages([[work("a")], [work("b")], [work("c")]], schedule(true))
    expect(shown(ended.flat())).toEqual([
      "a failed: It failed: broken",
      'b cancelled: Never begun: coder "a" of the stage before did not complete',
      'c cancelled: Never begun: coder "b" of the stage before did not complete',
    ])
    expect(agents.requests).toHaveLength(1)
  })
})

describe("agents one after the other", () => {
  test("each is given what the one before said where it asks for it, and signs of patterns in it stay what they are", async () => {
    const { agents, schedule } = world({ one: "costs $& and $1", two: "T." })
    const steps = [work("one of {previous_result}"), work("two {previous_result}, {previous_result}"), work("three")]
    const ended = await inPipeline(steps, "the start", schedule(true))
    expect(prompts(agents)).toEqual([
      "one of the start",
      "two costs $& and $1, costs $& and $1",
      "three\n\n# What came before\n\nT.",
    ])
    expect(ended.map(({ status }) => status)).toEqual(["completed", "completed", "completed"])
  })

  test("none is begun behind one that failed", async () => {
    const { agents, schedule } = world({ a: { fails: "broken" } })
    expect(shown(await inPipeline(["a", "b", "c"].map(work), "", schedule(true)))).toEqual([
      "a failed: It failed: broken",
      'b cancelled: Never begun: coder "a" before it did not complete',
      "c cancelled: Never begun: a step before it did not complete",
    ])
    expect(agents.requests).toHaveLength(1)
  })

  test("what is handed on is bounded", async () => {
    const { agents, schedule } = world({ a: "x".repeat(20_000) })
    await inPipeline(["a", "b"].map(work), "", schedule(true))
    expect(agents.requests[1]?.prompt.length).toBeLessThan(9_000)
    expect(agents.requests[1]?.prompt).toContain("12000 more characters were left out")
  })
})
