import { expect, test } from "bun:test"
import type { Event, SessionTree, SessionView, UsageReport } from "@skein/protocol"
import { called, fakeEngine, summary } from "../../test/ground/fake-engine.ts"
import { COMPACT_FLAGS, LOG_FLAGS, REPLAY_FLAGS, STATS_FLAGS } from "../session-flags.ts"
import { sinceOf } from "../tell/since.ts"
import { compact } from "./compact.ts"
import { log } from "./session/log.ts"
import { replay } from "./session/replay.ts"
import { stats } from "./stats.ts"

const NONE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 }
const ROW = {
  steps: 3,
  usage: { ...NONE, input: 2_000, cacheRead: 10_000, cacheWrite: 400, output: 950 },
  microUsd: 4_200,
  modelMs: 3_240,
  firstTokenMs: 610,
  tokensPerSecond: 361.2,
  misses: [{ cause: "tools", steps: 2, tokens: 4_100 }],
} as const

test("stats show tokens, money and time of all, then by model, day, session and turn", async () => {
  const asked: unknown[] = []
  const engine = fakeEngine({
    "usage.report": (query): UsageReport => {
      asked.push(query)
      return {
        total: ROW,
        models: [
          { ...ROW, model: "anthropic/claude" },
          { ...ROW, model: "ollama/x", microUsd: undefined, firstTokenMs: undefined, tokensPerSecond: 5.12 },
        ],
        days: [{ ...ROW, day: "2026-03-01" }],
        sessions: [],
        turns: [{ ...ROW, turnId: "trn_a", preview: "fix\nit" }],
      }
    },
  })
  const { call, out } = called(["--session", "ses_1", "--since", "7d"], STATS_FLAGS, {
    now: 8 * 86_400_000,
    columns: 100,
  })
  await stats({ call, engine: withSessions(engine), cwd: "/repo" })
  expect(out).toEqual([
    "     steps     in  cached  out     cost   time   first  per s",
    "all      3  12.4k     81%  950  $0.0042  3.2 s  610 ms    361",
    "read anew: 4.1k in 2 steps: the tools changed",
    "",
    "by model          steps     in  cached  out     cost   time   first  per s",
    "anthropic/claude      3  12.4k     81%  950  $0.0042  3.2 s  610 ms    361",
    "ollama/x              3  12.4k     81%  950        ?  3.2 s            5.1",
    "",
    "by day      steps     in  cached  out     cost   time   first  per s",
    "2026-03-01      3  12.4k     81%  950  $0.0042  3.2 s  610 ms    361",
    "",
    "by turn   steps     in  cached  out     cost   time   first  per s",
    "1 fix it      3  12.4k     81%  950  $0.0042  3.2 s  610 ms    361",
  ])
  expect(asked).toEqual([{ type: "usage.report", sessionId: "ses_1", sinceMs: 86_400_000 }])
})

function withSessions(engine: ReturnType<typeof fakeEngine>): ReturnType<typeof fakeEngine> {
  const { ask } = fakeEngine({ "sessions.list": () => [summary({ sessionId: "ses_1" })] })
  return { ...engine, ask: (query) => (query.type === "sessions.list" ? ask(query) : engine.ask(query)) }
}

test("a span is counted back from now, a day is where it begins, and anything else is refused", () => {
  const since = (text: string) => sinceOf(text, "since", 1_000_000_000)
  expect([since("10m"), since("12h"), since("2w")]).toEqual([999_400_000, 956_800_000, -209_600_000])
  expect(since("2026-03-01")).toBe(new Date(2026, 2, 1).getTime())
  for (const text of ["7", "d", "-1d", "2026-13-45", "soon"]) expect(() => since(text)).toThrow("--since takes a span")
})

test("a dry compaction tells what stays, what goes and when it would happen by itself; nothing is done", async () => {
  const engine = withSessions(
    fakeEngine({
      "compaction.preview": () => ({
        tokensBefore: 90_000,
        tokensAfter: 12_400,
        contextTokensMax: 200_000,
        triggerTokens: 160_000,
        kept: ["your 4 inputs, 1.2k tokens"],
        dropped: ["results of 12 calls, 60k tokens"],
        inputs: 4,
        inputsKept: 4,
      }),
      "context.report": () => ({ sections: [], inline: [], toolTokens: 0, messageTokens: 0, totalTokens: 12_000 }),
    }),
  )
  const dry = called(["--last", "--dry-run"], COMPACT_FLAGS)
  await compact({ call: dry.call, engine, cwd: "/repo" })
  expect(dry.out).toEqual([
    "90k tokens of 200k would become about 12.4k",
    "by itself it happens at 160k",
    "your words: 4 of 4 inputs stay as they are",
    "keeps  your 4 inputs, 1.2k tokens",
    "drops  results of 12 calls, 60k tokens",
  ])
  expect(engine.ops).toEqual([])
  const done = called(["ses_1", "the", "plan"], COMPACT_FLAGS)
  await compact({ call: done.call, engine, cwd: "/repo" })
  expect(done.out).toEqual(["90k tokens became 12k; kept 4 of 4 inputs"])
  expect(engine.ops).toEqual([{ type: "context.compact", sessionId: "ses_1", keep: "the plan" }])
})

const TREE: SessionTree = {
  turns: [
    { turnId: "trn_a", beforeSeq: 1, endSeq: 9, at: 0, preview: "one", isCurrent: true, filesChanged: 0 },
    {
      turnId: "trn_b",
      parentTurnId: "trn_a",
      beforeSeq: 9,
      endSeq: 20,
      at: 60_000,
      preview: "two\u0007",
      isCurrent: true,
      filesChanged: 2,
    },
  ],
}

