import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { terminalChecks } from "./checks.ts"
import { selftest } from "./selftest.ts"

const ENV = { TERM: "xterm-256color", LANG: "C.UTF-8" }
const SIZE = { columns: 80, rows: 24 }

/** A terminal that answers, without a process between. */
function answering(options: Parameters<typeof virtualTerminal>[0] = {}, hears = (_: string) => true) {
  let give = (_: Uint8Array) => {}
  const screen = virtualTerminal({
    ...options,
    onReply: (bytes) => (hears(bytes) ? queueMicrotask(() => give(new TextEncoder().encode(bytes))) : undefined),
  })
  const calls: string[] = []
  const terminal = {
    size: SIZE,
    write: (bytes: string) => void screen.write(bytes),
    onInput(handler: (bytes: Uint8Array) => void) {
      give = handler
    },
    raw: () => void calls.push("raw"),
    cooked: () => void calls.push("cooked"),
  }
  return { screen, terminal, calls }
}

/** A clock whose silences are over once nothing else is left to do. */
function clock() {
  let now = 0
  return {
    now: () => now++,
    after(_: number, act: () => void) {
      const timer = setTimeout(act, 200)
      return () => clearTimeout(timer)
    },
  }
}

test("a terminal that answers is told what it can do, and nothing stays on its screen", async () => {
  const { screen, terminal, calls } = answering({ name: "kitty(0.40.0)", background: "#fafafa", keyboardFlags: 0 })
  const report = await selftest({ terminal, env: ENV, ...clock() })
  await screen.settled()
  expect(report.facts).toMatchObject({ name: "kitty", keyboard: "protocol", isLight: true, isSure: true })
  expect(report.widths).toEqual([])
  expect(report.strategy).toMatchObject({ frames: "synchronized", keyboard: "protocol" })
  expect(report.flicker).toMatchObject({ fullRedraws: 0, erasures: 0 })
  expect(screen.screen().join("").trim()).toBe("")
  expect(screen.cursor).toMatchObject({ row: 0, column: 0 })
  expect(calls).toEqual(["raw", "cooked"])
})

test("characters that it gives other cells are named, with what was expected", async () => {
  const { terminal } = answering({ widths: "2016" })
  const { widths = [], checks } = await selftest({ terminal, env: ENV, ...clock() })
  expect(widths).toContainEqual({
    kind: "joined emoji",
    text: "👩‍👩‍👧",
    columns: expect.any(Number),
    expectedColumns: 2,
    isPlaced: true,
  })
  expect(
    checks.filter(({ name }) => name === "widths").every(({ status, cure }) => status === "warn" && cure !== undefined),
  ).toBe(true)
})

test("of characters of another width it is told whether the rest of their line shifts", async () => {
  const { terminal } = answering()
  const { facts, size, flicker } = await selftest({ terminal, env: ENV, ...clock() })
  const widths = [
    { kind: "emoji", text: "✅", columns: 1, expectedColumns: 2, isPlaced: true },
    { kind: "glyphs of skein", text: "●", columns: 2, expectedColumns: 1, isPlaced: false },
  ]
  const told = terminalChecks({ facts, size, answeredMs: 1, widths, flicker }, ENV).filter(
    ({ name }) => name === "widths",
  )
  expect(told.map(({ cure }) => cure)).toEqual([
    expect.stringContaining("stands where it should"),
    expect.stringContaining("shifts"),
  ])
})

test("of one that stays silent, only the environment is told", async () => {
  const { terminal, calls } = answering({}, () => false)
  const report = await selftest({ terminal, env: ENV, ...clock() })
  expect(report).toMatchObject({ answeredMs: undefined, widths: undefined, facts: { name: "unknown", isSure: false } })
  expect(report.checks.find(({ name }) => name === "answers")).toMatchObject({ status: "warn" })
  expect(calls).toEqual(["raw", "cooked"])
})

test("one that does not know its cursor is not measured", async () => {
  const { terminal } = answering({}, (bytes) => !bytes.endsWith("R"))
  const report = await selftest({ terminal, env: ENV, ...clock() })
  expect(report.facts.isSure).toBe(true)
  expect(report.widths).toBeUndefined()
})

test("a tmux around us takes what is copied, and of another machine's it is said what it lacks for that", async () => {
  const { terminal } = answering()
  const found = await selftest({ terminal, env: ENV, ...clock() })
  const clipboardIn = (env: Record<string, string>) =>
    terminalChecks({ ...found, facts: { ...found.facts, isTmux: true } }, env).find(({ name }) => name === "clipboard")
  expect(clipboardIn({ ...ENV, TMUX: "/tmp/tmux,1,0" })?.status).toBe("ok")
  expect(clipboardIn({ ...ENV, TERM: "tmux-256color" })).toMatchObject({
    status: "warn",
    cure: expect.stringContaining("set-clipboard"),
  })
})

test("whatever could be better has a cause and a cure", async () => {
  const { terminal } = answering({}, () => false)
  const { checks } = await selftest({ terminal, env: { TERM: "xterm", SSH_TTY: "x", XTERM_VERSION: "x" }, ...clock() })
  const warned = checks.filter(({ status }) => status === "warn")
  expect(warned.map(({ name }) => name)).toEqual([
    "answers",
    "drawing",
    "clipboard",
    "background",
    "characters",
    "widths",
  ])
  expect(warned.filter(({ cure }) => cure === undefined).map(({ name }) => name)).toEqual(["widths"])
})

test.each([
  ["drawn among text, as far as is known of it", { TERM: "xterm-kitty" }],
  ["named; kitty and Ghostty draw them, in 16.7 million colors", { TERM: "xterm-256color" }],
  ["named, as tmux is between", { TERM: "tmux-256color", TMUX: "/tmp/tmux,1,0" }],
])("images are %s", async (summary, env) => {
  const { checks } = await selftest({ terminal: answering({}, () => false).terminal, env, ...clock() })
  expect(checks.find(({ name }) => name === "images")?.summary).toBe(summary)
})
