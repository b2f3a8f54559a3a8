import { expect, test } from "bun:test"
import type { ModelInfo, SessionSummary, Settings, TreeTurn } from "@skein/protocol"
import { choicePanel, themePanel } from "../../src/panels/pickers/choices.ts"
import { historyPanel } from "../../src/panels/pickers/history.ts"
import { modelPanel } from "../../src/panels/pickers/models.ts"
import { palettePanel } from "../../src/panels/pickers/palette.ts"
import { queuePanel } from "../../src/panels/pickers/queue.ts"
import { sessionPanel } from "../../src/panels/pickers/sessions.ts"
import { effortPanel, modePanel, type SettingOf } from "../../src/panels/pickers/settings.ts"
import { treePanel } from "../../src/panels/pickers/tree.ts"
import { fitsEverywhere, look, press, text, type } from "./sat.ts"

const SETTINGS: Settings = {
  ...{ model: "anthropic/claude-sonnet", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} },
}
const OF: SettingOf = { sessionId: "ses_1", settings: SETTINGS }
const HOUR = 3_600_000

function session(id: string, about: Partial<SessionSummary>): SessionSummary {
  return {
    ...{ sessionId: `ses_${id}`, cwd: "/h/ada/dev/shop", createdAt: 0, updatedAt: 0, preview: "" },
    ...{ isInteractive: true, isArchived: false, ...about },
  }
}

const SESSIONS = sessionPanel({
  sessions: [
    session("1", {
      title: "fix the flaky checkout test",
      preview: "make the checkout test deterministic",
      updatedAt: 98 * HOUR,
      turns: 4,
    }),
    session("2", { preview: "rename Money to Amount", updatedAt: 70 * HOUR, turns: 1 }),
    session("3", { preview: "write the docs\nof billing", updatedAt: 2 * HOUR, turns: 12, cwd: "/h/ada/dev/docs" }),
  ],
  ...{ now: 100 * HOUR, cwd: "/h/ada/dev/shop", home: "/h/ada", current: "ses_2" },
})

test("sessions say when, how long and where", () => {
  expect(text(SESSIONS, 80, 10)).toMatchInlineSnapshot(`
    "  sessions  ▏type to filter

    › fix the flaky checkout test                                4 turns · 2 h ago
      rename Money to Amount     this one                       1 turn · yesterday
      write the docs of billing  ~/dev/docs                  12 turns · 4 days ago

      make the checkout test deterministic
      enter open · esc back · ctrl+t tab · ctrl+r rename · ctrl+x archive · ctrl+d ⋯"
  `)
  expect(text(SESSIONS, 40, 8)).toMatchInlineSnapshot(`
    "  sessions  ▏type to filter

    › fix the flaky checkout test
      rename Money to Amount
      write the docs of billing

      make the checkout test deterministic
      enter open · esc back · ctrl+t tab · ⋯"
  `)
  expect(text(SESSIONS, 120, 10)).toMatchInlineSnapshot(`
    "  sessions  ▏type to filter

    › fix the flaky checkout test                                                                        4 turns · 2 h ago
      rename Money to Amount     this one                                                               1 turn · yesterday
      write the docs of billing  ~/dev/docs                                                          12 turns · 4 days ago

      make the checkout test deterministic
      enter open · esc back · ctrl+t tab · ctrl+r rename · ctrl+x archive · ctrl+d delete"
  `)
})

test("a session is opened, renamed, archived and, after a question, deleted", () => {
  expect(press(SESSIONS, ["enter"]).intents).toEqual([{ type: "session", sessionId: "ses_1", place: "here" }])
  expect(press(SESSIONS, ["ctrl+t"]).intents).toEqual([{ type: "session", sessionId: "ses_1", place: "tab" }])
  const renamed = press(SESSIONS, ["ctrl+r", "ctrl+u", ...type("checkout"), "enter"])
  expect(renamed.intents).toEqual([
    { type: "op", op: { type: "session.change", sessionId: "ses_1", title: "checkout" } },
  ])
  expect(text(renamed.panel)).toContain("› checkout")
  expect(press(SESSIONS, ["ctrl+d", "y"]).intents).toMatchObject([
    { op: { type: "session.delete", sessionId: "ses_1" } },
  ])
  expect(press(SESSIONS, ["ctrl+d", "n"]).intents).toEqual([])
  expect(press(SESSIONS, ["ctrl+x"]).intents).toMatchObject([{ op: { sessionId: "ses_1", isArchived: true } }])
})

