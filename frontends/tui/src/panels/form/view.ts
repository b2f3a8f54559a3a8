import type { Caret, Frame, Line, Span } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { chosen, cutLine } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutText, graphemesOf, padEnd, widthOf } from "../../view/text/width.ts"
import { wrapText } from "../../view/text/wrap.ts"
import type { Field, Option } from "./field.ts"
import { type FormState, filledIn } from "./state.ts"

/** The form within that many rows: what is asked, and of a long one the fields around the one that takes the keys. */
export function formView(state: FormState, look: Look, rows: number): Frame {
  const head = headLines(state, look, rows)
  const drawn = state.fields.flatMap((field, at) => fieldLines(state, field, at, look))
  const body = [...drawn, sendLine(state, look)]
  const isFooted = rows >= FOOT_ROWS
  const room = Math.max(0, rows - head.length - (isFooted ? 2 : 0))
  const focus = Math.max(
    0,
    body.findIndex(({ isFocused }) => isFocused),
  )
  const top = Math.max(0, Math.min(focus - Math.floor(room / 2), body.length - room))
  const shown = body.slice(top, top + room)
  const foot: Line[] = isFooted ? [[], [{ text: `  ${hintOf(state)}`, style: look.theme.dim }]] : []
  const lines = [...head, ...shown.map(({ line }) => line), ...foot].slice(0, Math.max(0, rows))
  const row = head.length + shown.findIndex(({ isFocused }) => isFocused)
  const caret = caretOf(state, look)
  return {
    lines: lines.map((line) => cutLine(line, look.columns, look.glyphs.more)),
    caret:
      caret === undefined || caret >= look.columns || row < head.length || row >= lines.length
        ? undefined
        : at(row, caret),
  }
}

function at(row: number, column: number): Caret {
  return { row, column }
}

interface Row {
  readonly line: Line
  readonly isFocused: boolean
}

const FOOT_ROWS = 7
const GUTTER = 2

/** Around a text: its title, a space, one field, what sends it, and the keys. */
const AROUND_TEXT_ROWS = 8

function headLines({ title, text }: FormState, { theme, columns, glyphs }: Look, rows: number): Line[] {
  const line: Line = [{ text: `  ${safeLine(title)}`, style: theme.strong }]
  if (rows < FOOT_ROWS) return rows < 3 ? [] : [line]
  const wrapped = text === undefined ? [] : wrapText(text, Math.max(1, columns - 6))
  const most = Math.max(1, Math.floor(rows / 3), rows - AROUND_TEXT_ROWS)
  const told = wrapped.slice(0, most)
  // What is left out is said to be.
  const end = wrapped.length > most ? ` ${glyphs.more}` : ""
  const shown = told.map((row, at) => (at === told.length - 1 ? `${row}${end}` : row))
  return [line, ...shown.map((row): Line => [{ text: `  ${row}`, style: theme.dim }]), []]
}

function labelColumns({ fields }: FormState, { columns }: Look): number {
  const widest = Math.max(0, ...fields.map(({ label }) => widthOf(safeLine(label))))
  return Math.max(4, Math.min(widest, Math.floor(columns / 3)))
}

function fieldLines(state: FormState, field: Field, index: number, look: Look): Row[] {
  const { theme, glyphs, columns } = look
  const isFocused = index === state.at
  const label = labelColumns(state, look)
  const mark: Span = { text: isFocused ? padEnd(glyphs.prompt, GUTTER) : "  ", style: theme.prompt }
  const name: Span = {
    text: padEnd(cutText(safeLine(field.label), label, glyphs.more), label),
    style: isFocused ? theme.strong : theme.dim,
  }
  const line = cutLine([mark, name, { text: "  " }, shownValue(state, field, look)], columns, glyphs.more)
  const problem = state.problems.get(field.name)
  const below = problem ?? (isFocused ? field.hint : undefined)
  const note: Line = [
    { text: " ".repeat(label + 4) },
    { text: safeLine(below ?? ""), style: problem === undefined ? theme.dim : theme.failed },
  ]
  return [
    { line, isFocused: isFocused && !hasOptions(field) },
    ...(isFocused && hasOptions(field) ? optionRows(state, field.options, field, label, look) : []),
    ...(below === undefined ? [] : [{ line: note, isFocused: false }]),
  ]
}

function hasOptions(field: Field): field is Extract<Field, { options: readonly Option[] }> {
  return field.kind === "choice" || field.kind === "choices"
}

function shownValue(state: FormState, field: Field, { theme, glyphs }: Look): Span {
  const value = filledIn(state, field)
  if (field.kind === "text") {
    const text = String(value ?? "")
    return { text: field.isSecret === true ? glyphs.bullet.repeat(graphemesOf(text).length) : safeLine(text) }
  }
  if (field.kind === "yes-no") return { text: value === true ? "yes" : value === false ? "no" : "", style: theme.text }
  const held = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return {
    text: safeLine(
      field.options
        .filter((option) => held.includes(option.value))
        .map((option) => option.label)
        .join(", "),
    ),
  }
}

function optionRows(state: FormState, options: readonly Option[], field: Field, label: number, look: Look): Row[] {
  const { theme, glyphs, columns } = look
  const value = filledIn(state, field)
  return options.map((option, index) => {
    const isHeld = Array.isArray(value) ? value.includes(option.value) : value === option.value
    const line: Line = [
      { text: " ".repeat(Math.min(label + 2, Math.floor(columns / 2))) },
      { text: index === state.option ? padEnd(glyphs.prompt, GUTTER) : "  ", style: theme.prompt },
      { text: `${isHeld ? glyphs.done : " "} `, style: theme.done },
      { text: safeLine(option.label) },
      { text: option.detail === undefined ? "" : `  ${safeLine(option.detail)}`, style: theme.dim },
    ]
    const isMarked = index === state.option
    const whole = cutLine(line, columns, glyphs.more)
    return { line: isMarked ? chosen(whole, theme.selected, columns) : whole, isFocused: isMarked }
  })
}

function sendLine({ at: focused, fields }: FormState, { theme, glyphs }: Look): Row {
  const isFocused = focused === fields.length
  return {
    line: [
      { text: isFocused ? padEnd(glyphs.prompt, GUTTER) : "  ", style: theme.prompt },
      { text: "send", style: isFocused ? theme.strong : theme.dim },
    ],
    isFocused,
  }
}

function hintOf({ fields, at: focused }: FormState): string {
  const field = fields[focused]
  if (field === undefined) return "enter sends it · esc back"
  const deeds = {
    text: "enter next",
    "yes-no": "y n or space · enter next",
    choice: "up down choose · enter takes it",
    choices: "space marks · enter next",
  }
  return `${deeds[field.kind]} · tab next · esc back`
}

function caretOf(state: FormState, look: Look): number | undefined {
  const field = state.fields[state.at]
  if (field?.kind !== "text") return undefined
  const line = state.lines.get(field.name)
  const before = line?.text.slice(0, line.caret) ?? ""
  const cells = field.isSecret === true ? graphemesOf(before).length : widthOf(safeLine(before))
  return GUTTER + labelColumns(state, look) + 2 + cells
}
