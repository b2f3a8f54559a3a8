import { expect, test } from "bun:test"
import type { ContextReport, UsageReport } from "@skein/protocol"
import { AGENTS } from "../../src/fixtures/asked.ts"
import { contextPanel } from "../../src/panels/pages/context.ts"
import { costPanel } from "../../src/panels/pages/cost.ts"
import { helpPanel } from "../../src/panels/pages/help.ts"
import { planPanel } from "../../src/panels/pages/todos.ts"
import { agentsPanel } from "../../src/panels/rows/agents.ts"
import { type ToolRow, toolsPanel } from "../../src/panels/rows/tools.ts"
import { fitsEverywhere, press, text, type } from "./sat.ts"

const section = { text: "", sha256: "", bytes: 1 }
const REPORT: ContextReport = {
  sections: [
    { ...section, source: "instructions", tokens: 3_100 },
    { ...section, source: "agents_md", path: "~/dev/shop/AGENTS.md", tokens: 4_200 },
  ],
  inline: [],
  ...{ toolTokens: 6_000, messageTokens: 48_700, totalTokens: 62_000, contextTokens: 200_000 },
  conversation: [
    { source: "results of bash", tokens: 30_000 },
    { source: "answers", tokens: 18_700 },
  ],
  cache: { readTokens: 56_000, inputTokens: 62_000, miss: { cause: "tools", tokens: 6_000 } },
}
const CONTEXT = contextPanel(() => REPORT)

test("the context is a bar and a row for each source", () => {
  expect(text(CONTEXT, 80, 20)).toMatchInlineSnapshot(`
    "  context                                                        31 % of 200 k

      ▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎▎─────────────────────────────────────────────────────
      138,000 tokens left · 90 % of the newest request from the cache · 6,000 were
      read anew: the tools changed

      before the conversation                                        12 %    7,300
        ~/dev/shop/AGENTS.md                                          7 %    4,200
        instructions                                                  5 %    3,100
      tools                                                          10 %    6,000
      conversation                                                   79 %   48,700
        results of bash                                              48 %   30,000
        answers                                                      30 %   18,700
      all                                                           100 %   62,000





      esc back · / filter"
  `)
  expect(text(CONTEXT, 40, 16)).toMatchInlineSnapshot(`
    "  context                31 % of 200 k

      ▎▎▎▎▎▎▎▎▎▎▎─────────────────────────
      138,000 tokens left · 90 % of the
      newest request from the cache ·
      6,000 were read anew: the tools
      changed

      before the conversation        7,300
        ~/dev/shop/AGENTS.md         4,200
        instructions                 3,100
      tools                          6,000
      conversation                  48,700
        results of bash             30,000

      esc back · / filter       1–12 of 14"
  `)
})

const usage = { input: 4_000, cacheRead: 56_000, cacheWrite: 2_000, output: 3_400, reasoning: 1_200 }
const row = { steps: 4, usage, microUsd: 180_000, modelMs: 74_000, firstTokenMs: 900 }
const COST_REPORT: UsageReport = {
  total: row,
  models: [{ ...row, model: "anthropic/claude-sonnet" }],
  turns: [
    { ...row, turnId: "trn_1", preview: "make the checkout test deterministic" },
    { ...row, turnId: "trn_2", preview: "also check the cart", microUsd: 4_200 },
  ],
  ...{ days: [], sessions: [] },
}
const COST = costPanel(() => COST_REPORT)

