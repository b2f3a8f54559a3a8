import { Blocked } from "../usage.ts"
import type { Run } from "../verb.ts"

const INSTEAD: Readonly<Record<string, string>> = {
  exec: "To work apart from your own files: skein worktree, then skein exec in it.",
  status: "Sessions of this machine: skein session list.",
  list: "Sessions of this machine: skein session list.",
  apply: "To apply a diff that you have: skein apply --patch-file FILE.",
  diff: "What a session of this machine changed: skein checkpoint diff.",
}

/** `skein cloud …`: hosted tasks are OpenAI's own service, reached with a ChatGPT login by a contract that is not public. */
export function refusing(name: string): Run {
  return () => refuse(`skein cloud ${name}`, INSTEAD[name])
}

/** `skein cloud` without a word: the same answer, and everything that does the same here. */
export const run: Run = () => refuse("skein cloud", [...new Set(Object.values(INSTEAD))].join(" "))

function refuse(what: string, instead = ""): never {
  throw new Blocked(
    `${what} is not available: hosted tasks are a service of OpenAI's own, behind a ChatGPT login and without a public contract, and skein speaks to no other service for it. ${instead}`.trim(),
  )
}
