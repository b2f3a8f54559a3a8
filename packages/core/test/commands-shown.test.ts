import { describe, expect, test } from "bun:test"
import { type DurableDraft, type InputId, NO_USAGE } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { listCommands } from "../src/commands/resolve.ts"
import { shortenedIn } from "../src/context/ledger.ts"
import { fold } from "../src/index.ts"
import { type Answers, TREE, typed, VIEW } from "./commanded.ts"
import { then } from "./desk.ts"

describe("what is shown", () => {
  const text = async (line: string, answers: Answers = {}) => {
    const reply = await typed(line, answers)
    return reply.kind === "show" ? reply.text : reply
  }

  test("/status says what the model is, what it may do, and how much room and money it has used", async () => {
    const report = { sections: [], inline: [], toolTokens: 100, messageTokens: 900, totalTokens: 1_000 }
    expect(await text("status", { "context.report": { ...report, contextTokens: 4_000 } })).toBe(
      [
        "model    test/one",
        "mode     ask",
        "sandbox  workspace-write",
        "context  1,000 of 4,000 tokens, 75% left",
        "used     1,234 tokens",
        "session  ses_1",
        "folder   /repo",
      ].join("\n"),
    )
  })

  test("/context, with what the cache missed and why", async () => {
    const section = { source: "agents_md", path: "/repo/AGENTS.md", text: "", sha256: "", bytes: 0, tokens: 50 }
    const report = {
      sections: [section],
      inline: [],
      toolTokens: 100,
      messageTokens: 900,
      totalTokens: 1_050,
      conversation: [{ source: "you", tokens: 900 }],
      cache: {
        readTokens: 10,
        inputTokens: 1_050,
        miss: { cause: "model" as const, detail: "p/b instead of p/a", tokens: 900 },
      },
    }
    expect(await text("context", { "context.report": report })).toBe(
      [
        "/repo/AGENTS.md  50",
        "tools            100",
        "conversation     900",
        "  you            900",
        "all              1,050",
        "From the provider's cache: 10 of 1,050 tokens of the newest request (900 more could have come from there: another model: p/b instead of p/a).",
      ].join("\n"),
    )
  })

  test("/cost, its price only where one was known", async () => {
    const row = {
      steps: 2,
      usage: { ...NO_USAGE, input: 30, cacheRead: 70, output: 5 },
      modelMs: 2_500,
      firstTokenMs: 400,
    }
    const report = {
      total: row,
      sessions: [],
      days: [],
      models: [],
      turns: [{ ...row, turnId: "trn_1", preview: "hi" }],
    } as const
    const misses = [
      { cause: "model", steps: 1, tokens: 84_000 },
      { cause: "idle", steps: 2, tokens: 9_000 },
    ] as const
    expect(await text("usage", { "usage.report": { ...report, total: { ...row, microUsd: 12_300, misses } } })).toBe(
      [
        "cost         $0.0123",
        "input        100 tokens, 70% from the cache",
        "read anew    84,000 tokens in 1 step: another model",
        "             9,000 tokens in 2 steps: idle for longer than the provider keeps it",
        "output       5 tokens",
        "models took  2.5 s in 2 steps, the first token after 0.4 s (median)",
        "",
        "Newest turns:",
        "hi  105 tokens  2.5 s",
      ].join("\n"),
    )
    expect(await text("cost", { "usage.report": report })).toContain("not known")
    expect(await text("cost", { "usage.report": { ...report, total: { ...row, steps: 0 } } })).toBe(
      "Nothing was used yet.",
    )
  })

  test("/compact --dry-run only says what would happen; /compact takes what to keep", async () => {
    const preview = {
      tokensBefore: 9_000,
      tokensAfter: 2_000,
      triggerTokens: 150_000,
      kept: ["the goal (12 tokens)"],
      dropped: ["40 results of calls (6,000 tokens)"],
      inputsKept: 14,
      inputs: 14,
    }
    expect(await text("compact --dry-run", { "compaction.preview": preview })).toBe(
      [
        "9,000 tokens now, about 2,000 after.",
        "It happens by itself at 150,000.",
        "Your words: 14 of 14 inputs stay word for word.",
        "  kept     the goal (12 tokens)",
        "  let go   40 results of calls (6,000 tokens)",
        "Nothing was done. The log keeps all of it in any case.",
      ].join("\n"),
    )
    expect(await typed("compact the API keys' names")).toMatchObject({
      ops: [{ type: "context.compact", keep: "the API keys' names" }],
    })
  })

  test("/todos, /plan and /goal show what is there, or how to make it", async () => {
    const view = {
      ...VIEW,
      todos: [
        { text: "one", status: "completed" },
        { text: "two", status: "pending" },
      ],
    } as const
    expect(await text("todos", { "session.read": view })).toBe("[x] one\n[ ] two")
    expect(await text("plan", { "session.read": { ...VIEW, plan: "First this." } })).toBe("First this.")
    expect(await text("goal")).toBe("There is no goal. /goal <text> sets one.")
  })

  test("/review, /commit and /git are prompts of the person's, about what they named", async () => {
    const said = async (line: string) => {
      const reply = await typed(line)
      const op = reply.kind === "ops" ? reply.ops[0] : undefined
      const part = op?.type === "turn.submit" ? op.input[0] : undefined
      return part?.type === "text" ? part.text : reply
    }
    expect(await said("review base main")).toStartWith(
      "Review the code changes against the base branch 'main'. Change nothing.",
    )
    expect(await said("review commit 1a2b")).toStartWith("Review the code changes introduced by commit 1a2b.")
    expect(await said("review")).toStartWith("Review the current code changes (staged, unstaged, and untracked files).")
    expect(await said("review the parser")).toStartWith("Review: the parser Change nothing.")
    expect(await said("git undo my last 3 commits")).toStartWith(
      "With git: undo my last 3 commits\n\nLook at the state first.",
    )
    expect(await said("commit halve it")).toContain("What to say: halve it.")
    expect(await typed("git")).toMatchObject({ kind: "usage" })
  })

  test("/network shows what holds, and what all calls of the session tried", async () => {
    const attempt = (host: string, decision: "allowed" | "refused", bytesOut = 0, bytesIn = 0) =>
      ({ host, port: 443, decision, reason: "it is on no list", bytesOut, bytesIn }) as const
    const call = (callId: `cal_${string}`, network: readonly ReturnType<typeof attempt>[]) =>
      ({
        kind: "tool_call",
        turnId: "trn_4",
        step: 1,
        callId,
        index: 0,
        name: "bash",
        title: "curl",
        toolKind: "execute",
        locations: [],
        state: "success",
        result: { forModel: [], network, durationMs: 1, isElided: false },
      }) as const
    const items = [
      call("cal_1", [attempt("a.test", "allowed", 1_000, 20_000), attempt("evil.test", "refused")]),
      call("cal_2", [attempt("a.test", "allowed", 234, 5)]),
    ]
    const settings = { ...VIEW.settings, network: { access: "ask", allow: ["a.test"] } } as const
    expect(await text("network", { "session.read": { ...VIEW, settings, items } })).toBe(
      [
        "network  ask: commands reach the hosts of the list; you are asked about others",
        "list     a.test",
        "Tried in this session:",
        "allowed a.test:443     1,234 bytes out, 20,005 in",
        "refused evil.test:443  it is on no list",
      ].join("\n"),
    )
    expect(await text("network")).toContain("list     empty, so nothing\nCommands of this session tried nothing.")
  })

  test("/log tells a turn call by call", async () => {
    const call = {
      kind: "tool_call",
      turnId: "trn_4",
      step: 1,
      callId: "cal_1",
      index: 0,
      name: "edit",
      title: "edit a.ts",
      toolKind: "edit",
      locations: [],
      state: "success",
      result: { forModel: [], forHuman: { kind: "diff", body: "", summary: "+1 −1" }, durationMs: 40, isElided: false },
    } as const
    const said = {
      kind: "user_message",
      turnId: "trn_4",
      inputId: "inp_1",
      input: [{ type: "text", text: "go" }],
      isSteer: false,
    } as const
    const answers = { "session.tree": TREE, "session.read": { ...VIEW, items: [said, call] } }
    expect(await text("log", answers)).toBe("› go\n  ✓ edit a.ts  +1 −1, 0.0 s")
    expect(await text("log 1", answers)).toContain("/tree")
  })
})