test("the session on the screen is not deleted under one's feet", () => {
  const { panel } = press(SESSIONS, ["down", "ctrl+d"])
  expect(text(panel, 80, 10).split("\n").at(-2)).toBe("  Nothing to delete here.")
})

const MODEL: ModelInfo = {
  provider: "anthropic",
  id: "claude-sonnet",
  images: true,
  tools: true,
  reasoning: true,
  isReady: true,
}
const MODELS = modelPanel(
  [
    {
      ...MODEL,
      provider: "mistral",
      id: "large",
      isReady: false,
      contextTokens: 128_000,
      price: { input: 2, output: 6 },
    },
    { ...MODEL, id: "claude-haiku", contextTokens: 200_000, price: { input: 0.8, output: 4 } },
    {
      ...{ ...MODEL, name: "Claude Sonnet", contextTokens: 1_000_000, outputTokensMax: 64_000 },
      price: { input: 3, output: 15, cacheRead: 0.3 },
    },
    { ...MODEL, provider: "ollama", id: "qwen", contextTokens: 32_768, price: { input: 0, output: 0 } },
  ],
  OF,
)

test("models say their price and window, and why one cannot be used", () => {
  expect(text(MODELS, 80, 12)).toMatchInlineSnapshot(`
    "  models  ▏type to filter

    › anthropic/claude-sonnet  now                   $3.00 in  $15.00 out      1 M
      anthropic/claude-haiku                          $0.80 in  $4.00 out    200 k
      ollama/qwen                                                    free   32.8 k
      mistral/large            no key                 $2.00 in  $6.00 out    128 k

      Claude Sonnet · answers up to 64 k · thinks · sees images · $0.30 from its ca⋯
      enter choose · esc back"
  `)
  expect(text(press(MODELS, [...type("mistral"), "enter"]).panel, 80, 12)).toContain("No key for mistral was found.")
  expect(press(MODELS, ["down", "enter"]).intents).toMatchObject([
    { type: "command", line: "/model anthropic/claude-haiku" },
  ])
})

test("a model that no list knows is asked for as it is typed", () => {
  const typed = press(MODELS, type("acme/future-9"))
  expect(text(typed.panel, 80, 12)).toContain("acme/future-9: in no list; Enter asks for it all the same")
  expect(press(typed.panel, ["enter"]).intents).toMatchObject([{ type: "command", line: "/model acme/future-9" }])
})

test("modes and efforts say what they mean, and which holds now", () => {
  expect(text(modePanel(OF), 80, 12)).toMatchInlineSnapshot(`
    "  mode  ▏type to filter

      plan          reads and plans, changes nothing
    › ask           reads; asks before everything else                         now
      accept-edits  edits files of the workspace, asks before commands
      auto          edits, and runs commands that the sandbox holds
      full          asks nothing

      enter choose · esc back"
  `)
  expect(press(modePanel(OF), ["down", "enter"]).intents).toMatchObject([{ op: { changes: { mode: "accept-edits" } } }])
  expect(press(effortPanel(OF), ["end", "enter"]).intents).toMatchObject([{ type: "command", line: "/effort xhigh" }])
})

test("a theme is seen while it is chosen, and gone when it is not", () => {
  const themes = themePanel([{ name: "mono" }, { name: "dark", detail: "colors on black" }], "mono")
  expect(press(themes, ["down", "enter"]).intents).toEqual([
    { type: "theme", name: "dark" },
    { type: "theme", name: "dark", isChosen: true },
  ])
  expect(press(themes, ["down", "escape"]).intents.at(-1)).toEqual({ type: "theme", name: "mono" })
})

const QUEUE = queuePanel([
  { inputId: "inp_1", delivery: "steer", input: [{ type: "text", text: "also check\nthe cart" }] },
  { inputId: "inp_2", delivery: "queue", input: [{ type: "image", mediaType: "image/png", data: "" }] },
])

