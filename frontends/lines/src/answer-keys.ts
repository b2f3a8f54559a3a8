import type { Answer } from "@skein/protocol"

/** What each key says, and for how long. */
export const ANSWER_KEYS: Readonly<
  Record<string, { readonly answer: Answer; readonly scope?: "session" | "project" | "user" }>
> = {
  y: { answer: "allow_once" },
  s: { answer: "allow_always", scope: "session" },
  p: { answer: "allow_always", scope: "project" },
  u: { answer: "allow_always", scope: "user" },
  t: { answer: "preview" },
  n: { answer: "reject_once" },
  f: { answer: "reject_once" },
}
