import { drawsUtf8, localeOf } from "../facts/charset.ts"
import type { TerminalFacts } from "../facts/facts.ts"
import type { Size } from "../frame.ts"
import type { Flicker } from "./flicker.ts"
import type { WidthDifference } from "./widths.ts"

/** One thing that was looked at. */
export interface TerminalCheck {
  readonly name: string
  readonly status: "ok" | "warn"
  readonly summary: string
  readonly cure?: string | undefined
}

export interface Observed {
  readonly facts: TerminalFacts
  readonly size: Size
  /** Until the answers were there; undefined when none came. */
  readonly answeredMs: number | undefined
  /** Undefined when the terminal did not say where its cursor is. */
  readonly widths: readonly WidthDifference[] | undefined
  readonly flicker: Flicker
}

type Env = Readonly<Record<string, string | undefined>>

/** What was found, each finding with its cause and its cure. */
export function terminalChecks(observed: Observed, env: Env): readonly TerminalCheck[] {
  const { facts } = observed
  return [
    named(observed, env),
    answers(observed),
    sized(observed.size),
    drawing(facts),
    keys(facts),
    clipboard(facts, env),
    colors(facts, env),
    images(facts),
    background(facts),
    locale(env),
    ...widths(observed),
    flicker(observed.flicker),
  ]
}

function named({ facts }: Observed, env: Env): TerminalCheck {
  const by = facts.version ?? `by TERM=${env.TERM ?? ""}`
  const around = [facts.isTmux ? "in tmux" : "", facts.isSsh ? "over SSH" : ""].filter((one) => one !== "")
  return ok("terminal", [`${facts.name} (${by})`, ...around].join(", "))
}

function answers({ answeredMs }: Observed): TerminalCheck {
  if (answeredMs !== undefined) return ok("answers", `after ${answeredMs.toFixed(0)} ms`)
  return warn(
    "answers",
    "none came; what follows is by the environment alone",
    "Nothing is slower for it. If the terminal should answer, look at what stands between: a multiplexer, a serial line, a recorder.",
  )
}

function sized({ columns, rows }: Size): TerminalCheck {
  const summary = `${columns} x ${rows}`
  if (columns >= COLUMNS_MIN && rows >= ROWS_MIN) return ok("size", summary)
  return warn(
    "size",
    summary,
    `Below ${COLUMNS_MIN} x ${ROWS_MIN} details are left out. Make the window larger or its font smaller.`,
  )
}

function drawing({ isSynchronized, isTmux }: TerminalFacts): TerminalCheck {
  if (isSynchronized) return ok("drawing", "synchronized: a frame is shown at once")
  return warn(
    "drawing",
    "not synchronized: a frame may be seen half done",
    isTmux
      ? "A newer tmux passes synchronized output (mode 2026) on."
      : "Terminals with synchronized output (mode 2026): kitty, Ghostty, WezTerm, foot, Alacritty, iTerm2, Windows Terminal.",
  )
}

function keys({ keyboard, name }: TerminalFacts): TerminalCheck {
  if (keyboard === "protocol")
    return ok("keys", "each has a code of its own: Shift+Enter is a new line, Esc needs no wait")
  if (name === "tmux") return ok("keys", `Shift+Enter is a new line where tmux.conf has: ${TMUX_KEYS}`)
  if (keyboard === "other-keys")
    return ok("keys", "Shift+Enter is a new line (modifyOtherKeys), as far as is known of it")
  return warn(
    "keys",
    "Shift+Enter cannot be told from Enter: Ctrl+J, Alt+Enter and \\ with Enter make a new line",
    KEY_CURES[name] ??
      "Let the terminal send ESC and a carriage return for Shift+Enter, or use one with the kitty keyboard protocol.",
  )
}

const TMUX_KEYS = "set -s extended-keys on; set -as terminal-features 'xterm*:extkeys'"

const KEY_CURES: Readonly<Record<string, string>> = {
  vscode: 'Bind shift+enter to workbench.action.terminal.sendSequence with "\\u001b\\r" when terminalFocus.',
  "apple-terminal": "Settings, Profiles, Keyboard: turn on Use Option as Meta key; then Option+Enter is a new line.",
  "windows-terminal": 'Add an action sendInput with "\\u001b\\r" for shift+enter.',
}