test("what waits is taken back or cancelled", () => {
  expect(text(QUEUE, 80, 8)).toMatchInlineSnapshot(`
    "  queue  ▏type to filter

    › also check the cart                                   joins at the next step
      [1 image]                                                    after this turn

      enter edit · esc back · ctrl+d cancel"
  `)
  expect(press(QUEUE, ["enter"]).intents).toEqual([{ type: "queue.edit", inputId: "inp_1" }])
  expect(press(QUEUE, ["down", "ctrl+d"]).intents).toEqual([{ type: "queue.cancel", inputId: "inp_2" }])
  expect(text(queuePanel([]), 80, 8)).toContain("Nothing waits. While a turn runs, Enter steers it")
})

function turn(id: string, parent: string | undefined, about: Partial<TreeTurn> = {}): TreeTurn {
  return {
    ...{ turnId: `trn_${id}`, beforeSeq: 1, endSeq: 2, at: 0, preview: `turn ${id}`, isCurrent: true, filesChanged: 0 },
    ...(parent === undefined ? {} : { parentTurnId: `trn_${parent}` as const }),
    ...about,
  }
}

const TREE = treePanel({
  ...{ sessionId: "ses_1", now: HOUR },
  tree: {
    turns: [
      turn("1", undefined),
      turn("2", "1", { isCurrent: false, label: "with clocks" }),
      turn("3", "1", { filesChanged: 2 }),
    ],
    current: "trn_3",
  },
})

test("turns show their branches, and one can go on from each", () => {
  expect(text(TREE, 80, 10)).toMatchInlineSnapshot(`
    "  turns  ▏type to filter

      turn 1                                                               1 h ago
        turn 2  with clocks · left                                         1 h ago
    ›   turn 3  here · 2 files changed                                     1 h ago

      enter go on · esc back · ctrl+b before · ctrl+f fork · ctrl+l label"
  `)
  expect(press(TREE, ["up", "enter"]).intents).toEqual([{ type: "command", line: "/tree trn_2" }])
  expect(press(TREE, ["ctrl+b"]).intents).toEqual([{ type: "command", line: "/rewind trn_3" }])
  expect(press(TREE, ["ctrl+f"]).intents).toEqual([{ type: "command", line: "/fork trn_3" }])
  expect(press(TREE, ["ctrl+l", ...type("ok"), "enter"]).intents).toMatchObject([
    { op: { type: "turn.label", sessionId: "ses_1", turnId: "trn_3", label: "ok" } },
  ])
})

const PALETTE = palettePanel({
  ...OF,
  commands: [
    { name: "compact", aliases: [], summary: "Make room.", usage: "[what to keep]", whileBusy: false },
    { name: "rename", aliases: ["title"], summary: "Name this session.", usage: "<title>", whileBusy: true },
  ],
  blockerOf: (action) => (action === "queue.edit" ? "Not now: nothing waits." : undefined),
  keyOf: (action) => (action === "models" ? "ctrl+o" : undefined),
  isRunning: true,
  calls: [{ callId: "cal_1", title: "npm test" }],
})

test("the palette has commands, actions with their keys, and settings", () => {
  expect(text(PALETTE, 80, 10)).toMatchInlineSnapshot(`
    "  do  ▏type to filter                                                 1–5 of 70

    › /compact                    Make room.
      /rename                     Name this session.
      Send; while a turn runs: steer it
      While a turn runs: send after it; else a new line
      New line

      Not while a turn runs. Esc interrupts it.
      enter do it · esc back"
  `)
  const typed = (words: string) => press(PALETTE, type(words)).panel
  expect(text(typed("choose the model"), 80, 9)).toMatchInlineSnapshot(`
    "  do  choose the model▏                                                 1 of 70

    › Choose the model                                                      ctrl+o





      enter do it · esc back"
  `)
  expect(press(typed("choose the model"), ["enter"]).intents).toEqual([{ type: "act", action: "models" }])
  expect(press(typed("title"), ["enter"]).intents).toEqual([{ type: "insert", text: "/rename " }])
  expect(press(typed("effort xhigh"), ["enter"]).intents).toMatchObject([{ type: "command", line: "/effort xhigh" }])
  expect(press(typed("stop the call"), ["enter"]).intents).toMatchObject([
    { op: { type: "call.cancel", callId: "cal_1" } },
  ])
})

test("what the palette cannot do says why, and is not absent", () => {
  for (const words of ["background", "attach", "close the call", "/compact", "take back"]) {
    const { intents, panel } = press(PALETTE, [...type(words), "enter"])
    expect(intents).toEqual([])
    expect(text(panel, 80, 9).split("\n").at(-2)).toMatch(/^ {2}Not /)
  }
})

