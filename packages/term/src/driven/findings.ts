import { type Sequence, sequenceReader } from "../emulator/sequences.ts"
import { type Recording, type Stretch, stretchesOf } from "./recording.ts"
import { switches } from "./switches.ts"

/** Something a person would see flicker, jump or stay behind, or that takes something of their terminal from them. */
export interface Finding {
  readonly kind: FindingKind
  readonly atMs: number
  /** The bytes that did it, made visible. */
  readonly detail: string
}

export type FindingKind =
  /** The whole screen, or the scrollback, was wiped. */
  | "clear"
  /** Lines were scrolled within a region: they do not reach the scrollback. */
  | "scroll_region"
  /** Text or a change of cells outside of a synchronized frame: it can be seen half done. */
  | "outside_frame"
  /** A frame that was begun and not ended. */
  | "open_frame"
  /** The window's title, the clipboard, a color or a note was set: nothing of the screen's cells. */
  | "beyond_cells"
  /** The mouse was taken: selecting text is not the terminal's any more. */
  | "mouse"
  /** Bytes that no terminal should be sent: broken UTF-8, control characters. */
  | "stray"
  /** At the end the terminal was not as it was found. */
  | "left_behind"
  /** It did not end when it was left as a person leaves, and had to be killed. */
  | "goes_on"

/** What a person may expect of the program that was driven. */
export interface Expected {
  /** The alternate screen and the mouse are meant to be used. */
  readonly isFullScreen?: boolean
  /** The program has ended, so that nothing of it may be left. */
  readonly hasEnded?: boolean
  /** Numbers of OSC that are meant beside links and questions: 0 for a title, 52 for the clipboard. */
  readonly meant?: readonly number[]
}

/** What of a recording a person would see as wrong: nothing, when all is well. */
export function findingsOf(recording: Recording, expected: Expected = {}): Finding[] {
  const found: Finding[] = []
  const state = switches()
  const isWiped = wiping()
  const stretches = stretchesOf(recording)
  // Until its first frame a program cannot know whether the terminal has such a thing; one that has none has no excuse.
  const first = stretches.findIndex(({ isFrame }) => isFrame)
  for (const [at, stretch] of stretches.entries()) {
    const note = (kind: FindingKind, detail: string) => {
      // What is said when the terminal has been given back is for the shell's screen.
      const isAllowed = kind === "outside_frame" && (at < first || state.isOn(PASTE) === false)
      if (!isAllowed) found.push({ kind, atMs: stretch.startMs, detail: shown(detail) })
    }
    for (const sequence of sequenceReader().read(stretch.bytes)) {
      state.follow(sequence)
      judge(sequence, stretch, note, expected)
      if (isWiped(sequence)) note("clear", wholeOf(sequence))
    }
    if (stretch.isOpen) note("open_frame", Buffer.from(stretch.bytes).toString())
  }
  if (expected.hasEnded) {
    const lastMs = recording.entries.at(-1)?.atMs ?? 0
    for (const detail of state.left()) found.push({ kind: "left_behind", atMs: lastMs, detail })
  }
  return found
}

/** Bracketed paste: on as long as the program has the terminal. */
const PASTE = 2004
const MOUSE = [9, 1000, 1001, 1002, 1003]
/** Links; what else may be meant is said. */
const LINK = 8
/** Colors, by a question alone. */
const ASKED = [4, 10, 11, 12]
/** Final characters of CSI that change cells. Where the cursor is can be told outside of a frame: it is one change. */
const VISIBLE = "JKLMPSTX@b"

type Note = (kind: FindingKind, detail: string) => void

function judge(sequence: Sequence, stretch: Stretch, note: Note, { isFullScreen = false, meant = [] }: Expected): void {
  switch (sequence.kind) {
    case "text":
      if (sequence.text.includes("\ufffd")) note("stray", sequence.text)
      if (/[\x80-\x9f]/.test(sequence.text)) note("stray", sequence.text)
      if (!stretch.isFrame) note("outside_frame", sequence.text)
      return
    case "control":
      if (!"\r\n\b\t\x07".includes(sequence.code)) note("stray", sequence.code)
      return
    case "escape":
      return
    case "osc":
      if (!isMeant(sequence, meant)) note("beyond_cells", wholeOf(sequence))
      return
    case "string":
      if (!(sequence.opener === "P" && /^[+$]q/.test(sequence.text))) note("beyond_cells", wholeOf(sequence))
      return
    case "csi": {
      const whole = wholeOf(sequence)
      if (sequence.prefix === "" && sequence.final === "r" && sequence.raw !== "") note("scroll_region", whole)
      if (sequence.prefix === "?" && sequence.final === "h" && !isFullScreen) {
        if (sequence.parameters.some((mode) => MOUSE.includes(mode))) note("mouse", whole)
      }
      const isSeen = sequence.prefix === "" && sequence.intermediates === "" && VISIBLE.includes(sequence.final)
      if (!stretch.isFrame && isSeen) note("outside_frame", whole)
    }
  }
}

function isMeant({ number, text }: Extract<Sequence, { kind: "osc" }>, meant: readonly number[]): boolean {
  return number === LINK || meant.includes(number) || (ASKED.includes(number) && /(^|;)\?$/.test(text))
}

/** Whether a sequence wipes the whole screen: `CSI 2 J`, or going home and then wiping all that is below. */
function wiping(): (sequence: Sequence) => boolean {
  let isHome = false
  return (sequence) => {
    if (sequence.kind === "escape" && sequence.text === "c") return true
    if (sequence.kind === "osc" || sequence.kind === "string") return false
    if (sequence.kind !== "csi") {
      isHome = false
      return false
    }
    const { prefix, final, parameters, intermediates } = sequence
    if (prefix !== "" || intermediates !== "" || final === "m") return false
    const [first = 0, second = 0] = parameters
    if (final === "J") return first >= 2 || (first === 0 && isHome)
    if (final !== "K" && final !== "X") isHome = (final === "H" || final === "f") && first <= 1 && second <= 1
    return false
  }
}

function wholeOf(sequence: Sequence): string {
  switch (sequence.kind) {
    case "text":
      return sequence.text
    case "control":
      return sequence.code
    case "escape":
      return `\x1b${sequence.text}`
    case "osc":
      return `\x1b]${sequence.number};${sequence.text}`
    case "string":
      return `\x1b${sequence.opener}${sequence.text}`
    case "csi":
      return `\x1b[${sequence.prefix}${sequence.raw}${sequence.intermediates}${sequence.final}`
  }
}

function shown(text: string): string {
  return JSON.stringify(text).slice(1, -1).slice(0, 80)
}
