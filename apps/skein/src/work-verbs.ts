import { HELP_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"
import { APPLY_FLAGS, COMMIT_FLAGS, GIT_FLAGS, PR_CREATE_FLAGS, PR_FLAGS, REVIEW_VERB_FLAGS } from "./work-flags.ts"

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
  {
    name: "commit",
    summary: "Commit what is staged, with a message that a model wrote and you have seen",
    usage: "[message]",
    flags: COMMIT_FLAGS,
    load: () => import("./verbs/commit.ts"),
  },
  {
    name: "pr",
    summary: "Push this branch and make or change its pull request, through gh or glab",
    usage: "create | update",
    flags: [HELP_FLAG],
    load: () => import("./verbs/inner-only.ts"),
    inner: async () => PR_VERBS,
  },
  {
    name: "git",
    summary: "Say in words what is to be done; the commands are shown before any runs",
    usage: '"undo my last 3 commits"',
    flags: GIT_FLAGS,
    load: () => import("./verbs/git.ts"),
  },
]

const PR_VERBS: readonly Verb[] = [
  {
    name: "create",
    summary: "Push this branch and ask for it to be taken over",
    usage: "",
    flags: PR_CREATE_FLAGS,
    load: async () => ({ run: (await import("./verbs/pr.ts")).create }),
  },
  {
    name: "update",
    summary: "Push what is new, and write title and text anew",
    usage: "",
    flags: PR_FLAGS,
    load: async () => ({ run: (await import("./verbs/pr.ts")).update }),
  },
]
