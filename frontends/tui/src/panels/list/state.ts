import type { LineInput } from "../line-input.ts"
import type { EntryKey, ListOptions } from "./entry.ts"
import type { Matched, Prepared } from "./matching.ts"

export interface ListState {
  readonly options: ListOptions
  readonly entries: readonly Prepared[]
  readonly matches: readonly Matched[]
  readonly query: LineInput
  /** Among the matches. */
  readonly at: number
  /** The first match that is shown. */
  readonly top: number
  /** `normal`: letters move, as vim's do. */
  readonly typing: "typing" | "normal"
  readonly asking?: Asking | undefined
  /** Why the last key did nothing. */
  readonly note?: string | undefined
}

/** What a key of an entry wants to know before it does anything. */
export type Asking =
  | { readonly kind: "confirm"; readonly key: EntryKey; readonly text: string }
  | { readonly kind: "typed"; readonly key: EntryKey; readonly line: LineInput }

export function selectedOf({ matches, at }: ListState): Prepared | undefined {
  return matches[at]?.prepared
}
