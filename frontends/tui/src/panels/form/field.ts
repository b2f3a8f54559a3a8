/** One thing that is asked. Texts may be foreign: they are made visible where they are drawn. */
export type Field = TextField | ChoiceField | ChoicesField | YesNoField

interface Common {
  /** Under which the value is given. */
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  readonly isRequired?: boolean | undefined
}

/** A text, a number, or a secret. */
export interface TextField extends Common {
  readonly kind: "text"
  readonly value?: string | undefined
  /** Never shown: a mark for each character. */
  readonly isSecret?: boolean | undefined
  /** Given as a number. */
  readonly isNumber?: boolean | undefined
  /** What is wrong with a text, for a person. */
  readonly check?: ((text: string) => string | undefined) | undefined
}

/** One of the values that may be chosen. */
export interface Option {
  readonly value: string
  readonly label: string
  readonly detail?: string | undefined
}

/** One of several values. */
export interface ChoiceField extends Common {
  readonly kind: "choice"
  readonly options: readonly Option[]
  readonly value?: string | undefined
}

/** Some of several values. */
export interface ChoicesField extends Common {
  readonly kind: "choices"
  readonly options: readonly Option[]
  readonly values?: readonly string[] | undefined
}

/** A thing that is so or is not. */
export interface YesNoField extends Common {
  readonly kind: "yes-no"
  readonly value?: boolean | undefined
}

export type FormValue = string | number | boolean | readonly string[]
export type FormValues = Readonly<Record<string, FormValue>>

/** What is wrong with a value, for a person; undefined when nothing is. */
export function problemOf(field: Field, value: FormValue | undefined): string | undefined {
  const isMissing = value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  if (isMissing) return field.isRequired === true ? `${field.label} is needed.` : undefined
  if (field.kind !== "text") return undefined
  if (field.isNumber === true && !Number.isFinite(Number(value))) return `${field.label} is a number.`
  return field.check?.(String(value))
}
