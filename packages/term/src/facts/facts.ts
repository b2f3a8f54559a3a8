import type { TerminalReply } from "../input.ts"
import type { Keyboard } from "../modes.ts"
import type { ColorDepth } from "../paint/colors.ts"
import type { Ability } from "../surface/ability.ts"
import { KNOWN, type Known, nameByEnv, nameOf, own, UNKNOWN } from "./names.ts"

/** What a terminal can do, as far as is known by now. */
export interface TerminalFacts extends Ability {
  /** `kitty`, `vte`, `tmux` …; `unknown` for one that nothing told of. */
  readonly name: string
  /** As it calls itself. */
  readonly version?: string | undefined
  readonly keyboard: Keyboard
  /** What it does not mark was typed, or sent in a person's place. */
  readonly marksPastes: boolean
  /** Dark text on a light ground; undefined as long as nothing told. */
  readonly isLight?: boolean | undefined
  readonly background?: string | undefined
  readonly images: Known["images"]
  readonly hasLinks: boolean
  readonly clipboard: Known["clipboard"]
  readonly notification: Known["notification"]
  /** tmux stands between: what is meant for the terminal itself goes through `forTmux`. */
  readonly isTmux: boolean
  /** The terminal is on another machine, and so are its clipboard and its notes. */
  readonly isSsh: boolean
  /** It has answered all that it was asked. */
  readonly isSure: boolean
}

type Env = Readonly<Record<string, string | undefined>>

/** From the environment alone, so that a first frame needs no answer, and better with each answer, whenever it comes. */
export function terminalFacts(replies: readonly TerminalReply[], env: Env): TerminalFacts {
  const version = last(replies, "name")?.text
  const hinted = nameByEnv(env)
  const name = (version === undefined ? undefined : nameOf(version)) ?? hinted ?? "unknown"
  const known = KNOWN[name] ?? UNKNOWN
  const values = last(replies, "attributes")?.values ?? []
  const color = last(replies, "background")?.color
  const depth = colorDepth(env, known)
  const isTmux = name === "tmux" || Boolean(env.TMUX)
  const drawsText = depth === "true" && !isTmux && isNamedForSure(name, version, env)
  return {
    name,
    ...(version === undefined ? {} : { version }),
    colorDepth: depth,
    isSynchronized: hasMode(replies, SYNCHRONIZED_MODE) ?? known.isSynchronized,
    marksPastes: hasMode(replies, PASTE_MODE) ?? known.marksPastes,
    keyboard: last(replies, "keyboard") === undefined ? known.keyboard : "protocol",
    reflow: known.reflow,
    isLight: last(replies, "scheme")?.isLight ?? (color === undefined ? lightByEnv(env) : isLight(color)),
    ...(color === undefined ? {} : { background: color }),
    images: imagesOf(known, values.includes(SIXEL), drawsText),
    hasLinks: known.hasLinks,
    clipboard: values.includes(CLIPBOARD) ? "osc52" : known.clipboard,
    notification: known.notification,
    isTmux,
    isSsh: Boolean(env.SSH_TTY || env.SSH_CONNECTION),
    isSure: values.length > 0,
  }
}

/**
 * The round of questions for the start: name, synchronized output, marks of pastes, keyboard, colors, and at last what every terminal
 * answers. Empty for terminals that would show them. Nobody waits for the answers.
 */
export function questions(env: Env): string {
  const name = nameByEnv(env)
  if (name === "dumb") return ""
  if (name === "linux") return ATTRIBUTES
  // These two print the end of a question about a mode.
  const asksMode = name !== "apple-terminal" && name !== "screen"
  return `${asksMode ? `${VERSION}${SYNCHRONIZED}${PASTES}` : ""}${FLAGS}${BACKGROUND}${ATTRIBUTES}`
}

/** Whether this answer is the last of a round. */
export function endsRound(reply: TerminalReply): boolean {
  return reply.kind === "attributes"
}

const VERSION = "\u001b[>0q"
const SYNCHRONIZED = "\u001b[?2026$p"
const PASTES = "\u001b[?2004$p"
const FLAGS = "\u001b[?u"
const BACKGROUND = "\u001b]11;?\u001b\\"
const ATTRIBUTES = "\u001b[c"
const SYNCHRONIZED_MODE = 2026
const PASTE_MODE = 2004
/** Of the primary attributes. */
const SIXEL = 4
const CLIPBOARD = 52

function last<K extends TerminalReply["kind"]>(replies: readonly TerminalReply[], kind: K) {
  const is = (reply: TerminalReply): reply is Extract<TerminalReply, { kind: K }> => reply.kind === kind
  return replies.filter(is).at(-1)
}

/** Undefined as long as it has not said. */
function hasMode(replies: readonly TerminalReply[], mode: number): boolean | undefined {
  const answer = replies.findLast((reply) => reply.kind === "mode" && reply.mode === mode)
  return answer?.kind === "mode" ? answer.state !== "unknown" : undefined
}

/** A picture in the place of text is told by colors of 24 bits, and is noise on a terminal that does not know of it. */
function imagesOf({ images }: Known, hasSixel: boolean, drawsText: boolean): Known["images"] {
  if (images === "placeholders") return drawsText ? images : "kitty"
  return images === "none" && hasSixel ? "sixel" : images
}

/**
 * By its own answer, or by the kind of terminal that it claims to be. Other variables of the environment are left to programs
 * that are started from it, terminals among them.
 */
function isNamedForSure(name: string, version: string | undefined, { TERM }: Env): boolean {
  if (version === undefined || nameOf(version) === undefined) return TERM === `xterm-${name}`
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(version) ?? []
  return name !== "kitty" || Number(major) > 0 || Number(minor) >= KITTY_PLACEHOLDERS
}

/** The first of kitty's 0.x that knows them. */
const KITTY_PLACEHOLDERS = 28

/** What a person says comes first, then what the terminal says of itself, then what its kind can. */
function colorDepth(env: Env, known: Known): ColorDepth {
  const { TERM: term = "", COLORTERM: colors = "" } = env
  const forced = own(FORCED, env.FORCE_COLOR ?? "")
  if (forced !== undefined) return forced
  if (env.NO_COLOR) return "none"
  if (colors === "truecolor" || colors === "24bit" || term.endsWith("-direct")) return "true"
  if (term === "dumb") return "none"
  if (known.colorDepth === "16" && term.includes("256color")) return "256"
  return known.colorDepth
}

const FORCED: Readonly<Record<string, ColorDepth>> = {
  "0": "none",
  false: "none",
  "1": "16",
  true: "16",
  "2": "256",
  "3": "true",
}

/** `15;0`: foreground and background by their number in the palette. */
function lightByEnv(env: Env): boolean | undefined {
  const background = env.COLORFGBG?.split(";").at(-1)
  if (background === undefined || !/^\d+$/.test(background)) return undefined
  const number = Number(background)
  return number === 7 || number > 8
}

/** By the luminance that a person sees, halfway between what black and what white text can be read on. */
function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > HALFWAY
}

/** Where contrast to black equals contrast to white, after WCAG 2. */
const HALFWAY = 0.179

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
