import type { Verb } from "./verb.ts"
import { APPLY_FLAGS, REVIEW_VERB_FLAGS } from "./work-flags.ts"

/** What one does with work that is done or half done: look at it, take it over, hand it on. */
export const WORK_VERBS: readonly Verb[] = [
  {
    name: "review",
    summary: "Find what is wrong with changes: uncommitted, of a branch, of a commit, of a pull request",
    usage: "--uncommitted | --base <branch> | --commit <sha> | --pr <number> | [instructions | -]",
    flags: REVIEW_VERB_FLAGS,
    load: () => import("./verbs/review.ts"),
  },
  {
    name: "apply",
    aliases: ["a"],
    summary: "Apply a unified diff to this folder, merged where files have changed since",
    usage: "[-]",
    flags: APPLY_FLAGS,
    load: () => import("./verbs/apply.ts"),
  },
]
