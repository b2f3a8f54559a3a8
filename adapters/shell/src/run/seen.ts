import type { Assignment, Redirect, Word } from "../syntax/nodes.ts"

/** A command as it would run: where, with which input, and whether another one only passes it on. */
export interface Seen {
  /** The program first, by its plain name where its folder does not matter. Never empty. */
  readonly words: readonly Word[]
  readonly text: string
  readonly assigns: readonly Assignment[]
  readonly redirects: readonly Redirect[]
  readonly cwd: string | undefined
  /** What it reads as its input: a text where that is known. */
  readonly input: Input
  /** It only runs another command, which is listed too. */
  readonly isPassedOn: boolean
}

export type Input =
  | { readonly kind: "inherited" }
  | { readonly kind: "other" /** Names of files below the folder, and nothing else. */; readonly isNear?: boolean }
  | { readonly kind: "text"; readonly text: string | undefined }
