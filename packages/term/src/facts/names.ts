import type { Keyboard } from "../modes.ts"
import type { ColorDepth } from "../paint/colors.ts"
import type { Reflow } from "../surface/ability.ts"

/** What is known of a terminal by its name, before it has answered anything. */
export interface Known {
  readonly colorDepth: ColorDepth
  readonly isSynchronized: boolean
  readonly keyboard: Keyboard
  /** What is pasted comes between marks (mode 2004). */
  readonly marksPastes: boolean
  readonly reflow: Reflow
  /** `placeholders`: by kitty's protocol, and in the place of text (`pictureLines`). */
  readonly images: "placeholders" | "kitty" | "iterm" | "sixel" | "none"
  readonly hasLinks: boolean
  readonly clipboard: "osc52" | "none"
  /** By which it tells a person something while they look elsewhere. */
  readonly notification: "osc9" | "osc777" | "osc99" | "bell"
}

/** Everything that new ones have in common. */
const MODERN: Known = {
  colorDepth: "true",
  isSynchronized: true,
  keyboard: "protocol",
  marksPastes: true,
  reflow: "all",
  images: "none",
  hasLinks: true,
  clipboard: "osc52",
  notification: "osc9",
}

/** And what may be asked of one that nobody knows: nothing that shows when it is not understood. */
export const UNKNOWN: Known = {
  colorDepth: "16",
  isSynchronized: false,
  keyboard: "plain",
  marksPastes: true,
  reflow: "all-but-cursor",
  images: "none",
  hasLinks: true,
  clipboard: "osc52",
  notification: "bell",
}

/** As their makers document them. */
export const KNOWN: Readonly<Record<string, Known>> = {
  kitty: { ...MODERN, images: "placeholders", notification: "osc99" },
  ghostty: { ...MODERN, images: "placeholders" },
  wezterm: { ...MODERN, images: "iterm", keyboard: "other-keys" },
  iterm2: { ...MODERN, images: "iterm" },
  foot: { ...MODERN, images: "sixel", notification: "osc777" },
  rio: { ...MODERN, images: "iterm", notification: "bell" },
  alacritty: { ...MODERN, notification: "bell" },
  contour: { ...MODERN, images: "sixel", notification: "osc777" },
  warp: { ...MODERN, notification: "osc9" },
  zed: { ...MODERN, keyboard: "plain", notification: "bell" },
  vscode: { ...MODERN, keyboard: "plain", reflow: "all-but-cursor", notification: "bell" },
  "windows-terminal": { ...MODERN, keyboard: "plain", images: "sixel", notification: "bell" },
  konsole: { ...MODERN, keyboard: "plain", images: "kitty", clipboard: "none", notification: "bell" },
  vte: { ...MODERN, keyboard: "plain", isSynchronized: false, clipboard: "none", notification: "osc777" },
  mintty: { ...MODERN, keyboard: "other-keys", reflow: "none", images: "iterm", notification: "bell" },
  jetbrains: { ...UNKNOWN, colorDepth: "true", clipboard: "none" },
  xterm: { ...UNKNOWN, colorDepth: "256", keyboard: "other-keys", reflow: "none", clipboard: "none" },
  "apple-terminal": { ...UNKNOWN, colorDepth: "256", reflow: "all", hasLinks: false, clipboard: "none" },
  tmux: { ...UNKNOWN, colorDepth: "256", keyboard: "other-keys", reflow: "all" },
  screen: { ...UNKNOWN, marksPastes: false, colorDepth: "256", reflow: "none", hasLinks: false, clipboard: "none" },
  linux: { ...UNKNOWN, marksPastes: false, reflow: "none", hasLinks: false, clipboard: "none" },
  dumb: { ...UNKNOWN, marksPastes: false, colorDepth: "none", reflow: "none", hasLinks: false, clipboard: "none" },
}

/** The terminal's own answer comes as `kitty(0.40.0)`, `WezTerm 2024…`, `XTerm(390)`, `xterm.js(6.1.0)`, `tmux 3.4`. */
export function nameOf(answer: string): string | undefined {
  const [word = ""] = /^[a-z]+[0-9]*(\.js)?/i.exec(answer.trim()) ?? []
  const small = word.toLowerCase()
  return own(ALIASES, small) ?? (Object.hasOwn(KNOWN, small) ? small : undefined)
}

const ALIASES: Readonly<Record<string, string>> = { libvterm: "vte", iterm: "iterm2", "xterm.js": "vscode" }

/** What a table says of a word that somebody else chose. */
export function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

type Env = Readonly<Record<string, string | undefined>>

/** What the environment says. A multiplexer comes first, as it is what we talk to. */
export function nameByEnv(env: Env): string | undefined {
  const term = env.TERM ?? ""
  if (term === "dumb" || term === "linux") return term
  if (env.TMUX || term.startsWith("tmux")) return "tmux"
  if (env.STY || term.startsWith("screen")) return "screen"
  const program = own(PROGRAMS, env.TERM_PROGRAM ?? "")
  if (program !== undefined) return program
  if (env.KITTY_WINDOW_ID || term === "xterm-kitty") return "kitty"
  if (env.GHOSTTY_RESOURCES_DIR || term === "xterm-ghostty") return "ghostty"
  if (env.WEZTERM_PANE) return "wezterm"
  if (env.WT_SESSION) return "windows-terminal"
  if (env.ALACRITTY_WINDOW_ID || term.startsWith("alacritty")) return "alacritty"
  if (env.KONSOLE_VERSION) return "konsole"
  if (env.TERMINAL_EMULATOR === "JetBrains-JediTerm") return "jetbrains"
  if (env.ZED_TERM) return "zed"
  if (term.startsWith("foot")) return "foot"
  if (term.startsWith("contour")) return "contour"
  if (env.VTE_VERSION) return "vte"
  if (env.XTERM_VERSION) return "xterm"
  return undefined
}

const PROGRAMS: Readonly<Record<string, string>> = {
  "iTerm.app": "iterm2",
  Apple_Terminal: "apple-terminal",
  vscode: "vscode",
  WezTerm: "wezterm",
  ghostty: "ghostty",
  kitty: "kitty",
  rio: "rio",
  WarpTerminal: "warp",
  mintty: "mintty",
  zed: "zed",
}