test("the palette sets how much is written and what is searched", () => {
  const chosen = (words: string) => press(PALETTE, [...type(words), "enter"]).intents
  expect(chosen("verbosity low")).toMatchObject([{ type: "command", line: "/verbosity low" }])
  expect(chosen("web search live")).toMatchObject([{ type: "command", line: "/web-search live" }])
  expect(chosen("web search size high")).toMatchObject([{ type: "command", line: "/web-search size=high" }])
  expect(chosen("web search domains")).toEqual([{ type: "insert", text: "/web-search domains=" }])
})

test("a choice that stands for words goes into the composer", () => {
  const choices = choicePanel("Which?", [{ label: "pdf", detail: "", command: "skills pdf", inserts: "$pdf " }])
  expect(press(choices, ["enter"]).intents).toEqual([{ type: "insert", text: "$pdf " }])
})

test("a command's choices run commands", () => {
  const choices = choicePanel("Which?", [{ label: "one", detail: "first", command: "goto 1" }])
  expect(press(choices, ["enter"]).intents).toEqual([{ type: "command", line: "/goto 1" }])
})

const CONFLICT = [
  "Files:",
  ...Array.from(
    { length: 12 },
    (_, at) => `  restore src/a/very/long/way/down/into/the/folders/of/it/part-${at}/module.ts  ! theirs`,
  ),
  "What is done with them?",
].join("\n")

test.each([
  [80, 11],
  [40, 11],
])("what a choice is about is read whole by its page keys, each name to its end, at %i columns", (columns, rows) => {
  const choices = ["skip", "merge"].map((how) => ({ label: how, detail: "", command: `undo ${how}` }))
  let panel = choicePanel(CONFLICT, choices)
  expect(text(panel, columns, rows)).toContain("more below: page-down")
  let seen = ""
  for (let page = 0; page < 40; page++) {
    seen += text(panel, columns, rows).replaceAll(/\s/g, "")
    panel = press(panel, ["page-down"], rows).panel
  }
  for (let at = 0; at < 12; at++) expect(seen).toContain(`part-${at}/module.ts`)
  expect(text(panel, columns, rows)).toContain("more above: page-up")
  expect(press(panel, ["down", "enter"], rows).intents).toEqual([{ type: "command", line: "/undo merge" }])
  fitsEverywhere(choicePanel(CONFLICT, choices), ["page-down", "x", "page-up"])
})

test("a prompt of before comes into the composer", () => {
  const history = historyPanel([{ sessionId: "ses_1", at: 98 * HOUR, text: "fix the\nbuild" }], 100 * HOUR)
  expect(text(history, 60, 6)).toContain("› fix the build                                    2 h ago")
  expect(press(history, ["enter"]).intents).toEqual([{ type: "insert", text: "fix the\nbuild" }])
})

test("a list over the composer leaves most of a tall screen to what was read", () => {
  expect(PALETTE.view(look(), 60).lines.length).toBeLessThan(20)
})

test("pickers fit every screen", () => {
  for (const panel of [SESSIONS, MODELS, QUEUE, TREE, PALETTE, modePanel(OF)]) fitsEverywhere(panel, ["down", "e"])
})

test("a session that is open in another tab is not deleted", () => {
  const sessions = [session("1", { title: "here" }), session("2", { title: "beside" })]
  const deleted = (open: SessionSummary["sessionId"][]) =>
    press(sessionPanel({ sessions, current: "ses_1", open, now: 0 }), ["down", "ctrl+d", "y", "enter"]).intents
  expect(deleted(["ses_1"])).toMatchObject([{ op: { type: "session.delete", sessionId: "ses_2" } }])
  expect(deleted(["ses_1", "ses_2"])).not.toContainEqual(expect.objectContaining({ type: "op" }))
})

test("the model that is asked now stands on top, even where no list knows it", () => {
  const settings = { ...SETTINGS, model: "mine/my-model" }
  const panel = modelPanel([{ ...MODEL, provider: "mistral", id: "large" }], { ...OF, settings })
  const [, , first] = text(panel, 80, 10).split("\n")
  expect(first).toContain("› mine/my-model")
  expect(first).toContain("now")
})
