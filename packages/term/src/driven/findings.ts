import { type Sequence, sequenceReader } from "../emulator/sequences.ts"
import { type Recording, type Stretch, stretchesOf } from "./recording.ts"

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
  /** The mouse was taken: selecting text is not the terminal's any more. */
  | "mouse"
  /** Bytes that no terminal should be sent: broken UTF-8, control characters. */
  | "stray"
  /** At the end the terminal was not as it was found. */
  | "left_behind"

/** What a person may expect of the program that was driven. */
export interface Expected {
  /** The alternate screen and the mouse are meant to be used. */
  readonly isFullScreen?: boolean
  /** The program has ended, so that nothing of it may be left. */
  readonly hasEnded?: boolean
}

/** What of a recording a person would see as wrong: nothing, when all is well. */
export function findingsOf(recording: Recording, expected: Expected = {}): Finding[] {
  const found: Finding[] = []
  const modes = new Map<number, boolean>()
  const stretches = stretchesOf(recording)
  // Until its first frame a program cannot know whether the terminal has such a thing; one that has none has no excuse.
  const first = stretches.findIndex(({ isFrame }) => isFrame)
  for (const [at, stretch] of stretches.entries()) {
    const note = (kind: FindingKind, detail: string) => {
      // What is said when the terminal has been given back is for the shell's screen.
      const isAllowed = kind === "outside_frame" && (at < first || modes.get(PASTE) === false)
      if (!isAllowed) found.push({ kind, atMs: stretch.startMs, detail: shown(detail) })
    }
    for (const sequence of sequenceReader().read(stretch.bytes)) {
      follow(sequence, modes)
      judge(sequence, stretch, note, expected)
    }
    if (stretch.isOpen) note("open_frame", Buffer.from(stretch.bytes).toString())
  }
  if (expected.hasEnded) {
    const lastMs = recording.entries.at(-1)?.atMs ?? 0
    for (const [mode, meaning] of ENDED_OFF) {
      if (modes.get(mode)) found.push({ kind: "left_behind", atMs: lastMs, detail: meaning })
    }
    if (modes.get(CURSOR) === false) found.push({ kind: "left_behind", atMs: lastMs, detail: "the cursor is hidden" })
  }
  return found
}

const CURSOR = 25
/** Bracketed paste: on as long as the program has the terminal. */
const PASTE = 2004
const MOUSE = [9, 1000, 1001, 1002, 1003]
const ENDED_OFF: readonly (readonly [number, string])[] = [
  [1049, "the alternate screen"],
  [2004, "bracketed paste"],
  [1004, "focus reports"],
  [2026, "synchronized output"],
  [1000, "mouse reports"],
  [1002, "mouse reports"],
  [1003, "mouse reports"],
]
/** Final characters of CSI that change cells. Where the cursor is can be told outside of a frame: it is one change. */
const VISIBLE = "JKLMPSTX@b"

type Note = (kind: FindingKind, detail: string) => void

function judge(sequence: Sequence, stretch: Stretch, note: Note, { isFullScreen = false }: Expected): void {
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
      if (sequence.text === "c") note("clear", "\x1bc")
      return
    case "csi": {
      const whole = `\x1b[${sequence.prefix}${sequence.raw}${sequence.intermediates}${sequence.final}`
      if (sequence.prefix === "" && sequence.final === "J" && (sequence.parameters[0] ?? 0) >= 2) note("clear", whole)
      if (sequence.prefix === "" && sequence.final === "r" && sequence.raw !== "") note("scroll_region", whole)
      if (sequence.prefix === "?" && sequence.final === "h" && !isFullScreen) {
        if (sequence.parameters.some((mode) => MOUSE.includes(mode))) note("mouse", whole)
      }
      const isSeen = sequence.prefix === "" && sequence.intermediates === "" && VISIBLE.includes(sequence.final)
      if (!stretch.isFrame && isSeen) note("outside_frame", whole)
    }
  }
}

function follow(sequence: Sequence, modes: Map<number, boolean>): void {
  if (sequence.kind !== "csi" || sequence.prefix !== "?" || !"hl".includes(sequence.final)) return
  for (const mode of sequence.parameters) modes.set(mode, sequence.final === "h")
}

function shown(text: string): string {
  return JSON.stringify(text).slice(1, -1).slice(0, 80)
}
