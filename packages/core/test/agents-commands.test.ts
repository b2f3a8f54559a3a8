import { expect, test } from "bun:test"
import type { SubagentReport } from "@skein/protocol"
import { typed } from "./commanded.ts"

const at = { steps: 3, tokens: 100, microUsd: 12_000, startedAt: 10 * 3_600_000 - 65_000, isBackground: false }
const AT_WORK: SubagentReport = {
  ...{ childSessionId: "ses_0001aaaaaa", agent: "finder", description: "where it is", status: "running", ...at },
  doing: "grep total",
}
const ALL: readonly SubagentReport[] = [
  {
    ...{ childSessionId: "ses_0001cccccc", agent: "reviewer", description: "the change", status: "ended", ...at },
    ...{ durationMs: 4_000, outcome: { kind: "completed" }, text: "It is\nfine." },
  },
  AT_WORK,
  { ...AT_WORK, childSessionId: "ses_0001bbbbbb", status: "waiting", isBackground: true },
]

test("/agents says of each what it does or came to, what it took, and how to look at it", async () => {
  expect(await typed("agents", { "agents.list": ALL })).toEqual({
    kind: "show",
    text: `reviewer (cccccc)  the change
  completed, 3 steps, 4 s, $0.01
  It is fine.
  skein resume ses_0001cccccc
finder (aaaaaa)  where it is
  works: grep total, 3 steps, 65 s, $0.01
  skein resume ses_0001aaaaaa
finder (bbbbbb)  where it is
  waits for your answer, 3 steps, 65 s, $0.01, in the background
  skein resume ses_0001bbbbbb`,
  })
  expect(await typed("agents", { "agents.list": [] })).toMatchObject({
    text: expect.stringContaining("/spawn begins one"),
  })
})

test("/spawn takes the agent's name and the rest of the line as what it is to do", async () => {
  expect(await typed("spawn finder look for\nall of it")).toMatchObject({
    ops: [{ type: "agent.spawn", sessionId: "ses_1", agent: "finder", prompt: "look for\nall of it" }],
  })
  expect(await typed("spawn finder")).toMatchObject({ kind: "usage" })
})

test("/kill stops one by its id or the end of it, or all of a name, and says who is there where there is none such", async () => {
  const stopped = async (wanted: string) => {
    const reply = await typed(`kill ${wanted}`, { "agents.list": ALL })
    return reply.kind === "ops" ? reply.ops.map((op) => ("childSessionId" in op ? op.childSessionId : "")) : reply
  }
  expect(await stopped("finder")).toEqual(["ses_0001aaaaaa", "ses_0001bbbbbb"])
  expect(await stopped("aaaaaa")).toEqual(["ses_0001aaaaaa"])
  expect(await stopped("ses_0001bbbbbb")).toEqual(["ses_0001bbbbbb"])
  expect(await stopped("reviewer")).toEqual({
    kind: "show",
    text: "There is no sub-agent reviewer at work. At work: finder (aaaaaa), finder (bbbbbb).",
  })
  expect(await typed("kill finder", { "agents.list": [] })).toEqual({ kind: "show", text: "No sub-agent works." })
})
