import type { Size } from "../frame.ts"
import { bytesOfChord } from "./chords.ts"

/** What a person does, or what they must see. */
export type Step =
  /** Types a text and Enter. */
  | { readonly kind: "line"; readonly text: string }
  /** Types a text, key by key, each seen before the next. */
  | { readonly kind: "type"; readonly text: string }
  | { readonly kind: "key"; readonly chord: string }
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "resize"; readonly size: Size }
  /** Waits until nothing is painted any more. */
  | { readonly kind: "render" }
  /** Waits for a text to be on the screen. */
  | { readonly kind: "expect"; readonly text: string }
  /** Waits for a text not to be on the screen. */
  | { readonly kind: "absent"; readonly text: string }
  /** Milliseconds without doing anything. */
  | { readonly kind: "wait"; readonly ms: number }
  /** Keeps the screen under a name. */
  | { readonly kind: "snapshot"; readonly name: string }
  /** Waits for the program's end and its code. */
  | { readonly kind: "exit"; readonly code: number }

/**
 * A step as written: `line:TEXT`, `type:TEXT`, `key:CHORD`, `paste:TEXT`, `resize:100x20`, `render:stable`, `expect:TEXT`,
 * `absent:TEXT`, `wait:MS`, `snapshot:NAME`, `exit:CODE`. Throws with what is wrong.
 */
export function stepOf(written: string): Step {
  const mark = written.indexOf(":")
  const kind = mark < 0 ? written : written.slice(0, mark)
  const rest = mark < 0 ? "" : written.slice(mark + 1)
  switch (kind) {
    case "line":
    case "type":
    case "paste":
    case "expect":
    case "absent":
      return { kind, text: rest }
    case "key":
      bytesOfChord(rest)
      return { kind, chord: rest }
    case "resize":
      return { kind, size: sizeOf(rest) }
    case "render":
      if (rest !== "stable") throw new Error(`A render step is written render:stable, not ${JSON.stringify(written)}.`)
      return { kind }
    case "wait":
      return { kind, ms: wholeNumber(rest, written) }
    case "snapshot":
      return { kind, name: rest }
    case "exit":
      return { kind, code: wholeNumber(rest, written) }
    default:
      throw new Error(`There is no step ${JSON.stringify(written)}. ${KNOWN}`)
  }
}

/** `100x20`, columns first. Throws with what is wrong. */
export function sizeOf(written: string): Size {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(written) ?? []
  if (columns === undefined || rows === undefined || Number(columns) === 0 || Number(rows) === 0)
    throw new Error(`A size is written 100x20, not ${JSON.stringify(written)}.`)
  return { columns: Number(columns), rows: Number(rows) }
}

const KNOWN =
  "There are line, type, key, paste, resize, render, expect, absent, wait, snapshot and exit, as in line:hello."

function wholeNumber(text: string, written: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`A number is missing in ${JSON.stringify(written)}.`)
  return Number(text)
}
