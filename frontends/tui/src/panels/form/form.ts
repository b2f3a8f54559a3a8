import type { Input } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { edited, type LineInput, lineInput } from "../line-input.ts"
import type { Panel, PanelStep } from "../panel.ts"
import { type Field, type FormValue, type FormValues, problemOf } from "./field.ts"
import { type FormState, filledIn } from "./state.ts"
import { formView } from "./view.ts"

/** Who asks what. */
export interface FormOptions {
  readonly title: string
  /** Who asks, and what for. */
  readonly text?: string | undefined
  readonly fields: readonly Field[]
  /** What is done with what was filled in: a value for each field that has one. */
  readonly submit: (values: FormValues) => readonly Intent[]
  /** What is done when it is left without. */
  readonly leaving?: readonly Intent[] | undefined
}

/** Fields to fill in. Nothing is sent before all of it holds. */
export function formPanel(options: FormOptions): Panel {
  const { title, text, fields, leaving = [] } = options
  const state: FormState = {
    ...{ title, text, fields, at: 0, option: 0, problems: new Map() },
    lines: new Map(fields.flatMap((field) => (field.kind === "text" ? [[field.name, lineInput(field.value)]] : []))),
    values: new Map(fields.flatMap((field) => givenValue(field))),
  }
  return panelOf(entered(state, 0, 1), { submit: options.submit, leaving })
}

function givenValue(field: Field): [string, FormValue][] {
  if (field.kind === "choices") return [[field.name, field.values ?? []]]
  if (field.kind === "text") return []
  return field.value === undefined ? [] : [[field.name, field.value]]
}

interface Ends {
  readonly submit: (values: FormValues) => readonly Intent[]
  readonly leaving: readonly Intent[]
}

function panelOf(state: FormState, ends: Ends): Panel {
  return {
    extent: "over",
    key: (input) => formKey(state, input, ends),
    view: (look, rows) => formView(state, look, rows),
  }
}

function formKey(state: FormState, input: Input, ends: Ends): PanelStep {
  const chord = input.kind === "key" ? input.chord : ""
  const stay = (next: FormState): PanelStep => ({ kind: "stay", panel: panelOf(next, ends) })
  if (chord === "escape" || chord === "ctrl+c") return { kind: "leave", intents: ends.leaving }
  const field = state.fields[state.at]
  if (chord === "enter" && field === undefined) return sent(state, ends)
  if (chord === "tab" || chord === "enter")
    return stay(entered(chord === "enter" ? taken(state, field) : state, state.at + 1, 1))
  if (chord === "shift+tab") return stay(entered(state, state.at - 1, 1))
  if (chord === "up" || chord === "down") return stay(stepped(state, field, chord === "up" ? -1 : 1))
  if (field === undefined) return stay(state)
  return stay(filled(state, field, input, chord))
}

/** To another field; its options begin at the one that holds, or at the end that one comes from. */
function entered(state: FormState, to: number, by: 1 | -1): FormState {
  const at = Math.max(0, Math.min(to, state.fields.length))
  const field = state.fields[at]
  if (field?.kind !== "choice" && field?.kind !== "choices") return { ...state, at, option: 0 }
  const held = field.options.findIndex(({ value }) => value === state.values.get(field.name))
  return { ...state, at, option: held !== -1 ? held : by === 1 ? 0 : field.options.length - 1 }
}

/** Through the options of a choice, and past their ends to the next field. */
function stepped(state: FormState, field: Field | undefined, by: 1 | -1): FormState {
  const count = field?.kind === "choice" || field?.kind === "choices" ? field.options.length : 0
  const option = state.option + by
  return option >= 0 && option < count ? { ...state, option } : entered(state, state.at + by, by)
}

/** Enter on an option of one-of-several takes it. */
function taken(state: FormState, field: Field | undefined): FormState {
  const option = field?.kind === "choice" ? field.options[state.option] : undefined
  return field === undefined || option === undefined ? state : withValue(state, field.name, option.value)
}

function filled(state: FormState, field: Field, input: Input, chord: string): FormState {
  switch (field.kind) {
    case "text": {
      const line: LineInput = state.lines.get(field.name) ?? lineInput()
      const lines = new Map(state.lines).set(field.name, edited(line, input) ?? line)
      return { ...state, lines, problems: without(state, field.name) }
    }
    case "yes-no": {
      if (chord === "y" || chord === "n") return withValue(state, field.name, chord === "y")
      const isTurned = chord === " " || chord === "left" || chord === "right"
      return isTurned ? withValue(state, field.name, state.values.get(field.name) !== true) : state
    }
    case "choice":
      return chord === " " ? taken(state, field) : state
    case "choices": {
      const option = field.options[state.option]
      if (chord !== " " || option === undefined) return state
      const held = state.values.get(field.name)
      const values = Array.isArray(held) ? held : []
      const isHeld = values.includes(option.value)
      const next = isHeld ? values.filter((value) => value !== option.value) : [...values, option.value]
      return withValue(state, field.name, next)
    }
  }
}

function withValue(state: FormState, name: string, value: FormValue): FormState {
  return { ...state, values: new Map(state.values).set(name, value), problems: without(state, name) }
}

function without({ problems }: FormState, name: string): ReadonlyMap<string, string> {
  return new Map([...problems].filter(([of]) => of !== name))
}

function sent(state: FormState, ends: Ends): PanelStep {
  const problems = new Map(
    state.fields.flatMap((field): [string, string][] => {
      const problem = problemOf(field, filledIn(state, field))
      return problem === undefined ? [] : [[field.name, problem]]
    }),
  )
  const first = state.fields.findIndex(({ name }) => problems.has(name))
  if (first !== -1) return { kind: "stay", panel: panelOf(entered({ ...state, problems }, first, 1), ends) }
  const values = state.fields.flatMap((field): [string, FormValue][] => {
    const value = filledIn(state, field)
    if (value === undefined || value === "") return []
    return [[field.name, field.kind === "text" && field.isNumber === true ? Number(value) : value]]
  })
  return { kind: "leave", intents: ends.submit(Object.fromEntries(values)) }
}
