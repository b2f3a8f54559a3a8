import { describe, expect, test } from "bun:test"
import { InputDecoder } from "../decode/decoder.ts"
import type { TerminalReply } from "../input.ts"
import { endsRound, questions, terminalFacts } from "./facts.ts"

/** Answers as a terminal writes them. */
function answered(bytes: string): TerminalReply[] {
  const inputs = new InputDecoder().feed(new TextEncoder().encode(bytes))
  return inputs.map((input) => {
    if (input.kind !== "reply") throw new Error(`No answer: ${JSON.stringify(input)}`)
    return input.reply
  })
}

test("what the environment says is enough for a first frame", () => {
  expect(terminalFacts([], { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1", COLORTERM: "truecolor" })).toEqual({
    name: "kitty",
    colorDepth: "true",
    isSynchronized: true,
    keyboard: "protocol",
    marksPastes: true,
    reflow: "all",
    isLight: undefined,
    images: "placeholders",
    hasLinks: true,
    clipboard: "osc52",
    notification: "osc99",
    isTmux: false,
    isSsh: false,
    isSure: false,
  })
})

test("answers make it better, in whatever order they come", () => {
  const replies = answered(
    "\x1b[?62;4;52c\x1b]11;rgb:fafa/fafa/fafa\x07\x1bP>|foot(1.20.0)\x1b\\\x1b[?2026;2$y\x1b[?0u",
  )
  expect(terminalFacts(replies, { TERM: "xterm-256color", SSH_TTY: "/dev/pts/1" })).toMatchObject({
    name: "foot",
    version: "foot(1.20.0)",
    isSynchronized: true,
    keyboard: "protocol",
    isLight: true,
    background: "#fafafa",
    images: "sixel",
    clipboard: "osc52",
    isSsh: true,
    isSure: true,
  })
})

test("a terminal that says it cannot is believed over its name", () => {
  const env = { TERM_PROGRAM: "iTerm.app" }
  expect(terminalFacts([], env).isSynchronized).toBe(true)
  expect(terminalFacts(answered("\x1b[?2026;0$y"), env).isSynchronized).toBe(false)
})

test.each([
  ["vscode", "xterm.js(6.1.0-beta.4)"],
  ["xterm", "XTerm(390)"],
  ["kitty", "kitty(0.40.0)"],
  ["wezterm", "WezTerm 20240203"],
  ["iterm2", "iTerm2 3.5"],
  ["vte", "VTE(7600)"],
  ["tmux", "tmux 3.4"],
  ["unknown", "constructor"],
  ["unknown", "__proto__"],
])("it is %s by its own answer %s", (name, answer) => {
  expect(terminalFacts(answered(`\x1bP>|${answer}\x1b\\`), {}).name).toBe(name)
})

test("what an editor's terminal says of itself does not turn it into the one it is named after", () => {
  const env = { TERM_PROGRAM: "vscode", TERM: "xterm-256color" }
  expect(terminalFacts(answered("\x1bP>|xterm.js(6.1.0)\x1b\\"), env)).toMatchObject({
    ...{ name: "vscode", reflow: "all-but-cursor", keyboard: "plain", clipboard: "osc52", isSynchronized: true },
  })
})

test("words that every object has are no names", () => {
  expect(terminalFacts([], { TERM_PROGRAM: "constructor", FORCE_COLOR: "constructor" })).toMatchObject({
    ...{ name: "unknown", colorDepth: "16" },
  })
})

test("a terminal that says it marks no pastes is believed, as are those that are known not to", () => {
  expect(terminalFacts([], { TERM: "xterm-256color" }).marksPastes).toBe(true)
  expect(terminalFacts(answered("\x1b[?2004;0$y"), { TERM: "xterm-256color" }).marksPastes).toBe(false)
  expect(terminalFacts([], { TERM: "linux" }).marksPastes).toBe(false)
})

test.each([
  ["kitty", { TERM: "xterm-kitty" }],
  ["ghostty", { TERM: "xterm-ghostty" }],
  ["iterm2", { TERM_PROGRAM: "iTerm.app", TERM: "xterm-256color" }],
  ["apple-terminal", { TERM_PROGRAM: "Apple_Terminal", TERM: "xterm-256color" }],
  ["vscode", { TERM_PROGRAM: "vscode", TERM: "xterm-256color" }],
  ["windows-terminal", { WT_SESSION: "x" }],
  ["vte", { VTE_VERSION: "7600", TERM: "xterm-256color" }],
  ["tmux", { TMUX: "/tmp/x,1,0", TERM: "tmux-256color", TERM_PROGRAM: "tmux" }],
  ["tmux", { TMUX: "/tmp/x,1,0", TERM: "screen-256color", KITTY_WINDOW_ID: "1" }],
  ["screen", { STY: "1.pts", TERM: "screen" }],
  ["linux", { TERM: "linux" }],
  ["dumb", { TERM: "dumb", TMUX: "x" }],
  ["unknown", { TERM: "xterm-256color" }],
  ["unknown", {}],
] as const)("it is %s by %j", (name, env) => {
  expect(terminalFacts([], env).name).toBe(name)
})

test.each([
  ["none", { NO_COLOR: "1", COLORTERM: "truecolor" }],
  ["true", { NO_COLOR: "1", FORCE_COLOR: "3" }],
  ["none", { FORCE_COLOR: "0", COLORTERM: "truecolor" }],
  ["true", { NO_COLOR: "", COLORTERM: "24bit" }],
  ["true", { TERM: "xterm-direct" }],
  ["256", { TERM: "xterm-256color" }],
  ["16", { TERM: "xterm" }],
  ["16", { TERM: "linux" }],
  ["none", { TERM: "dumb" }],
  ["256", { TERM_PROGRAM: "Apple_Terminal" }],
  ["true", { TERM: "tmux-256color", TMUX: "x", COLORTERM: "truecolor" }],
] as const)("%s colors by %j", (depth, env) => {
  expect(terminalFacts([], env).colorDepth).toBe(depth)
})

test.each([
  ["placeholders", { TERM: "xterm-kitty" }, ""],
  ["placeholders", { TERM: "xterm-ghostty", TERM_PROGRAM: "ghostty" }, ""],
  ["placeholders", { TERM: "xterm-256color", COLORTERM: "truecolor" }, "kitty(0.28.1)"],
  ["placeholders", { TERM: "xterm-256color" }, "ghostty 1.2.0"],
  ["placeholders", { TERM: "xterm-kitty" }, "kitty(1.0.0)"],
  ["kitty", { TERM: "xterm-kitty" }, "kitty(0.27.1)"],
  ["kitty", { TERM: "xterm-kitty", NO_COLOR: "1" }, ""],
  ["kitty", { TERM: "xterm-kitty", FORCE_COLOR: "2" }, "kitty(0.40.0)"],
  ["kitty", { TERM: "xterm-256color", KITTY_WINDOW_ID: "1" }, ""],
  ["none", { TERM: "xterm-256color", KITTY_WINDOW_ID: "1", ALACRITTY_WINDOW_ID: "2" }, "alacritty(0.15)"],
  ["kitty", { TERM: "xterm-kitty" }, "Konsole 24.08"],
  ["none", { TERM: "tmux-256color", TMUX: "/tmp/x,1,0", COLORTERM: "truecolor" }, "tmux 3.4"],
  ["kitty", { TERM: "xterm-kitty", TERM_PROGRAM: "kitty", TMUX: "/tmp/x,1,0" }, "kitty(0.40.0)"],
  ["iterm", { TERM: "xterm-256color", TERM_PROGRAM: "WezTerm" }, ""],
] as const)("images are %s for %j that answers %j", (images, env, answer) => {
  const replies = answer === "" ? [] : answered(`\x1bP>|${answer}\x1b\\`)
  expect(terminalFacts(replies, env).images).toBe(images)
})

describe("light or dark", () => {
  test.each([
    [true, "rgb:ffff/ffff/ffff"],
    [true, "rgb:fdfd/f6f6/e3e3"],
    [false, "rgb:0000/2b2b/3636"],
    [false, "rgb:5555/5555/5555"],
    [true, "rgb:9999/9999/9999"],
  ])("%p for %s", (isLight, color) => {
    expect(terminalFacts(answered(`\x1b]11;${color}\x07`), {}).isLight).toBe(isLight)
  })

  test("by the environment where nothing answers, and unknown without it", () => {
    expect(terminalFacts([], { COLORFGBG: "0;15" }).isLight).toBe(true)
    expect(terminalFacts([], { COLORFGBG: "15;default;0" }).isLight).toBe(false)
    expect(terminalFacts([], {}).isLight).toBeUndefined()
  })

  test("a desktop that changes is followed", () => {
    expect(terminalFacts(answered("\x1b]11;rgb:0/0/0\x07\x1b[?997;2n"), {}).isLight).toBe(true)
  })
})

test("nothing is asked that a terminal would show", () => {
  expect(questions({ TERM: "dumb" })).toBe("")
  expect(questions({ TERM: "linux" })).toBe("\x1b[c")
  expect(questions({ TERM_PROGRAM: "Apple_Terminal" })).not.toContain("$p")
  expect(questions({ TERM: "xterm-256color" })).toBe("\x1b[>0q\x1b[?2026$p\x1b[?2004$p\x1b[?u\x1b]11;?\x1b\\\x1b[c")
})

test("a round ends with what every terminal answers", () => {
  expect(answered("\x1b[?1u\x1b[?62c").map(endsRound)).toEqual([false, true])
})
