import { widthOf } from "../../view/text/width.ts"
import type { LineInput } from "../line-input.ts"
import type { EntryKey, ListOptions } from "./entry.ts"
import type { Prepared } from "./matching.ts"

/** What is typed, what fits it, and what is selected. */
export interface ListState {
  readonly options: ListOptions
  readonly entries: readonly Prepared[]
  readonly measures: Measures
  /** Those that fit what is typed, best first. */
  readonly matches: readonly Prepared[]
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

/** Of all entries, whichever are shown: nothing jumps while one scrolls. Taken once, not for each key. */
export interface Measures {
  /** Cells of the widest name that has something beside it, of the widest reason and key. */
  readonly label: number
  readonly aside: number
  readonly key: number
  /** Whether any has something to say of itself: then there is a row for it, above the keys. */
  readonly tellsMore: boolean
}

/** How wide the columns beside the labels are. */
export function measuresOf(entries: readonly Prepared[]): Measures {
  const widest = (of: (each: Prepared) => string | undefined): number =>
    entries.reduce((most, each) => Math.max(most, widthOf(of(each) ?? "")), 0)
  return {
    label: widest((each) => (each.detail === "" ? undefined : each.label)),
    aside: widest(({ entry }) => entry.aside),
    key: widest(({ entry }) => entry.key),
    tellsMore: entries.some(({ entry }) => entry.below !== undefined || entry.blocker !== undefined),
  }
}

/** Undefined where nothing fits. */
export function selectedOf({ matches, at }: ListState): Prepared | undefined {
  return matches[at]
}