test("cost says what was spent, on what, and what the cache saved", () => {
  expect(text(COST, 80, 20)).toMatchInlineSnapshot(`
    "  cost                                                         $0.18 · 4 steps

      spent                                                                  $0.18
      sent                                     90 % from the cache   62,000 tokens
      answered                              1,200 of them thoughts    3,400 tokens
      models took, in 4 steps              first token after 0.9 s        1 m 14 s

      models
      anthropic/claude-sonnet              90 % cached   1 m 14 s   65.4 k   $0.18

      turns, newest first
      also check the cart                90 % cached   1 m 14 s   65.4 k   $0.0042
      make the checkout test determini⋯  90 % cached   1 m 14 s   65.4 k     $0.18






      esc back · / filter"
  `)
  expect(text(COST, 40, 20)).toMatchInlineSnapshot(`
    "  cost                 $0.18 · 4 steps

      spent                          $0.18
      sent                   62,000 tokens
      answered                3,400 tokens
      models took, in 4 st⋯       1 m 14 s

      models
      anthropic/claude-sonnet        $0.18

      turns, newest first
      also check the cart          $0.0042
      make the checkout test det⋯    $0.18






      esc back · / filter"
  `)
})

const PLAN = planPanel(() => ({
  goal: "a checkout test that never flakes",
  todos: [
    { text: "inject the clock", status: "completed" },
    { text: "use a fake one in both tests", status: "in_progress" },
    { text: "look for other\nsleeps", status: "pending" },
  ],
  plan: "First the debounce, then its tests.",
}))

test("the plan shows what is done, what is under way and what is left", () => {
  expect(text(PLAN, 80, 16)).toMatchInlineSnapshot(`
    "  plan                                                             1 of 3 done

      goal
      a checkout test that never flakes

      to do
      ✓ inject the clock
      ● use a fake one in both tests
      ○ look for other sleeps

      plan
      First the debounce, then its tests.



      esc back · / filter"
  `)
  expect(
    text(
      planPanel(() => ({})),
      80,
      8,
    ),
  ).toContain("No plan yet.")
})

const HELP = helpPanel([
  {
    title: "Say",
    rows: [
      { keys: ["enter"], what: "Send; while a turn runs: steer it" },
      { keys: ["shift+enter", "ctrl+j"], what: "New line", note: "or a backslash and then Enter, in every terminal" },
      { keys: [], what: "Draw the screen anew" },
    ],
  },
  { title: "Look", rows: [{ keys: ["?"], what: "Keys" }] },
])

test("help lists every key, and / leaves the rows that say what is typed", () => {
  expect(text(HELP, 80, 14)).toMatchInlineSnapshot(`
    "  keys

      Say
      enter                Send; while a turn runs: steer it
      shift+enter  ctrl+j  New line
                           or a backslash and then Enter, in every terminal
                           Draw the screen anew (no key is bound)

      Look
      ?                    Keys



      esc back · / filter"
  `)
  const filtered = press(HELP, ["/", ...type("NEW li")]).panel
  expect(text(filtered, 80, 8)).toMatchInlineSnapshot(`
    "  keys

      shift+enter  ctrl+j  New line




      /NEW li▏"
  `)
  const kept = press(filtered, ["enter"])
  expect(press(kept.panel, ["escape"]).isLeft).toBe(false)
  expect(press(kept.panel, ["escape", "escape"]).isLeft).toBe(true)
})

test("a page scrolls as far as there are rows", () => {
  text(COST, 80, 10)
  const end = press(COST, ["end", "page-down", "up"], 10).panel
  expect(text(end, 80, 10)).toMatchInlineSnapshot(`
    "  cost                                                         $0.18 · 4 steps


      models
      anthropic/claude-sonnet              90 % cached   1 m 14 s   65.4 k   $0.18

      turns, newest first
      also check the cart                90 % cached   1 m 14 s   65.4 k   $0.0042

      esc back · / filter                                               5–10 of 11"
  `)
  expect(text(press(end, ["g"], 10).panel, 80, 10)).toBe(text(COST, 80, 10))
})

const SWARM = agentsPanel(() => AGENTS)