describe("/restore", () => {
  const inputs = [
    { inputId: "inp_1", text: "long one" },
    { inputId: "inp_2", text: "long two" },
  ] as const

  test("offers what was shortened, one or all", async () => {
    const more = { shortened: async () => inputs }
    expect(await typed("restore", {}, more)).toMatchObject({
      choices: [{ command: "restore 1" }, { command: "restore 2" }, { command: "restore all" }],
    })
    expect(await typed("restore 2", {}, more)).toMatchObject({
      ops: [{ type: "context.restore", inputIds: ["inp_2"] }],
    })
    expect(await typed("restore all", {}, more)).toMatchObject({ ops: [{ inputIds: ["inp_1", "inp_2"] }] })
    for (const number of ["0", "3", "x"]) expect((await typed(`restore ${number}`, {}, more)).kind).toBe("usage")
    expect(await typed("restore")).toMatchObject({ kind: "show" })
  })

  test("what was shortened is what the newest receipt says, but for what was restored or left since", () => {
    const drafts: readonly DurableDraft[] = [
      started("inp_1"),
      started("inp_3"),
      started("inp_4"),
      compacted(["inp_1"]),
      compacted(["inp_3", "inp_4"]),
      { type: "context.restored", inputIds: ["inp_3"] },
      { type: "session.rewound", toSeq: 4 },
    ]
    const events = drafts.reduce(then, sessionEvents("ses_1", 1))
    const after = (count: number) => shortenedIn(fold(events.slice(0, count)))
    expect(after(5)).toEqual([{ inputId: "inp_1", text: "inp_1's words" }])
    expect(after(6)).toMatchObject([{ inputId: "inp_3" }, { inputId: "inp_4" }])
    expect(after(7)).toEqual([{ inputId: "inp_4", text: "inp_4's words" }])
    expect(after(8)).toEqual([])
  })

  const started = (inputId: InputId): DurableDraft => ({
    type: "turn.started",
    turnId: `trn_${inputId.slice(4)}`,
    inputId,
    input: [{ type: "text", text: `${inputId}'s words` }],
    source: "user",
  })
  const compacted = (shortened: InputId[]): DurableDraft => ({
    type: "context.compacted",
    kind: "forced",
    receipt: { kept: [], shortened },
    elided: [],
    tokensBefore: 2,
    tokensAfter: 1,
  })
})