function clipboard({ clipboard: way, name, isSsh, isTmux }: TerminalFacts, env: Env): TerminalCheck {
  if (isTmux && env.TMUX) return ok("clipboard", "by tmux, from version 3.2 on, which gives it to its own terminal too")
  if (isTmux)
    return warn(
      "clipboard",
      "by a tmux of another machine, which takes none from programs as it is set up from the start",
      "In tmux.conf: set -s set-clipboard on",
    )
  if (way === "osc52") return ok("clipboard", "by the terminal (OSC 52), as far as is known of it")
  if (!isSsh) return ok("clipboard", "by a program of this machine; the terminal takes none (OSC 52)")
  return warn(
    "clipboard",
    "the terminal takes none (OSC 52), and over SSH no program of this machine reaches yours",
    name === "xterm"
      ? "XTerm takes it with the resource disallowedWindowOps without SetSelection."
      : "Copy by selecting with the mouse, or use a terminal with OSC 52.",
  )
}

function colors({ colorDepth }: TerminalFacts, env: Env): TerminalCheck {
  const said = { true: "16.7 million", "256": "256", "16": "16, of the terminal's own palette", none: "none" }[
    colorDepth
  ]
  if (colorDepth !== "none") {
    const isSshLoss = colorDepth !== "true" && Boolean(env.SSH_TTY)
    return ok("colors", `${said}${isSshLoss ? "; for more: SendEnv COLORTERM" : ""}`)
  }
  const cause = env.FORCE_COLOR ? "FORCE_COLOR" : env.NO_COLOR ? "NO_COLOR" : `TERM=${env.TERM ?? ""}`
  return ok("colors", `none, as ${cause} asks for`)
}

function images({ images: way, isTmux }: TerminalFacts): TerminalCheck {
  if (way === "placeholders") return ok("images", "drawn among text, as far as is known of it")
  return ok(
    "images",
    isTmux ? "named, as tmux is between" : "named; kitty and Ghostty draw them, in 16.7 million colors",
  )
}

function background({ isLight, background: color }: TerminalFacts): TerminalCheck {
  if (isLight !== undefined)
    return ok("background", `${isLight ? "light" : "dark"}${color === undefined ? "" : `, ${color}`}`)
  return warn(
    "background",
    "unknown, so taken for dark",
    "Choose a theme, or set COLORFGBG, as 0;15 for black on white.",
  )
}

function locale(env: Env): TerminalCheck {
  const set = localeOf(env)
  const said = set === "" ? "no locale is set" : `the locale is ${set}`
  if (/utf-?8/i.test(set)) return ok("characters", `UTF-8 (${set})`)
  const own = drawsUtf8(env) ? "skein writes UTF-8" : "skein writes UTF-8 all the same, its own signs in ASCII"
  const others = "Set LANG to a UTF-8 locale, as C.UTF-8, so that other programs agree"
  return warn("characters", `${said}; ${own}`, drawsUtf8(env) ? `${others}.` : `${others}; or tui.glyphs to unicode.`)
}

function widths({ widths: found }: Observed): TerminalCheck[] {
  if (found === undefined) return [warn("widths", "not measured: the terminal does not say where its cursor is")]
  if (found.length === 0) return [ok("widths", "every sample covers the cells that skein counts on")]
  return [true, false].flatMap((isPlaced) => {
    const those = found.filter((one) => one.isPlaced === isPlaced)
    const kinds = Map.groupBy(those, ({ kind }) => kind)
    return [...kinds].map(([kind, all]) =>
      warn("widths", `${kind}: ${all.map(different).join(", ")}`, cureOf(isPlaced)),
    )
  })
}

function different({ text, columns, expectedColumns }: WidthDifference): string {
  return `${text} ${columns} for ${expectedColumns}`
}

function cureOf(isPlaced: boolean): string {
  return isPlaced
    ? "What follows them stands where it should all the same. A newer terminal, or its setting for the width of emoji, mends the rest."
    : "What follows them in a line shifts. The terminal's setting for ambiguous widths (narrow) mends it; for skein's own signs so does tui.glyphs = ascii."
}

function flicker({ score, bytesPerFrame, fullRedraws }: Flicker): TerminalCheck {
  const summary = `${score} of 100: ${bytesPerFrame} bytes a frame, ${fullRedraws} full redraws`
  return score >= SCORE_MIN ? ok("flicker", summary) : warn("flicker", summary, "See drawing and size above.")
}

function ok(name: string, summary: string): TerminalCheck {
  return { name, status: "ok", summary }
}

function warn(name: string, summary: string, cure?: string): TerminalCheck {
  return { name, status: "warn", summary, ...(cure === undefined ? {} : { cure }) }
}

const COLUMNS_MIN = 40
const ROWS_MIN = 12
const SCORE_MIN = 80
