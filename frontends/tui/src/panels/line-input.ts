import type { Input } from "@skein/term"
import { safeLine } from "../view/text/safe.ts"
import { graphemesOf } from "../view/text/width.ts"

/** One line being typed: a filter, a name, a word of feedback. `caret` counts UTF-16 units. */
export interface LineInput {
  readonly text: string
  readonly caret: number
}

/** The caret at the end. */
export function lineInput(text = ""): LineInput {
  return { text, caret: text.length }
}

/** The line after a key; undefined when the key edits no line. */
export function edited(line: LineInput, input: Input): LineInput | undefined {
  if (input.kind === "paste") return inserted(line, safeLine(input.text))
  if (input.kind !== "key") return undefined
  const edit = EDITS[input.chord]
  if (edit !== undefined) return edit(line)
  if (input.text === undefined || input.text === "\n" || input.text === "\t" || input.text === "\r") return undefined
  return inserted(line, safeLine(input.text))
}

const EDITS: Readonly<Record<string, (line: LineInput) => LineInput>> = {
  backspace: (line) => erased(line, before(line)),
  "ctrl+h": (line) => erased(line, before(line)),
  delete: ({ text, caret }) => ({ text: text.slice(0, caret) + text.slice(after({ text, caret })), caret }),
  "ctrl+u": ({ text, caret }) => ({ text: text.slice(caret), caret: 0 }),
  "ctrl+k": ({ text, caret }) => ({ text: text.slice(0, caret), caret }),
  "ctrl+w": (line) => erased(line, wordStart(line)),
  "alt+backspace": (line) => erased(line, wordStart(line)),
  left: (line) => ({ text: line.text, caret: before(line) }),
  right: (line) => ({ text: line.text, caret: after(line) }),
  "ctrl+a": ({ text }) => ({ text, caret: 0 }),
  "ctrl+e": ({ text }) => lineInput(text),
}

function inserted({ text, caret }: LineInput, more: string): LineInput {
  return { text: text.slice(0, caret) + more + text.slice(caret), caret: caret + more.length }
}

function erased({ text, caret }: LineInput, from: number): LineInput {
  return { text: text.slice(0, from) + text.slice(caret), caret: from }
}

function before({ text, caret }: LineInput): number {
  return caret - (graphemesOf(text.slice(0, caret)).at(-1)?.length ?? 0)
}

function after({ text, caret }: LineInput): number {
  return caret + (graphemesOf(text.slice(caret))[0]?.length ?? 0)
}

function wordStart({ text, caret }: LineInput): number {
  return text.slice(0, caret).search(/\S+\s*$/) === -1 ? 0 : text.slice(0, caret).search(/\S+\s*$/)
}