test("agents say what they do, who needs the person, and what they cost", () => {
  expect(text(SWARM, 80, 11)).toMatchInlineSnapshot(`
    "  agents  "split the billing module"                  5 agents · 02:14 · $0.84

    › ● api      edit src/api/invoice.ts           step 9   $0.21   worktree api-3f
      ● storage  bash npm test                     step 6   $0.12   worktree sto-91
      ◌ docs     asks: overwrite docs/billing.md?  step 3   $0.04
      ✓ types    merged                            done     $0.09
      ✗ ui       conflict in Cart.tsx (2 hunks)    held     $0.18   enter to look



      esc back · enter look · x stop"
  `)
  expect(text(SWARM, 40, 9)).toMatchInlineSnapshot(`
    "  agents  "split the billin⋯  5 agents

    › ● api      edit src/api/invo⋯  step 9
      ● storage  bash npm test       step 6
      ◌ docs     asks: overwrite d⋯  step 3
      ✓ types    merged                done
      ✗ ui       conflict in Cart.ts⋯  held

      esc back · enter look · x stop"
  `)
  expect(press(SWARM, ["end", "enter"])).toMatchObject({
    isLeft: true,
    intents: [{ type: "session", sessionId: "ses_5", place: "tab" }],
  })
  expect(text(press(SWARM, ["enter"]).panel, 80, 11)).toContain("It has no session to look at.")
})

const TOOLS = toolsPanel(() => [
  {
    ...{ callId: "cal_1", sessionId: "ses_1", name: "bash", title: "npm test -- checkout", state: "foreground" },
    ...{ elapsedMs: 12_400, bytes: 3_100, preview: "✓ applies a coupon (2 ms)" },
  },
])

test("what runs is stopped after a question, put into the background without one, and attached to only there", () => {
  expect(text(TOOLS, 80, 8)).toMatchInlineSnapshot(`
    "  tools                                                              1 running

    › ● bash   npm test -- checkout                                   12 s   3.1 kB




      esc back · enter attach · b background · e end input · x stop · K kill · X all"
  `)
  expect(text(TOOLS, 120, 6)).toMatchInlineSnapshot(`
    "  tools                                                                                                      1 running

    › ● bash   npm test -- checkout   ┊ ✓ applies a coupon (2 ms)                             foreground      12 s   3.1 kB


      esc back · enter attach · b background · e end input · x stop · K kill · X all"
  `)
  expect(press(TOOLS, ["x", "n"]).intents).toEqual([])
  expect(press(TOOLS, ["x", "y"]).intents).toMatchObject([{ op: { type: "call.cancel", callId: "cal_1" } }])
  expect(press(TOOLS, ["b"]).intents).toMatchObject([{ op: { type: "call.background", callId: "cal_1" } }])
  expect(text(press(TOOLS, ["enter"]).panel, 80, 8)).toContain("It runs in the foreground.")
})

test("what runs is as it is whenever it is looked at, and a yes stops what was asked about or nothing", () => {
  const row = (id: number): ToolRow => ({
    ...{ callId: `cal_${id}`, sessionId: "ses_1", name: "bash", title: `call ${id}`, state: "foreground" },
    elapsedMs: id * 1_000,
  })
  let now = [row(1), row(2), row(3)]
  const second = press(
    toolsPanel(() => now),
    ["down", "x"],
  ).panel
  expect(text(second, 80, 8)).toContain("Stop bash?")
  now = [row(2), row(3)]
  expect(text(second, 80, 8)).toContain("2 running\n\n› ● bash   call 2")
  expect(press(second, ["y"]).intents).toMatchObject([{ op: { type: "call.cancel", callId: "cal_2" } }])
  now = [row(3)]
  const late = press(second, ["y"])
  expect(late.intents).toEqual([])
  expect(text(late.panel, 80, 8)).toContain("It is over already.")
  now = []
  expect(text(late.panel, 80, 8)).toContain("Nothing runs.")
})

test("pages and rows fit every screen", () => {
  for (const panel of [CONTEXT, COST, PLAN, HELP]) fitsEverywhere(panel, ["/", "e", "enter", "down"])
  for (const panel of [SWARM, TOOLS]) fitsEverywhere(panel, ["down", "x", "n", "b"])
})
