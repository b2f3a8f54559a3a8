import { describe, expect, test } from "bun:test"
import { FIXTURE, imported, lossesOf } from "./scene.ts"

describe("a rollout of Codex", () => {
  test("becomes a session with its turns, steps, calls, steers, rewinds and compactions", async () => {
    const { lines } = await imported(FIXTURE.codex)
    expect(lines).toEqual([
      "session.created",
      "turn.started user",
      "step.started 1.1",
      'item.completed reasoning complete "**Looking at the test**"',
      "call.requested bash",
      "call.requested bash",
      "step.ended 1 calls",
      "call.started",
      'call.settled error call.failed "1 failing\\n"',
      "call.started",
      'call.settled success "Chunk ID: ab\\nWall time: 0.0500 seconds\\nProcess exited with code 0\\nOutput:\\nexport const clock = 1\\n"',
      "step.started 2.1",
      "call.requested apply_patch",
      "step.ended 2 calls",
      "call.started",
      'call.settled success "Success. Updated the following files:\\nM src/clock.ts\\n"',
      "turn.steered",
      "step.started 3.1",
      'item.completed agent_message complete "Both are done."',
      "step.ended 3 end",
      "turn.ended completed",
      "turn.started user",
      "step.started 1.1",
      "call.requested bash",
      "step.ended 1 calls",
      'call.settled error call.unknown_outcome "The log this was imported from has no result of this call. It may have run; check before repeating it."',
      "turn.ended interrupted",
      "session.rewound",
      "context.compacted auto",
      "turn.started user",
      "turn.ended failed provider.unavailable",
    ])
  })

  test("keeps commands, exit codes, durations, pictures, usage and the times of the source", async () => {
    const { events, state, found } = await imported(FIXTURE.codex)
    const asked = events.flatMap((event) => (event.type === "call.requested" ? [event] : []))
    expect(asked.map(({ input, title, kind }) => ({ input, title, kind }))).toEqual([
      { input: { command: "npm test", timeoutMs: 60_000 }, title: "npm test", kind: "execute" },
      { input: { command: "cat src/clock.ts" }, title: "cat src/clock.ts", kind: "execute" },
      { input: { patch: expect.stringContaining("Begin Patch") }, title: "apply_patch src/clock.ts", kind: "edit" },
      { input: { command: "git push 'origin main'" }, title: "git push 'origin main'", kind: "execute" },
    ])
    const settled = events.flatMap((event) => (event.type === "call.settled" ? [event] : []))
    expect(settled.map(({ exitCode, durationMs }) => [exitCode, durationMs])).toEqual([
      [1, 3_500],
      [0, 50],
      [0, 100],
      [undefined, 0],
    ])
    expect(state.usage).toMatchObject({ input: 1_100, cacheRead: 1_400, output: 80, reasoning: 20 })
    expect(state.items[0]).toMatchObject({ input: [{ type: "text" }, { type: "image", mediaType: "image/png" }] })
    expect(events[0]?.at).toBe(Date.parse("2026-03-01T09:00:00.000Z"))
    expect(events.at(-1)?.at).toBe(Date.parse("2026-03-01T09:02:02.000Z"))
    expect(found).toMatchObject({ cwd: "/home/dev/shop", preview: "Fix the flaky test.", isInteractive: true })
  })

  test("names what was lost, and on which lines", async () => {
    const { report } = await imported(FIXTURE.codex)
    expect(lossesOf(report)).toEqual({
      system_text: 1,
      placed_context: 1,
      signature: 1,
      opaque_reasoning: 1,
      unknown_type: 1,
      call_without_result: 1,
    })
    expect(report).toMatchObject({ malformed: { count: 1, lines: [22] }, isTorn: true, lines: 33 })
    expect(report.lost.find(({ kind }) => kind === "unknown_type")).toMatchObject({
      lines: [28],
      names: { surprise: 1 },
    })
    expect(report.kept).toMatchObject({ turns: 3, inputs: 4, calls: 4, messages: 1, images: 1, compactions: 1 })
  })

  test("of the first versions, whose lines are bare items, is one too", async () => {
    const { lines, found } = await imported(FIXTURE.legacy)
    expect(found.id).toBe("legacy-0001")
    expect(lines).toContain('call.settled success "hello"')
    expect(lines.at(-1)).toBe("turn.ended completed")
  })
})

