import { expect, test } from "bun:test"
import type { Event } from "@skein/protocol"
import { BesideLines } from "../src/beside.ts"

const call = { toolUseId: "toolu_1", tool: "bash", name: "Bash", input: {}, title: "run" }
const durable = { v: 1, seq: 1, id: "evt_1", at: 1_000, sessionId: "ses_1" } as const
const live = { v: 1, after: 1, live: 1, at: 3_500, sessionId: "ses_1" } as const

function told(events: readonly unknown[], hasSuggestions = true) {
  const beside = new BesideLines({
    ...{ hasHooks: false, hasSuggestions, call: () => call, toolUseId: () => "toolu_1" },
  })
  return (events as readonly Event[]).flatMap((event) => beside.lines(event))
}

test("api_retry, compact_boundary and informational are told as they come", () => {
  const lines = told([
    { ...live, type: "retry.scheduled", attempt: 2, atMs: 4_000, class: "overloaded", code: "provider.overloaded" },
    { ...durable, type: "context.compacted", kind: "forced", tokensBefore: 9, tokensAfter: 3 },
    { ...durable, type: "notice.posted", level: "error", text: "Look." },
  ])
  expect(lines).toMatchObject([
    { subtype: "api_retry", attempt: 1, retry_delay_ms: 500 },
    { subtype: "compact_boundary", compact_metadata: { trigger: "manual", pre_tokens: 9, post_tokens: 3 } },
    { subtype: "informational", content: "Look.", level: "warning" },
  ])
})

test("a call that runs on is told with tool_progress, by the time since it began", () => {
  const lines = told([
    { ...durable, type: "call.started", callId: "cal_1" },
    { ...live, type: "call.progress", callId: "cal_1", bytes: 9, preview: "up" },
  ])
  expect(lines).toEqual([
    {
      ...{ type: "tool_progress", tool_use_id: "toolu_1", tool_name: "Bash", parent_tool_use_id: null },
      elapsed_time_seconds: 2.5,
    },
  ])
})

test("a program beside the turns is a task from its start to its end, and background_tasks_changed has all of them", () => {
  const process = { processId: "prc_1", callId: "cal_1", name: "server" }
  const lines = told([
    { ...durable, type: "process.started", ...process, command: "serve", cwd: "/w", isPty: false, confinement: "none" },
    { ...durable, type: "process.exited", ...process, exitCode: 0, bytes: 3, durationMs: 5 },
    { ...durable, type: "process.exited", ...process, processId: "prc_2", exitCode: 0, bytes: 3, durationMs: 5 },
  ])
  expect(lines).toMatchObject([
    { subtype: "task_started", task_id: "prc_1", tool_use_id: "toolu_1", description: "serve" },
    { subtype: "background_tasks_changed", tasks: [{ task_id: "prc_1" }] },
    { subtype: "task_notification", task_id: "prc_1", status: "completed" },
    { subtype: "background_tasks_changed", tasks: [] },
  ])
})

test("prompt_suggestion goes to a host that shows it", () => {
  const suggestion = { ...live, type: "suggestion.made", text: "Now test it." }
  expect(told([suggestion])).toEqual([{ type: "prompt_suggestion", suggestion: "Now test it." }])
  expect(told([suggestion], false)).toEqual([])
})
