import { drawsUtf8 } from "@skein/term"
import type { Glyphs } from "./look.ts"

const UNICODE: Glyphs = {
  prompt: "›",
  running: "●",
  done: "✓",
  failed: "✗",
  waiting: "◌",
  unverified: "○",
  bar: "▎",
  continued: "┊",
  more: "⋯",
  minus: "−",
  times: "×",
  bullet: "•",
  folded: "▸",
  unfolded: "▾",
  separator: "·",
  spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
  rule: "─",
}

const ASCII: Glyphs = {
  prompt: ">",
  running: "*",
  done: "+",
  failed: "x",
  waiting: "?",
  unverified: "o",
  bar: "|",
  continued: ":",
  more: "~",
  minus: "-",
  times: "x",
  bullet: "-",
  folded: ">",
  unfolded: "v",
  separator: "-",
  spinner: ["|", "/", "-", "\\"],
  rule: "-",
}

/** Without a choice of the person's: what the terminal draws. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  return drawsUtf8(env) ? UNICODE : ASCII
}

/** The signs of the screen; `ascii` for terminals and fonts that have no others. */
export function glyphsNamed(name: "unicode" | "ascii"): Glyphs {
  return name === "ascii" ? ASCII : UNICODE
}