const made = (type: string, at: number, fields: object) =>
  ({
    v: 1,
    ...(type === "item.delta" ? { after: 1, live: 1 } : { seq: 1 }),
    id: "evt_1",
    sessionId: "ses_1",
    at,
    type,
    ...fields,
  }) as Event

/** As a log numbers them. */
function inOrder(...events: readonly Event[]): readonly Event[] {
  return events.map((event, at) => ("seq" in event ? { ...event, seq: at + 1 } : event))
}

const FILE = { kind: "file", sha256: "x", bytes: 1, mode: 0o644, isKept: true } as const

const EVENTS: readonly Event[] = inOrder(
  made("session.created", 0, { workspace: { path: "/repo" } }),
  made("turn.started", 0, { turnId: "trn_b", input: [{ type: "text", text: "two" }] }),
  made("call.requested", 500, {
    turnId: "trn_b",
    callId: "cal_1",
    name: "bash",
    title: "make",
    input: { command: "make\n\u001b[2Jall" },
  }),
  made("call.started", 1_000, { callId: "cal_1" }),
  made("files.changed", 2_000, {
    turnId: "trn_b",
    callId: "cal_1",
    changes: [
      { path: "/repo/out", before: null, after: FILE },
      { path: "/repo/gone", before: FILE, after: null },
    ],
    notCovered: ["node_modules was left out"],
  }),
  made("call.settled", 4_000, { callId: "cal_1", outcome: "error", exitCode: 2, durationMs: 3_000, changes: [] }),
  made("call.requested", 5_000, {
    turnId: "trn_b",
    callId: "cal_2",
    name: "edit",
    title: "edit a.ts",
    input: { path: "a.ts" },
  }),
  made("files.changed", 5_500, {
    turnId: "trn_b",
    callId: "cal_2",
    changes: [{ path: "/repo/a.ts", before: FILE, after: FILE }],
    notCovered: [],
  }),
  made("call.settled", 6_000, {
    callId: "cal_2",
    outcome: "success",
    durationMs: 12,
    changes: [{ path: "/repo/a.ts", kind: "update", before: "x", after: "y", diff: "-a\n+b\n" }],
  }),
  made("turn.ended", 60_000, { turnId: "trn_b", outcome: { kind: "interrupted" } }),
  made("item.delta", 60_000, {}),
  made("turn.started", 70_000, { turnId: "trn_c", input: [{ type: "text", text: "never shown" }] }),
)

/** As it was before the newest turn began. */
const seq = EVENTS.filter((event) => "seq" in event).length - 1
const VIEW: SessionView = {
  ...{ sessionId: "ses_1", cwd: "/repo", createdAt: 0, seq, items: [], approvals: [], queue: [], usage: NONE },
  settings: { model: "m", mode: "ask", sandbox: "read-only", extraRoots: [], limits: {} },
}

test("the log of a turn has each command with folder, exit and time, and each file with its diff", async () => {
  const engine = withSessions(
    fakeEngine({ "session.tree": () => TREE, "session.read": () => VIEW }, { events: EVENTS }),
  )
  const shown = called(["ses_1", "--turn", "2"], LOG_FLAGS)
  await log({ call: shown.call, engine, cwd: "/repo" })
  expect(shown.out.map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "<time>"))).toEqual([
    "turn 2  <time>  two\\u{7}",
    "  $ make",
    "    \\e[2Jall",
    "      exit 2, 3.0 s, in /repo",
    "      A /repo/out",
    "      D /repo/gone",
    "      not watched: node_modules was left out",
    "  · edit a.ts",
    "      ok, 12 ms, in /repo",
    "      M /repo/a.ts",
    "        -a",
    "        +b",
  ])
  const all = called(["ses_1", "--no-diff"], LOG_FLAGS)
  await log({ call: all.call, engine, cwd: "/repo" })
  expect(all.out.slice(0, 2)).toEqual([expect.stringMatching(/^turn 1 .* one$/), "  ran nothing"])
  expect(all.out).not.toContain("        +b")
  const json = called(["ses_1", "--turn", "trn_b", "--json"], LOG_FLAGS)
  await log({ call: json.call, engine, cwd: "/repo" })
  expect(JSON.parse(json.out.join("\n"))).toMatchObject({
    sessionId: "ses_1",
    turns: [
      {
        turn: 2,
        calls: [
          {
            command: "make\n\u001b[2Jall",
            cwd: "/repo",
            exitCode: 2,
            durationMs: 3_000,
            files: [{ kind: "add" }, { kind: "delete" }],
          },
          { tool: "edit", outcome: "success", files: [{ path: "/repo/a.ts", kind: "update", diff: "-a\n+b\n" }] },
        ],
      },
    ],
  })
})

test("a replay shows what happened up to now, escaped, and waits as it was asked to", async () => {
  const engine = withSessions(fakeEngine({ "session.read": () => VIEW }, { events: EVENTS }))
  const waits: number[] = []
  const sleep = async (ms: number) => void waits.push(ms)
  const slow = called(["ses_1", "--speed", "10"], REPLAY_FLAGS)
  await replay({ call: slow.call, engine, cwd: "/repo" }, sleep)
  expect(slow.out.join("")).toBe("\n› two\n  ✗ make  3.0 s\n  ✓ edit a.ts\n  stopped\n")
  // A pause of 54 s is cut to what somebody may want to watch.
  expect([waits.length, Math.max(...waits)]).toEqual([8, 3_000])
  waits.length = 0
  await replay({ call: called(["ses_1"], REPLAY_FLAGS).call, engine, cwd: "/repo" }, sleep)
  expect(waits).toEqual([])
  await expect(
    replay({ call: called(["ses_1", "--speed", "0"], REPLAY_FLAGS).call, engine, cwd: "" }, sleep),
  ).rejects.toThrow('--speed takes a factor above 0, as 1 or 10, not "0".')
})
