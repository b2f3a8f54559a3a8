import type * as z from "@skein/protocol/schema"

/** A linter, as data. */
export interface LinterRow<T = unknown> {
  readonly name: string
  /** Ends of files' names. */
  readonly extensions: readonly string[]
  /** A project that has one of these, in the file's folder or above, is one that uses it. */
  readonly configs: readonly string[]
  /** Or one whose such file says this. */
  readonly configIn?: { readonly file: string; readonly pattern: RegExp } | undefined
  readonly program: string
  /** Its answer is to be JSON. */
  arguments(files: readonly string[]): readonly string[]
  /** What its answer must be to be taken. */
  readonly shape: () => z.ZodType<T>
  findings(answer: T): readonly Finding[]
  readonly install: string
}

/** What a linter says; lines and columns count from 1. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly lineEnd?: number | undefined
  readonly columnEnd?: number | undefined
  readonly isError: boolean
  readonly code?: string | undefined
  readonly message: string
}

/** Its answer's type is checked where it is declared, and forgotten after: a table holds linters alike. */
export type AnyLinter = Omit<LinterRow, "shape" | "findings"> & {
  /** Undefined when the answer is not what it should be. */
  read(answer: unknown): readonly Finding[] | undefined
}

export function defineLinter<T>({ shape, findings, ...row }: LinterRow<T>): AnyLinter {
  return {
    ...row,
    read(answer) {
      const { data, success } = shape().safeParse(answer)
      return success ? findings(data) : undefined
    },
  }
}