test("/latency shows the first token, all and the rate of each turn, of each model where there are more, and of the session", async () => {
  const row = { usage: NO_USAGE, steps: 1, modelMs: 3_210, firstTokenMs: 812 }
  const turns = [
    { ...row, turnId: "trn_1", preview: "fix it" },
    { ...row, turnId: "trn_2", preview: "and test", steps: 3, modelMs: 12_400, firstTokenMs: undefined },
  ] as const
  const total = { ...row, steps: 4, modelMs: 15_610, tokensPerSecond: 61.6 }
  const models = [
    { ...row, model: "p/fast", tokensPerSecond: 120.4 },
    { ...row, model: "p/slow", modelMs: 12_400, steps: 3, tokensPerSecond: 4.25 },
  ]
  const shown = await typed("latency", { "usage.report": { total, turns, models, sessions: [], days: [] } })

  expect(shown).toEqual({
    kind: "show",
    text: [
      "first token  in all  tokens/s  turn",
      "          –  12.4 s         –  and test, 3 steps",
      "      0.8 s   3.2 s         –  fix it",
      "",
      "      0.8 s   3.2 s       120  p/fast",
      "      0.8 s  12.4 s       4.3  p/slow, 3 steps",
      "      0.8 s  15.6 s        62  the session, first token by median, 4 steps",
    ].join("\n"),
  })
})

test("/settings says where each setting came from, and what the session changed", async () => {
  const origins = {
    settings: () => [
      { key: "checkpoints.mb", value: "2048", from: "defaults" },
      { key: "mode", value: '"ask"', from: "defaults" },
      { key: "model", value: '"test/other"', from: "user: config.toml" },
    ],
    keys: () => new Map(),
  }
  const shown = await typed("settings", {}, { origins })

  expect(shown.kind === "show" ? shown.text.split("\n") : []).toEqual([
    'model                 "test/one"         this session',
    "tier                  –                  not set",
    "routing               –                  not set",
    "optimize              –                  not set",
    "effort                –                  not set",
    "verbosity             –                  not set",
    "output_style          –                  not set",
    'web_search            "disabled"         this session',
    'mode                  "ask"              defaults',
    'sandbox               "workspace-write"  this session',
    "tools_network.access  –                  not set",
    "checkpoints.mb        2048               defaults",
  ])
})

test("/providers says whose keys there are and where each is from, never the key", async () => {
  const model = { images: false, tools: true, reasoning: false }
  const models = [
    { ...model, provider: "openai", id: "a", isReady: false },
    { ...model, provider: "anthropic", id: "b", isReady: true },
    { ...model, provider: "ollama", id: "c", isReady: true },
  ]
  const origins = { settings: () => [], keys: () => new Map([["anthropic", "environment variable ANTHROPIC_API_KEY"]]) }
  const shown = await typed("connect", { "models.list": models }, { origins })

  expect(shown.kind === "show" ? shown.text.split("\n").slice(0, 3) : []).toEqual([
    "✓ anthropic  environment variable ANTHROPIC_API_KEY, 1 model",
    "✓ ollama     needs no key, 1 model",
    "· openai     no key or login, 1 model",
  ])
})

test("what this version does not have says so by its name, in the list of commands too, and help names it last", async () => {
  expect(await typed("swarm")).toEqual({
    kind: "usage",
    text: "/swarm is not available in this version of skein: it has no swarm of agents yet.",
  })
  expect(await typed("copy")).toMatchObject({ kind: "usage" })
  expect(listCommands().find(({ name }) => name === "swarm")?.blocker).toBe(
    "/swarm is not available in this version of skein: it has no swarm of agents yet.",
  )
  const help = await typed("help")
  expect(help.kind === "show" ? help.text.split("\n").at(-1) : "").toStartWith("Not yet: /go ")
})
