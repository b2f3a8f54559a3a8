import type { LineInput } from "../line-input.ts"
import type { Field, FormValue } from "./field.ts"

/** What is filled in by now, and where the caret is. */
export interface FormState {
  readonly title: string
  readonly text: string | undefined
  readonly fields: readonly Field[]
  /** The field that takes the keys; after the last one stands what sends it. */
  readonly at: number
  /** Of a choice: the option that is marked. */
  readonly option: number
  /** Of text fields, by name. */
  readonly lines: ReadonlyMap<string, LineInput>
  /** Of all others. */
  readonly values: ReadonlyMap<string, FormValue>
  readonly problems: ReadonlyMap<string, string>
}

/** What a field holds by now. */
export function filledIn({ lines, values }: FormState, { kind, name }: Field): FormValue | undefined {
  return kind === "text" ? lines.get(name)?.text : values.get(name)
}
