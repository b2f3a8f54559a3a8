import type { Intent } from "../../intent.ts"

/** One thing that can be chosen. Texts may be foreign: they are made visible where they are drawn. */
export interface Entry {
  /** What its keys are about: an id. */
  readonly id?: string | undefined
  readonly label: string
  /** What it is, after its name. */
  readonly detail?: string | undefined
  /** The reason to choose it: price, age, size. */
  readonly aside?: string | undefined
  /** The key that does the same without the list. */
  readonly key?: string | undefined
  /** What there is to say of it while it is the one that Enter would take. */
  readonly below?: string | undefined
  /** Why it cannot be chosen now. Enter then says so, and does nothing. */
  readonly blocker?: string | undefined
  /** Stands in the list only while it is typed for. */
  readonly isOnlyFound?: boolean
  /** Words by which it is found too, never shown. */
  readonly words?: string | undefined
  readonly intents: readonly Intent[]
  /** Done as soon as it is the one that Enter would take: a preview. */
  readonly resting?: readonly Intent[] | undefined
}

/** A key that does something with the entry that Enter would take, other than choosing it. */
export interface EntryKey {
  readonly chord: string
  /** One word for the foot of the list. */
  readonly name: string
  /** Asks first; only `y` says yes. */
  readonly confirm?: ((entry: Entry) => string) | undefined
  /** A line is typed first, which begins with this. */
  readonly typed?: ((entry: Entry) => string) | undefined
  /** Undefined: this entry has no such thing. */
  readonly intents: (entry: Entry, typed: string) => readonly Intent[] | undefined
  /** What becomes of the entry. `rename`: it is called what was typed. */
  readonly after: "leave" | "remove" | "rename" | "stay"
}

/** What is chosen from. */
export interface ListOptions {
  readonly title: string
  readonly entries: readonly Entry[]
  /** Index of the entry that is chosen at first: the one that holds now. */
  readonly selected?: number | undefined
  /** What to do when there is nothing to choose from. */
  readonly empty: string
  /** What Enter does, in one word; `choose` when left out. */
  readonly verb?: string | undefined
  readonly keys?: readonly EntryKey[] | undefined
  /** j and k move, i types. */
  readonly isVim?: boolean | undefined
  readonly extent?: "over" | "whole" | undefined
  /** Done when it is left without a choice: what a preview changed goes back. */
  readonly leaving?: readonly Intent[] | undefined
  /** What Enter takes when nothing fits what was typed: a model that no list knows. */
  readonly other?: ((typed: string) => Entry | undefined) | undefined
}
