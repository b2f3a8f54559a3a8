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
  bullet: "-",
  folded: ">",
  unfolded: "v",
  separator: "-",
  spinner: ["|", "/", "-", "\\"],
  rule: "-",
}

/** The signs of the screen; `ascii` for terminals and fonts that have no others. */
export function glyphsNamed(name: "unicode" | "ascii"): Glyphs {
  return name === "ascii" ? ASCII : UNICODE
}