describe("a log of Claude Code", () => {
  test("becomes the chain of its newest line, with the results of calls that ran together", async () => {
    const { lines, state, events } = await imported(FIXTURE.claude)
    expect(lines).toEqual([
      "session.created",
      "session.changed",
      "turn.started user",
      "step.started 1.1",
      'item.completed reasoning complete "Two reads at once."',
      "call.requested read",
      "call.requested bash",
      "step.ended 1 calls",
      "call.started",
      'call.settled success "export const a = 1"',
      "call.started",
      'call.settled error call.failed "Exit code 1\\nfailing"',
      "step.started 2.1",
      'item.completed agent_message complete "It fails in a.ts."',
      "step.ended 2 end",
      "turn.ended completed",
      "turn.started user",
      "step.started 1.1",
      "call.requested edit",
      "step.ended 1 calls",
      "call.started",
      'call.settled cancelled call.cancelled "The user doesn\'t want to proceed with this tool use."',
      "turn.ended interrupted",
      "context.compacted auto",
      "turn.started user",
      "step.started 1.1",
      'item.completed agent_message complete "Done."',
      "step.ended 1 end",
      "session.changed",
      "turn.ended completed",
    ])
    expect(state.title).toBe("The clock")
    expect(state.items.find(({ kind }) => kind === "compaction")).toMatchObject({
      summary: "This session goes on: a.ts is to hold 2.",
      tokensBefore: 12_345,
    })
    // A turn ended with its last word, not when the person spoke again.
    const ends = events.flatMap((event) => (event.type === "turn.ended" ? [new Date(event.at).toISOString()] : []))
    expect(ends).toEqual(["2026-02-01T08:00:10.000Z", "2026-02-01T08:00:32.500Z", "2026-02-01T08:01:02.000Z"])
    // What a reply cost is written on each of its lines, growing; the last one counts.
    expect(state.usage).toMatchObject({ input: 22, cacheRead: 1_000, cacheWrite: 100, output: 54 })
  })

  test("names what was lost", async () => {
    const { report } = await imported(FIXTURE.claude)
    expect(lossesOf(report)).toEqual({
      placed_context: 1,
      signature: 1,
      opaque_reasoning: 1,
      other_branch: 2,
      sidechain: 1,
      slash_command: 1,
    })
  })
})

describe("a log of pi", () => {
  test("becomes the branch of its newest entry, with the summary before what it kept", async () => {
    const { lines, state, report } = await imported(FIXTURE.pi)
    expect(lines).toEqual([
      "session.created",
      "turn.started user",
      "step.started 1.1",
      'item.completed reasoning complete "ls will do."',
      "call.requested bash",
      "step.ended 1 calls",
      "call.started",
      'call.settled success "a.ts\\nb.ts"',
      "step.started 2.1",
      'item.completed agent_message complete "a.ts and b.ts."',
      "step.ended 2 end",
      "context.loaded",
      "context.loaded",
      "context.compacted auto",
      "turn.ended completed",
      "turn.started user",
      "step.started 1.1",
      'item.completed agent_message complete "Into what?"',
      "step.ended 1 end",
      "session.changed",
      "turn.ended completed",
      "turn.started user",
      "step.started 1.1",
      'item.completed agent_message complete "I will"',
      "step.ended 1 interrupted",
      "turn.ended interrupted",
    ])
    expect(state.microUsd).toBe(2_000)
    expect(lossesOf(report)).toEqual({ signature: 1, other_branch: 2 })
  })
})

describe("a session of opencode", () => {
  test("becomes one of ours, without what the person had taken back", async () => {
    const { lines, report, state, found } = await imported(FIXTURE.opencode)
    expect(found.id).toBe("ses_hand1")
    expect(lines).toEqual([
      "session.created",
      "session.changed",
      "turn.started user",
      "step.started 1.1",
      'item.completed reasoning complete "A file would be nice."',
      "call.requested write",
      "call.requested bash",
      "call.requested bash",
      "step.ended 1 calls",
      "call.started",
      'call.settled success "Wrote file"',
      "call.started",
      'call.settled error call.failed "failed"',
      'call.settled error call.unknown_outcome "The log this was imported from has no result of this call. It may have run; check before repeating it."',
      "step.started 2.1",
      'item.completed agent_message complete "Hello."',
      "step.ended 2 end",
      "turn.ended completed",
    ])
    expect(lossesOf(report)).toEqual({ unreadable_content: 1, signature: 1, call_without_result: 1, undone: 1 })
    expect(report.malformed.count).toBe(1)
    expect(state.usage).toMatchObject({ input: 11, output: 27, reasoning: 5, cacheRead: 100, cacheWrite: 7 })
  })
})
